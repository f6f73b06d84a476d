"""What this context holds about a patient: for her copy, and for what an erasure leaves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import access_log, patients, records
from patients.domain.erasure import ACCOUNTABILITY_YEARS, CLINICAL_YEARS, years_after
from patients.domain.patient import BACKGROUND_FIELDS, PatientNotFound, forgettable
from shared_kernel.chassis.answers import camel
from shared_kernel.chassis.forgetting import changes_of, events_of
from shared_kernel.holdings import Field, Holdings, Kind, Law, Section, Sentence, said

_INNER = {"sort_key", "search_text", "email_key", "name_key", "phone_key"}
_REGISTRY = [c for c in patients.c if c.name not in _INNER and c.name not in BACKGROUND_FIELDS]
_RECORD = [c for c in records.c if c.name not in ("version", "patient_id")]
_ACCESS = [access_log.c[name] for name in ("occurred_at", "actor_name", "what", "record_id")]


_FIELDS: Mapping[str, Field] = {
    "id": Field(said("Identifier", "Identificador"), Kind.IDENTIFIER),
    "number": Field(said("Number", "Número")),
    "firstName": Field(said("First name", "Nombre")),
    "lastName": Field(said("Last name", "Apellidos")),
    "fullName": Field(said("Full name", "Nombre completo")),
    "dateOfBirth": Field(said("Date of birth", "Fecha de nacimiento"), Kind.DATE),
    "taxId": Field(said("Tax ID", "DNI/NIE")),
    "taxIdWarning": Field(said("Doubtful tax ID", "DNI/NIE dudoso"), Kind.FLAG),
    "phone": Field(said("Phone", "Teléfono")),
    "email": Field(said("E-mail", "Correo electrónico")),
    "address": Field(said("Address", "Dirección")),
    "profession": Field(said("Profession", "Profesión")),
    "sportsActivity": Field(said("Sports activity", "Actividad deportiva")),
    "rate": Field(said("Rate", "Tarifa"), Kind.AMOUNT),
    "notes": Field(said("Notes", "Notas")),
    "allergies": Field(said("Allergies", "Alergias")),
    "medication": Field(said("Medication", "Medicación")),
    "systemicDiseases": Field(said("Systemic diseases", "Enfermedades sistémicas")),
    "surgeries": Field(said("Surgeries", "Cirugías")),
    "accidents": Field(said("Accidents", "Accidentes")),
    "injuries": Field(said("Injuries", "Lesiones")),
    "bruxism": Field(said("Bruxism", "Bruxismo")),
    "insoles": Field(said("Insoles", "Plantillas")),
    "others": Field(said("Others", "Otros")),
    "status": Field(
        said("Status", "Estado"),
        choices={"active": said("Active", "Activo"), "inactive": said("Inactive", "Inactivo")},
    ),
    "customerId": Field(said("Customer", "Cliente"), Kind.IDENTIFIER),
    "emailReminders": Field(said("Reminders by e-mail", "Recordatorios por correo electrónico"), Kind.FLAG),
    "language": Field(
        said("Language", "Idioma"),
        choices={"en": said("English", "Inglés"), "es": said("Spanish", "Español")},
    ),
    "version": Field(said("Version", "Versión")),
    "createdAt": Field(said("Created", "Creación"), Kind.INSTANT),
    "updatedAt": Field(said("Last change", "Última modificación"), Kind.INSTANT),
    "erasedAt": Field(said("Erased", "Supresión"), Kind.INSTANT),
    "erasureReason": Field(said("Reason of the erasure", "Motivo de la supresión")),
    "patientId": Field(said("Patient", "Paciente"), Kind.IDENTIFIER),
    "revision": Field(said("Revision", "Revisión")),
    "date": Field(said("Date", "Fecha"), Kind.DATE),
    "physiotherapyTreatment": Field(said("Physiotherapy treatment", "Tratamiento de fisioterapia")),
    "consultationReason": Field(said("Reason for consultation", "Motivo de consulta")),
    "onset": Field(said("Onset", "Aparición")),
    "radiologyTests": Field(said("Radiology tests", "Pruebas radiológicas")),
    "evolution": Field(said("Evolution", "Evolución")),
    "currentSituation": Field(said("Current situation", "Situación actual")),
    "medicalTreatment": Field(said("Medical treatment", "Tratamiento médico")),
    "homeTreatment": Field(said("Home treatment", "Tratamiento en casa")),
    "sickLeave": Field(said("Sick leave", "Baja laboral"), Kind.FLAG),
    "authorId": Field(said("Author's identifier", "Identificador del autor"), Kind.IDENTIFIER),
    "authorName": Field(said("Author", "Autor")),
    "replacesId": Field(said("Corrects", "Corrige"), Kind.IDENTIFIER),
    "correctionReason": Field(said("Reason of the correction", "Motivo de la corrección")),
    "recordId": Field(said("Record", "Historia"), Kind.IDENTIFIER),
    "occurredAt": Field(said("When", "Cuándo"), Kind.INSTANT),
    "actorName": Field(said("Who", "Quién")),
    "what": Field(
        said("What was opened", "Qué se abrió"),
        choices={
            "patient": said("Patient's page", "Ficha del paciente"),
            "records": said("Clinical history", "Historia clínica"),
            "record": said("Clinical record", "Registro clínico"),
            "corrections": said("Corrections", "Correcciones"),
            "copy": said("Copy of the data", "Copia de los datos"),
            "changes": said("Changes of clinical data", "Cambios de datos clínicos"),
        },
    ),
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
            "Patient": said("Patient", "Paciente"),
            "ClinicalRecord": said("Clinical record", "Registro clínico"),
        },
    ),
    "changes": Field(said("Changes", "Cambios"), Kind.CHANGES),
    "seq": Field(said("Place in the log", "Lugar en el registro")),
    "name": Field(said("Event", "Evento")),
}

_CLINICAL = said(
    "Clinical documentation must be kept at least five years from the end of each course of treatment "
    "(Ley 41/2002 art. 17.1; GDPR art. 17.3.b and c). It is blocked (LOPDGDD art. 32).",
    "La documentación clínica debe conservarse como mínimo cinco años desde el alta de cada proceso "
    "asistencial (Ley 41/2002, art. 17.1; RGPD, art. 17.3.b y c). Queda bloqueada (LOPDGDD, art. 32).",
)
_ACCOUNTABILITY = said(
    "Who opened or changed the data, and when, must be shown to authorities and courts while an infringement "
    "can be pursued (GDPR arts. 5.2 and 17.3.e; LOPDGDD arts. 32 and 72). Values of erased fields go.",
    "Quién consultó o modificó los datos, y cuándo, debe poder acreditarse ante autoridades y tribunales "
    "mientras no prescriban las infracciones (RGPD, arts. 5.2 y 17.3.e; LOPDGDD, arts. 32 y 72). Los valores "
    "de los campos suprimidos se borran.",
)
_EVIDENCE = said(
    "The entries of this log are chained to one another as evidence that nothing was altered, so none can be "
    "removed by itself (GDPR art. 17.3.b and e). No screen shows them: they are blocked for authorities and "
    "courts (LOPDGDD art. 32).",
    "Los asientos de este registro están encadenados entre sí como prueba de que nada se ha alterado, por lo "
    "que ninguno puede eliminarse por separado (RGPD, art. 17.3.b y e). Ninguna pantalla los muestra: quedan "
    "bloqueados a disposición de autoridades y tribunales (LOPDGDD, art. 32).",
)


async def holdings(connection: AsyncConnection, patient_id: UUID, now: datetime) -> Holdings:
    """All of it, each section with the law that keeps it after an erasure. Raises PatientNotFound."""
    found = await connection.execute(select(patients).where(patients.c.id == patient_id))
    row = found.mappings().first()
    if row is None:
        raise PatientNotFound
    written = await _rows(connection, select(*_RECORD).where(records.c.patient_id == patient_id))
    written.sort(key=lambda record: (record["number"], record["revision"]))
    opened = await _rows(connection, select(*_ACCESS).where(access_log.c.patient_id == patient_id))
    opened.sort(key=lambda access: access["occurred_at"])
    ours = [patient_id, *(record["id"] for record in written)]
    clinical = _clinical_law([record["date"] for record in written])
    since = (row["erased_at"] or now).date()
    accountability = Law("accountability", _ACCOUNTABILITY, years_after(since, ACCOUNTABILITY_YEARS))
    registry = {column.name: row[column] for column in _REGISTRY}
    background = {name: row[name] for name in BACKGROUND_FIELDS if row[name] is not None}
    return Holdings(
        [
            _section(
                "registry",
                said("Registry data", "Datos del registro"),
                [registry],
                clinical,
                blanked=forgettable(documented=bool(written)) if clinical else (),
            ),
            _section(
                "clinical-background",
                said("Clinical background", "Antecedentes clínicos"),
                [background] if background else [],
                clinical,
            ),
            _section("records", said("Clinical records", "Historia clínica"), written, clinical),
            _section(
                "access-log",
                said("Who opened the clinical data", "Quién ha consultado los datos clínicos"),
                opened,
                accountability,
            ),
            _section(
                "changes",
                said("History of changes", "Historial de cambios"),
                await changes_of(connection, ours),
                accountability,
            ),
            _section(
                "events",
                said("Event log", "Registro de eventos"),
                await events_of(connection, ours),
                Law("evidence", _EVIDENCE, None),
            ),
        ]
    )


def _clinical_law(dates: Sequence[date]) -> Law | None:
    """The last record stands for the discharge, which the clinic does not write down."""
    if not dates:
        return None
    return Law("clinical-documentation", _CLINICAL, years_after(max(dates), CLINICAL_YEARS))


def _section(
    name: str,
    title: Sentence,
    entries: Sequence[Mapping[str, Any]],
    law: Law | None,
    blanked: Collection[str] = (),
) -> Section:
    return Section(
        name=name,
        title=title,
        fields=_FIELDS,
        entries=[camel(entry) for entry in entries],
        law=law,
        blanked=sorted(camel(dict.fromkeys(blanked))),
    )


async def _rows(connection: AsyncConnection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(query)).mappings()]
