"""Who changed what, when, from where, before and after: this service's part of the clinic's audit trail."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request
from pydantic.alias_generators import to_camel
from sqlalchemy import ColumnElement, Select, select
from starlette.responses import Response

from shared_kernel.chassis.answers import newest_first
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, LogDay
from shared_kernel.chassis.pagination import read_newest
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.chassis.tables import audit_trail
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.identifiers import first_id_at

PATH = "/api/audit-trail"

Admin = Annotated[Call, Depends(permit(ADMINS))]
Operation = Literal["created", "updated", "deleted"]
Shown = Callable[[Call, Sequence[Mapping[str, Any]]], Awaitable[None]]
"""Told which rows of the trail an admin is about to see, where seeing them must itself be written down."""


class AuditEntry(ApiModel):
    """One change of one thing; `changes` maps a field to what it was and what it became."""

    id: UUID
    context: str
    entity_type: str
    entity_id: UUID
    operation: Operation
    changes: dict[str, tuple[Any, Any]]
    actor_id: str | None
    actor_name: str | None
    ip: str | None
    user_agent: str | None
    correlation_id: str | None
    occurred_at: datetime


@dataclass(frozen=True)
class Question:
    """What is asked of the trail. `since` and `until` are days of the clinic, both included; `before` is the
    id of the last entry already seen."""

    entity_type: str | None
    entity_id: UUID | None
    operation: Operation | None
    since: date | None
    until: date | None
    before: UUID | None
    size: int


async def question(
    entity_type: Annotated[str | None, Query(alias="entityType", max_length=60)] = None,
    entity_id: Annotated[UUID | None, Query(alias="entityId")] = None,
    operation: Operation | None = None,
    since: Annotated[LogDay | None, Query(alias="from")] = None,
    until: Annotated[LogDay | None, Query(alias="to")] = None,
    before: UUID | None = None,
    items_per_page: Annotated[int, Query(ge=1, le=200, alias="itemsPerPage")] = 15,
) -> Question:
    """The question as the address puts it; the gateway asks it of every service."""
    return Question(entity_type, entity_id, operation, since, until, before, items_per_page)


Asked = Annotated[Question, Depends(question)]


def audit_routes(
    context: str, database: Database, clinic_time: ClinicTime, shown: Shown | None = None
) -> APIRouter:
    """`GET /api/audit-trail`, the newest first: this service's part of what the gateway puts together."""
    router = routes("audit")

    @router.get(PATH, response_model=Collection[AuditEntry], include_in_schema=False)
    async def changes_in_this_service(request: Request, call: Admin, asked: Asked) -> Response:
        async with database.reading() as connection:
            listed = await read_newest(
                connection, _entries(asked, clinic_time), audit_trail.c.id, asked.before, asked.size
            )
        if shown:
            await shown(call, listed.rows)
        return newest_first(request, replace(listed, rows=[_entry(context, row) for row in listed.rows]))

    return router


def _entries(asked: Question, clinic_time: ClinicTime) -> Select[Any]:
    """An entry's id is as old as its change, so the days are a range of ids."""
    column = audit_trail.c
    wanted: list[ColumnElement[bool]] = []
    if asked.entity_type is not None:
        wanted.append(column.entity_type == asked.entity_type)
    if asked.entity_id is not None:
        wanted.append(column.entity_id == asked.entity_id)
    if asked.operation is not None:
        wanted.append(column.operation == asked.operation)
    if asked.since is not None:
        wanted.append(column.id >= first_id_at(clinic_time.day(asked.since)[0]))
    if asked.until is not None:
        wanted.append(column.id < first_id_at(clinic_time.day(asked.until)[1]))
    return select(audit_trail).where(*wanted)


def _entry(context: str, row: Mapping[str, Any]) -> dict[str, Any]:
    changes = {to_camel(name): pair for name, pair in orjson.loads(row["changes"]).items()}
    return {**row, "context": context, "changes": changes}
