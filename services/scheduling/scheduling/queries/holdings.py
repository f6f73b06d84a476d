"""What this context holds about a patient: for her copy, and for what an erasure leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, RowMapping, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, attendees, practitioners, waiting_entries
from scheduling.domain.appointment import WRITTEN_BY_PEOPLE, Status
from scheduling.domain.people import Standing
from scheduling.queries.reminders import reminders_of
from shared_kernel.chassis.answers import camel
from shared_kernel.chassis.forgetting import changes_of, events_of
from shared_kernel.holdings import Field, Holdings, Kind, Law, Section, said

_APPOINTMENT = [column for column in appointments.c if column.name not in ("patient_id", "version")]
_WAITING = [column for column in waiting_entries.c if column.name not in ("patient_id", "version")]


_FIELDS: Mapping[str, Field] = {
    "id": Field(said("Identifier", "Identificador"), Kind.IDENTIFIER),
    "practitionerId": Field(
        said("Practitioner's identifier", "Identificador del profesional"), Kind.IDENTIFIER
    ),
    "practitionerName": Field(said("Practitioner", "Profesional")),
    "patientId": Field(said("Patient", "Paciente"), Kind.IDENTIFIER),
    "title": Field(said("Title", "Título")),
    "allDay": Field(said("All day", "Todo el día"), Kind.FLAG),
    "startsAt": Field(said("Start", "Inicio"), Kind.INSTANT),
    "endsAt": Field(said("End", "Fin"), Kind.INSTANT),
    "type": Field(
        said("Type", "Tipo"),
        choices={"appointment": said("Appointment", "Cita"), "other": said("Other", "Otro")},
    ),
    "notes": Field(said("Notes", "Notas")),
    "status": Field(
        said("Status", "Estado"),
        choices={
            "scheduled": said("Scheduled", "Pendiente"),
            "attended": said("Attended", "Atendida"),
            "missed": said("Missed", "No presentada"),
            "cancelled": said("Cancelled", "Anulada"),
            "active": said("Active", "Activo"),
            "inactive": said("Inactive", "Inactivo"),
            "waiting": said("Waiting", "En espera"),
            "booked": said("Booked", "Con cita"),
            "withdrawn": said("Withdrawn", "Retirado"),
        },
    ),
    "statusReason": Field(said("Reason", "Motivo")),
    "overbookReason": Field(said("Why it was overbooked", "Motivo de la doble reserva")),
    "seriesId": Field(said("Series", "Serie"), Kind.IDENTIFIER),
    "confirmedAt": Field(said("Confirmed by the patient", "Confirmada por el paciente"), Kind.INSTANT),
    "weekdays": Field(said("Weekdays", "Días de la semana")),
    "weekday": Field(
        said("Weekday", "Día de la semana"),
        choices={
            "monday": said("Monday", "Lunes"),
            "tuesday": said("Tuesday", "Martes"),
            "wednesday": said("Wednesday", "Miércoles"),
            "thursday": said("Thursday", "Jueves"),
            "friday": said("Friday", "Viernes"),
            "saturday": said("Saturday", "Sábado"),
            "sunday": said("Sunday", "Domingo"),
        },
    ),
    "from": Field(said("From", "Desde las")),
    "to": Field(said("To", "Hasta las")),
    "minutes": Field(said("Minutes", "Minutos")),
    "until": Field(said("Waits until", "Espera hasta"), Kind.DATE),
    "appointmentId": Field(said("Appointment", "Cita"), Kind.IDENTIFIER),
    "createdAt": Field(said("Created", "Creación"), Kind.INSTANT),
    "updatedAt": Field(said("Last change", "Última modificación"), Kind.INSTANT),
    "fullName": Field(said("Full name", "Nombre completo")),
    "phone": Field(said("Phone", "Teléfono")),
    "email": Field(said("E-mail", "Correo electrónico")),
    "emailReminders": Field(said("Reminders by e-mail", "Recordatorios por correo electrónico"), Kind.FLAG),
    "language": Field(
        said("Language", "Idioma"),
        choices={"en": said("English", "Inglés"), "es": said("Spanish", "Español")},
    ),
    "recipient": Field(said("Sent to", "Enviado a")),
    "subject": Field(said("Subject", "Asunto")),
    "text": Field(said("Text", "Texto")),
    "state": Field(
        said("Status", "Estado"),
        choices={
            "waiting": said("Waiting to be sent", "Pendiente de envío"),
            "sent": said("Sent", "Enviado"),
            "failed": said("Failed", "Fallido"),
            "dropped": said("Not needed any more", "Ya no hacía falta"),
            "unsent": said("Not sent", "No enviado"),
        },
    ),
    "dueAt": Field(said("Due", "Previsto"), Kind.INSTANT),
    "sentAt": Field(said("Sent on", "Enviado el"), Kind.INSTANT),
    "lastAnswer": Field(said("What the mail server said", "Respuesta del servidor de correo")),
    "occurredAt": Field(said("When", "Cuándo"), Kind.INSTANT),
    "actorName": Field(said("Who", "Quién")),
    "operation": Field(
        said("Operation", "Operación"),
        choices={
            "created": said("Created", "Creación"),
            "updated": said("Changed", "Modificación"),
            "deleted": said("Deleted", "Eliminación"),
        },
    ),
    "entityType": Field(
        said("Of what", "De qué"),
        choices={
            "Appointment": said("Appointment", "Cita"),
            "WaitingEntry": said("Waiting", "Espera"),
        },
    ),
    "changes": Field(said("Changes", "Cambios"), Kind.CHANGES),
    "seq": Field(said("Place in the log", "Lugar en el registro")),
    "name": Field(said("Event", "Evento")),
}

_TIME_TAKEN = Law(
    "time-taken",
    said(
        "Only the time taken stays in the diary: without name, title, notes or reason it does not say whose "
        "it was to anybody who cannot see what is blocked (GDPR arts. 11 and 17.3.e).",
        "En la agenda solo queda el tiempo ocupado: sin nombre, título, notas ni motivo ya no dice de quién "
        "fue a nadie que no pueda ver lo bloqueado (RGPD, arts. 11 y 17.3.e).",
    ),
    None,
)
_WAITED = Law(
    "waited",
    said(
        "That somebody waited for those hours is kept as evidence of the order in which places were given, "
        "without name or notes (GDPR arts. 5.2 and 17.3.e). It is blocked (LOPDGDD art. 32).",
        "Que alguien esperó en ese horario se conserva como prueba del orden en que se dieron las citas, sin "
        "nombre ni notas (RGPD, arts. 5.2 y 17.3.e). Queda bloqueado (LOPDGDD, art. 32).",
    ),
    None,
)
_EVIDENCE = Law(
    "evidence",
    said(
        "Who changed an appointment, and when, is kept as evidence, without what people wrote about it (GDPR "
        "arts. 5.2 and 17.3.e). It is blocked (LOPDGDD art. 32).",
        "Quién modificó una cita, y cuándo, se conserva como prueba, sin los textos escritos sobre ella "
        "(RGPD, arts. 5.2 y 17.3.e). Queda bloqueado (LOPDGDD, art. 32).",
    ),
    None,
)


async def holdings(connection: AsyncConnection, patient_id: UUID, now: datetime) -> Holdings:
    """All of it; the appointments still to come are pending."""
    taken = await _of_patient(connection, appointments, _APPOINTMENT, appointments.c.starts_at, patient_id)
    waited = await _of_patient(
        connection, waiting_entries, _WAITING, waiting_entries.c.created_at, patient_id
    )
    ids = [row["id"] for row in (*taken, *waited)]
    return Holdings(
        [
            Section(
                name="appointments",
                title=said("Appointments", "Citas"),
                fields=_FIELDS,
                entries=[camel(row) for row in taken],
                law=_TIME_TAKEN,
                blanked=list(camel(dict.fromkeys(WRITTEN_BY_PEOPLE))),
            ),
            Section(
                name="waiting",
                title=said("Waiting list", "Lista de espera"),
                fields=_FIELDS,
                entries=[_waiting(row) for row in waited],
                law=_WAITED,
                blanked=["notes"],
            ),
            Section(
                name="attendee",
                title=said("The patient as the diary knows them", "El paciente tal como lo conoce la agenda"),
                fields=_FIELDS,
                entries=await _attendee(connection, patient_id),
            ),
            Section(
                name="reminders",
                title=said("Reminders", "Recordatorios"),
                fields=_FIELDS,
                entries=[_reminder(row) for row in await reminders_of(connection, patient_id)],
            ),
            Section(
                name="changes",
                title=said("History of changes", "Historial de cambios"),
                fields=_FIELDS,
                entries=await changes_of(connection, ids),
                law=_EVIDENCE,
            ),
            Section(
                name="events",
                title=said("Event log", "Registro de eventos"),
                fields=_FIELDS,
                entries=await events_of(connection, ids),
                law=_EVIDENCE,
            ),
        ],
        pending=sum(_is_to_come(row, now) for row in taken),
    )


async def _of_patient(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[Column[Any]],
    order: Column[Any],
    patient_id: UUID,
) -> Sequence[RowMapping]:
    query = (
        select(*columns, practitioners.c.name.label("practitioner_name"))
        .join_from(table, practitioners, practitioners.c.id == table.c.practitioner_id, isouter=True)
        .where(table.c.patient_id == patient_id)
        .order_by(order, table.c.id)
    )
    return (await connection.execute(query)).mappings().all()


def _waiting(row: RowMapping) -> dict[str, Any]:
    weekdays = [{"weekday": weekday} for weekday in row["weekdays"].split(",")]
    return {**camel(row), "weekdays": weekdays}


async def _attendee(connection: AsyncConnection, patient_id: UUID) -> list[dict[str, object]]:
    told = ("full_name", "phone", "email", "language", "email_reminders", "status")
    columns = (attendees.c[name] for name in told)
    found = await connection.execute(
        select(*columns).where(attendees.c.id == patient_id, attendees.c.status != Standing.ERASED.value)
    )
    return [camel(row) for row in found.mappings()]


def _reminder(row: Mapping[str, Any]) -> dict[str, object]:
    told = ("starts_at", "due_at", "language", "subject", "text", "state", "sent_at")
    answers = [attempt["detail"] for attempt in row["attempts"] if attempt["detail"]]
    also = {"recipient": row["to"], "last_answer": answers[-1] if answers else None}
    return camel({name: row[name] for name in told} | also)


def _is_to_come(row: RowMapping, now: datetime) -> bool:
    return bool(row["status"] == Status.SCHEDULED.value and row["ends_at"] > now)
