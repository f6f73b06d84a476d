"""What is asked of other contexts when billing may not have heard of it yet."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import httpx

from billing.domain.customer import PayerNotFound
from billing.queries.prefill import is_payer
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Busy
from shared_kernel.errors import Invalid, Violation

CatchUp = Callable[[], Awaitable[None]]
"""Brings billing's picture level with its owner."""

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Hearers:
    """Asks the registry for patients, and the diary for appointments, of whom billing has not heard."""

    database: Database
    hear_of_patients: CatchUp
    hear_of_appointments: CatchUp

    async def require_payer(self, patient_id: UUID) -> None:
        """Raises PayerNotFound for a patient that even the registry does not know, Busy when it cannot be
        asked."""
        if await self._is_known(patient_id):
            return
        await _heard(self.hear_of_patients)
        if not await self._is_known(patient_id):
            raise PayerNotFound

    async def expect_patient(self, patient_id: UUID | None) -> None:
        """The same for a field of a form. Raises Invalid, Busy."""
        if patient_id is None:
            return
        try:
            await self.require_payer(patient_id)
        except PayerNotFound as error:
            raise Invalid(Violation("patientId", "unknown")) from error

    async def once_heard(self, answering: Callable[[], Awaitable[R]]) -> R:
        """What `answering` gives; tried again when the diary was asked for appointments it does not know.
        Raises Busy when it cannot be asked."""
        try:
            return await answering()
        except Invalid as refusal:
            if not any(violation.path.endswith("appointmentId") for violation in refusal.violations):
                raise
        await _heard(self.hear_of_appointments)
        return await answering()

    async def _is_known(self, patient_id: UUID) -> bool:
        async with self.database.reading() as connection:
            return await is_payer(connection, patient_id)


async def _heard(catch_up: CatchUp) -> None:
    try:
        await catch_up()
    except httpx.HTTPError as error:
        raise Busy from error
