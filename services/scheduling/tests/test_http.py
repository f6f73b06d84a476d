"""The diary over HTTP: who may, what is refused, what is answered."""

from testkit.service import ServiceClient

Json = dict[str, object]

MORNING = {"startsAt": "2026-11-23T10:00", "endsAt": "2026-11-23T11:00"}
MONDAY = {"start": "2026-11-23T00:00", "end": "2026-11-24T00:00"}


async def test_a_booking_is_seen_in_the_week_with_the_patients_name(service: ServiceClient, people) -> None:
    ana, maria = await people.practitioner(), await people.patient()
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        made = await desk.post(
            "/api/appointments", json=MORNING | {"practitionerId": str(ana), "patientId": str(maria)}
        )
        assert made.status_code == 201, made.text
        assert made.headers["etag"] == '"1"'
        assert (await desk.get(made.headers["location"])).json() == made.json()
        listed = (await desk.get("/api/appointments", params=MONDAY)).json()
        assert listed["member"] == [made.json()]
        assert made.json()["title"] == made.json()["patientName"] == "María José Muñoz García"
        assert made.json()["startsAt"] == "2026-11-23T10:00:00+01:00"
        cancelled = await desk.post(
            f"/api/appointments/{made.json()['id']}/cancellation", json={"reason": "Enferma"}
        )
        assert cancelled.json()["status"] == "cancelled", cancelled.text
        again = await desk.post(
            "/api/appointments", json=MORNING | {"practitionerId": str(ana), "patientId": str(maria)}
        )
        assert again.status_code == 201
        twice = await desk.post(
            "/api/appointments", json=MORNING | {"practitionerId": str(ana), "title": "x"}
        )
        assert twice.status_code == 409
