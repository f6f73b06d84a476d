"""Routes of the outbox: what patients are told of their appointments, and what came of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain.reminder import Reminder, ReminderRules
from scheduling.http.moments import zoned
from scheduling.queries import reminders as queries
from scheduling.use_cases.reminding import retry_reminder
from shared_kernel.chassis.answers import camel, collection, json_response, respond, to_json
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE
from shared_kernel.chassis.unit_of_work import Answer, Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.dispatch import Attempt, DispatchState

Diary = Annotated[Call, Depends(permit(EVERYONE))]

PATH = "/api/reminders"


class ReminderOutput(ApiModel):
    """A reminder, with the clinic's offset. `unsent`: what would have been sent if there were a mail
    server."""

    id: UUID
    appointment_id: UUID
    patient_id: UUID
    patient_name: str
    to: str
    subject: str
    text: str
    language: str
    starts_at: datetime
    due_at: datetime
    state: DispatchState
    message_id: str
    attempts: list[Attempt]
    next_attempt_at: datetime | None
    sent_at: datetime | None
    created_at: datetime


class ReminderSettings(ApiModel):
    """Whether reminders can be sent, and how long before an appointment; 0 for never."""

    configured: bool
    hours_before: float


def reminder_routes(
    transactions: Transactions[SqlWork], database: Database, rules: ReminderRules, clinic_time: ClinicTime
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("reminders")

    def shown(row: Any) -> dict[str, Any]:
        attempts = [
            attempt | {"at": clinic_time.shown(datetime.fromisoformat(attempt["at"]))}
            for attempt in row["attempts"]
        ]
        return zoned(row, clinic_time) | {"attempts": attempts}

    @router.get(PATH, response_model=Collection[ReminderOutput])
    async def list_reminders(
        request: Request,
        call: Diary,
        wish: Paged,
        state: Literal["waiting", "sent", "failed", "dropped", "unsent", "all"] = "all",
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
    ) -> Response:
        wanted = None if state == "all" else DispatchState(state)
        async with database.reading() as connection:
            listed = await queries.listed_reminders(connection, wanted, patient_id, wish)
        return collection(request, replace(listed, rows=[shown(row) for row in listed.rows]), wish)

    @router.post(PATH + "/{reminder_id}/retry", response_model=ReminderOutput)
    async def retry(reminder_id: UUID, call: Diary) -> Response:
        async with database.reading() as connection:
            row = await queries.reminder(connection, reminder_id)

        def retried(reminder: Reminder) -> Answer:
            now = {"state": reminder.state, "next_attempt_at": reminder.next_attempt_at}
            return Answer(200, to_json(camel(shown({**row, **now}))), {})

        return respond(
            await transactions.answer(call, lambda work: retry_reminder(work, reminder_id, call.now), retried)
        )

    @router.get(PATH + "/settings", response_model=ReminderSettings)
    async def settings(call: Diary) -> Response:
        hours = rules.ahead / timedelta(hours=1)
        return json_response({"configured": rules.sends, "hoursBefore": hours})

    return router
