"""What the form of an invoice starts from, even for a patient of whom billing has not heard yet."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from babel.dates import format_datetime
from fastapi import APIRouter, Query
from starlette.responses import Response

from billing.http.hearing import Hearers
from billing.http.house import Billing, House
from billing.queries import prefill as queries
from shared_kernel.chassis.answers import camel, json_response
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.settings import Locale
from shared_kernel.errors import Invalid, Violation

_SESSION: Mapping[Locale, str] = {"en": "Physiotherapy session", "es": "Sesión de fisioterapia"}
_MOMENT: Mapping[Locale, tuple[str, str]] = {
    "en": ("d MMMM y, HH:mm", "en_GB"),
    "es": ("d 'de' MMMM 'de' y, HH:mm", "es_ES"),
}


class PrefillLine(ApiModel):
    """A line that the form offers: a visit that was attended and not billed, at the patient's rate."""

    concept: str
    description: str | None
    quantity: Decimal
    unit_price: Decimal | None
    appointment_id: UUID


class InvoicePrefill(ApiModel):
    """What the form starts from. `packBalance`: the sessions that the patient has paid for and not had."""

    patient_id: UUID | None
    customer_id: UUID | None
    full_name: str
    tax_id: str | None
    address: str | None
    phone: str | None
    email: str | None
    rate: Decimal | None
    pack_balance: int
    lines: list[PrefillLine]


def prefill_routes(database: Database, house: House, hearers: Hearers) -> APIRouter:
    """The route, on the adapters it is given."""
    router = routes("invoices")

    @router.get("/api/invoice-prefill", response_model=InvoicePrefill)
    async def prefill(
        call: Billing,
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
        customer_id: Annotated[UUID | None, Query(alias="customerId")] = None,
    ) -> Response:
        if patient_id and not customer_id:
            await hearers.require_payer(patient_id)
            async with database.reading() as connection:
                found = await queries.prefill_for_patient(connection, patient_id, house.today(call))
            return json_response(_shown(found, house, call.locale))
        if customer_id and not patient_id:
            async with database.reading() as connection:
                found = await queries.prefill_for_customer(connection, customer_id)
            return json_response(_shown(found, house, call.locale))
        raise Invalid(Violation("patientId", "either-patient-or-customer"))

    return router


def _shown(found: Mapping[str, Any], house: House, locale: Locale) -> dict[str, Any]:
    form, babel_locale = _MOMENT[locale]

    def line(visit: Mapping[str, Any]) -> dict[str, Any]:
        starts_at = house.clinic_time.shown(visit["starts_at"])
        return {
            "concept": _SESSION[locale],
            "description": format_datetime(
                starts_at, form, tzinfo=house.clinic_time.zone, locale=babel_locale
            ),
            "quantity": "1.00",
            "unitPrice": found["rate"],
            "appointmentId": visit["id"],
        }

    lines = [line(visit) for visit in found["visits"]]
    return camel({name: value for name, value in found.items() if name != "visits"} | {"lines": lines})
