"""Routes of the rights of whom the data are about: her copy (GDPR art. 15) and her erasure (art. 17)."""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from starlette.responses import Response

from patients.adapters.access_log import AccessLog
from patients.adapters.sql import SqlWork
from patients.domain.access import Access, Opened
from patients.domain.erasure import ErasureRequest
from patients.domain.patient import Patient
from patients.http.messages import MESSAGES
from patients.http.registry import PATH
from patients.ports import HoldingsUnavailable, OtherContexts
from patients.queries.holdings import holdings
from patients.use_cases.data_protection import erase_patient
from shared_kernel.chassis.answers import json_response, respond, to_json
from shared_kernel.chassis.calls import Call, locale_of, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Line
from shared_kernel.chassis.problems import problem_response
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.unit_of_work import Answer, Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.holdings import Holdings, Section

Admin = Annotated[Call, Depends(permit(ADMINS))]
Language = Annotated[Locale | None, Query(description="The caller's language when absent.")]
Download = Annotated[bool, Query(description="As an attachment.")]

COPY = PATH + "/{patient_id}/copy"
ERASURE = PATH + "/{patient_id}/erasure"


class WhoseCopy(ApiModel):
    """The patient whose copy it is; without a name once it was erased."""

    id: UUID
    number: int
    full_name: str


class CopySection(ApiModel):
    """What one context holds of one kind. `title` is in the caller's language."""

    context: str
    name: str
    title: str
    entries: Sequence[dict[str, Any]]


class CopyOutput(ApiModel):
    """All that the clinic holds about a patient."""

    generated_at: dt.datetime
    patient: WhoseCopy
    sections: Sequence[CopySection]


class ErasureInput(ApiModel):
    """Why: what the patient asked, and how."""

    reason: Annotated[str, Line(500)]


class ErasedThings(ApiModel):
    """What goes, or went."""

    context: str
    what: str
    title: str
    count: int


class KeptThings(ErasedThings):
    """What stays, blocked: the law's reason in the caller's language, and until when at least."""

    reason: str
    until: dt.date | None


class ErasureOutput(ApiModel):
    """What an erasure would do while `erasedAt` is null; what it did or has left, afterwards."""

    erased_at: dt.datetime | None
    erased: Sequence[ErasedThings]
    kept: Sequence[KeptThings]


@dataclass(frozen=True)
class Found:
    """All that is held about a patient now, by context, this one's first."""

    patient: Mapping[str, Any]
    holdings: Mapping[str, Holdings]
    at: dt.datetime

    @property
    def records(self) -> int:
        """How many clinical records there are, each version counted."""
        return sum(len(s.entries) for s in self.holdings["patients"].sections if s.name == "records")

    @property
    def pending(self) -> int:
        """How many appointments are to come."""
        return sum(held.pending for held in self.holdings.values())

    def sections(self) -> list[tuple[str, Section]]:
        """Every section with its context."""
        return [(context, section) for context, held in self.holdings.items() for section in held.sections]


class CopyPrinter(Protocol):
    """Makes the copy that is handed over."""

    async def pdf(self, found: Found, locale: Locale) -> bytes:
        """On A4. Raises PrintingUnavailable."""


def data_subject_routes(
    transactions: Transactions[SqlWork],
    database: Database,
    others: OtherContexts,
    accesses: AccessLog,
    printer: CopyPrinter,
    clinic_time: ClinicTime,
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("data-subject")

    async def find(patient_id: UUID, call: Call) -> Found:
        async with database.reading() as connection:
            ours = await holdings(connection, patient_id, call.now)
        ours = Holdings.read(orjson.loads(to_json(ours.plain())))  # as theirs have travelled
        theirs = await others.holdings(patient_id)
        (patient,) = (s.entries[0] for s in ours.sections if s.name == "registry")
        return Found(patient, {"patients": ours, **theirs}, clinic_time.shown(call.now))

    @router.get(COPY, response_model=CopyOutput)
    async def get_copy(patient_id: UUID, call: Admin) -> Response:
        found = await find(patient_id, call)
        await accesses.note(call, Access(patient_id, Opened.COPY))
        return json_response(_copy(found, call.locale), {"Cache-Control": "private, no-store"})

    @router.get(
        COPY + "/pdf",
        response_class=Response,
        responses={200: {"content": {"application/pdf": {}}}},
    )
    async def print_copy(
        patient_id: UUID, call: Admin, locale: Language = None, download: Download = False
    ) -> Response:
        found = await find(patient_id, call)
        printed, _ = await asyncio.gather(
            printer.pdf(found, locale or call.locale), accesses.note(call, Access(patient_id, Opened.COPY))
        )
        disposition = "attachment" if download else "inline"
        headers = {
            "Content-Disposition": f'{disposition}; filename="patient-{found.patient["number"]}.pdf"',
            "Cache-Control": "private, no-store",
        }
        return Response(printed, headers=headers, media_type="application/pdf")

    @router.get(ERASURE, response_model=ErasureOutput)
    async def preview_erasure(patient_id: UUID, call: Admin) -> Response:
        found = await find(patient_id, call)
        return json_response(_outcome(found, found.patient["erasedAt"], call.locale))

    @router.post(ERASURE, response_model=ErasureOutput)
    async def erase(patient_id: UUID, body: ErasureInput, call: Admin) -> Response:
        seen = call.version()
        found = await find(patient_id, call)
        request = ErasureRequest(reason=body.reason, records=found.records, appointments=found.pending)

        def answer(patient: Patient) -> Answer:
            outcome = _outcome(found, patient.erased_at, call.locale)
            return Answer(200, to_json(outcome), {"ETag": f'"{patient.version}"'})

        return respond(
            await transactions.answer(
                call, lambda work: erase_patient(work, patient_id, seen, request, call.now), answer
            )
        )

    return router


def _copy(found: Found, locale: Locale) -> dict[str, Any]:
    return {
        "generatedAt": found.at,
        "patient": {name: found.patient[name] for name in ("id", "number", "fullName")},
        "sections": [
            {
                "context": context,
                "name": section.name,
                "title": section.title[locale],
                "entries": section.entries,
            }
            for context, section in found.sections()
        ],
    }


def _outcome(found: Found, erased_at: object, locale: Locale) -> dict[str, Any]:
    """Of what was found before: of a patient erased since long, only what has stayed is there."""
    gone_before = found.patient["erasedAt"] is not None
    erased, kept = [], []
    for context, section in found.sections():
        things = {
            "context": context,
            "what": section.name,
            "title": section.title[locale],
            "count": len(section.entries),
        }
        if section.law is None:
            erased.append(things)
            continue
        kept.append(things | {"reason": section.law.reason[locale], "until": section.law.until})
        named = ", ".join(section.fields[name].label[locale].lower() for name in section.blanked)
        blanked = [e for e in section.entries if any(e.get(name) is not None for name in section.blanked)]
        erased.append(things | {"title": f"{section.title[locale]}: {named}", "count": len(blanked)})
    return {
        "erasedAt": erased_at,
        "erased": [] if gone_before else [things for things in erased if things["count"]],
        "kept": [things for things in kept if things["count"]],
    }


def install_refusals(app: FastAPI) -> None:
    """503 when a context cannot say what it holds: half a copy would be a wrong one."""
    app.add_exception_handler(HoldingsUnavailable, _holdings_unavailable)


async def _holdings_unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, HoldingsUnavailable)  # noqa: S101 - registered for it
    locale, code = locale_of(request), "holdings-unavailable"
    return problem_response(
        503,
        code,
        locale,
        detail=MESSAGES[code][locale],
        instance=request.url.path,
        headers={"Retry-After": "5"},
        more={"part": error.context},
    )
