"""Sends what waits in an outbox, in the background of every process of a service.

What is due is asked of the table each time, so nothing is lost with a process; who sends a letter has claimed
it before, so no two processes knowingly send the same (docs/decisions/0010)."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import Select, Table, select
from sqlalchemy.exc import SQLAlchemyError

from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import Busy
from shared_kernel.dispatch import (
    Attempt,
    Dispatch,
    DispatchState,
    LetterPostponed,
    LetterRefused,
    Outcome,
    Wording,
)
from shared_kernel.errors import NotFound

_AT_ONCE = 100
_PAUSE_SECONDS = 2.0
_FAREWELL_SECONDS = 5.0
_WORDING = ("language", "subject", "text")

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

D = TypeVar("D", bound=Dispatch)


@dataclass(frozen=True)
class Errand:
    """Stands where a request stands, when a service does something by itself."""

    origin: Origin
    now: datetime
    repeatable: None = None


class Courier(ABC, Generic[D]):
    """One for each process and outbox."""

    @abstractmethod
    async def to_send(self) -> Sequence[UUID]:
        """All that nobody has in hand, in the order in which it is to be sent."""

    @abstractmethod
    async def claim(self, id: UUID) -> D | None:  # noqa: A002
        """For the caller alone to send; None when there is nothing to send any more. Raises NotFound."""

    @abstractmethod
    async def send(self, dispatch: D) -> None:
        """Returns once it is on its way. Raises LetterRefused, LetterPostponed."""

    @abstractmethod
    async def settle(self, id: UUID, attempt: Attempt) -> None:  # noqa: A002
        """Write down what became of it. Raises NotFound when it was forgotten meanwhile."""

    async def run(self) -> None:
        """For ever; whatever is away is waited for."""
        while True:
            try:
                await self.round()
            except (SQLAlchemyError, OSError, Busy) as error:
                logger.warning("courier waits", extra={"reason": type(error).__name__})
            await asyncio.sleep(_PAUSE_SECONDS)

    async def round(self) -> None:
        """All that can be sent now."""
        for id_ in await self.to_send():
            if not await _to_the_end(self._deliver(id_)):
                return  # the mail server is away: it would keep every other letter waiting as long

    async def _deliver(self, id_: UUID) -> bool:
        """Claim, send and settle one. False when the mail server is away."""
        try:
            dispatch = await self.claim(id_)
            if dispatch is None:
                return True
            attempt = await self._attempt(dispatch)
            letter = {"letter": str(id_), "kind": type(dispatch).__name__, "outcome": attempt.outcome.value}
            logger.info("letter", extra=letter)
            await self.settle(id_, attempt)
        except NotFound:  # the patient was erased
            logger.info("letter forgotten meanwhile", extra={"letter": str(id_)})
            return True
        return attempt.outcome is not Outcome.POSTPONED

    async def _attempt(self, dispatch: D) -> Attempt:
        try:
            await self.send(dispatch)
        except LetterRefused as refusal:
            return dispatch.attempt(Outcome.REFUSED, str(refusal))
        except LetterPostponed as away:
            return dispatch.attempt(Outcome.POSTPONED, str(away))
        return dispatch.attempt(Outcome.SENT)


async def _to_the_end(work: Coroutine[Any, Any, bool]) -> bool:
    """What was handed in at the mail server is written down even when the service is being stopped: else it
    would be sent again after the lease."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_FAREWELL_SECONDS)
        task.cancel()
        raise


def waiting(outbox: Table, now: datetime) -> Select[UUID]:
    """The ids in the table of those that nobody has in hand, the longest waiting first."""
    return (
        select(outbox.c.id)
        .where(outbox.c.state == DispatchState.WAITING.value, outbox.c.next_attempt_at <= now)
        .order_by(outbox.c.next_attempt_at)
        .limit(_AT_ONCE)
    )


def as_row(dispatch: Dispatch) -> dict[str, Any]:
    """Its columns, the words each in one of its own; without what the unit of work keeps."""
    own = {name: value for name, value in vars(dispatch).items() if not name.startswith("_")}
    kept = {name: value for name, value in own.items() if name not in ("id", "version", "wording")}
    return {
        **kept,
        **vars(dispatch.wording),
        "state": dispatch.state.value,
        "attempts": orjson.dumps([vars(attempt) for attempt in dispatch.attempts]).decode(),
    }


def from_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields of a dispatch, and all else that its row has."""
    attempts = [
        Attempt(datetime.fromisoformat(written["at"]), Outcome(written["outcome"]), written["detail"])
        for written in attempts_in(row)
    ]
    kept = {str(name): value for name, value in row.items() if name not in _WORDING}
    wording = Wording(row["language"], row["subject"], row["text"])
    return {**kept, "state": DispatchState(row["state"]), "attempts": attempts, "wording": wording}


def attempts_in(row: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """The attempts of a row, as they are written down; the oldest first."""
    written: list[dict[str, Any]] = orjson.loads(row["attempts"])
    return written
