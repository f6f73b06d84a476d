"""Asks the other contexts what they hold about a patient, all at once and not for long."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import httpx

from patients.ports import HoldingsUnavailable
from shared_kernel.chassis.peers import Peers
from shared_kernel.holdings import Holdings

CONTEXTS = ("scheduling", "billing")


class OtherContextsOverHttp:
    """By service token, through each context's `/internal`; nobody is waited for longer than `seconds`."""

    def __init__(self, peers: Peers, seconds: float = 8.0) -> None:
        self._peers = peers
        self._seconds = seconds

    async def holdings(self, patient_id: UUID) -> Mapping[str, Holdings]:
        """Raises HoldingsUnavailable when any of them does not answer: half a copy would be a wrong one."""
        answers = await asyncio.gather(*(self._of(context, patient_id) for context in CONTEXTS))
        return dict(zip(CONTEXTS, answers, strict=True))

    async def _of(self, context: str, patient_id: UUID) -> Holdings:
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._peers.get(context, f"/internal/patients/{patient_id}/holdings")
            return Holdings.read(answer)
        except (httpx.HTTPError, TimeoutError, KeyError, TypeError, ValueError) as error:
            raise HoldingsUnavailable(context) from error
