"""What a patient may do with the link in her reminder, without signing in: see, confirm, cancel that one
visit."""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from scheduling.domain.appointment import Appointment, Status
from shared_kernel.errors import NotFound, Refusal

LONGEST_REASON = 500

_GOOD_FOR = timedelta(days=7)
"""After the start; until then the link still says that the visit is over."""

_PURPOSE = b"scheduling: links to visits, 1"
_FORM = struct.Struct(">16s16sII")
_SEAL = "sha256"
_SEAL_BYTES = 32
_LETTERS = 4 * (_FORM.size + _SEAL_BYTES) // 3
_MINUTE = 60


class VisitNotFound(NotFound):
    """No link of ours, or one that is not good any more."""


class VisitMoved(Refusal):
    """The appointment takes place at another time than the link is about."""


class VisitPast(Refusal):
    """It has begun."""


class VisitCancelled(Refusal):
    """It is not expected any more."""


@dataclass(frozen=True)
class Visit:
    """What a link is about: the patient's appointment as long as it starts then."""

    appointment_id: UUID
    patient_id: UUID
    starts_at: datetime

    def expect_same(self, patient_id: UUID | None, starts_at: datetime, now: datetime) -> None:
        """Raises VisitNotFound when it is another patient's now, VisitMoved, VisitPast."""
        if patient_id != self.patient_id:
            raise VisitNotFound
        if starts_at != self.starts_at:
            raise VisitMoved
        if starts_at <= now:
            raise VisitPast

    def expect_open(self, appointment: Appointment, now: datetime) -> None:
        """Raises VisitNotFound, VisitMoved, VisitPast, VisitCancelled."""
        self.expect_same(appointment.booking.patient_id, appointment.booking.starts_at, now)
        if appointment.status is not Status.SCHEDULED:
            raise VisitCancelled


class VisitLinks:
    """Makes and reads the secret part of the links: what it is about, until when it is good, and a seal
    (HMAC-SHA-256) that only this clinic can make."""

    def __init__(self, secret: bytes) -> None:
        """The key is derived from the clinic's secret, for this purpose alone."""
        self._key = hmac.digest(secret, _PURPOSE, _SEAL)

    def token(self, visit: Visit) -> str:
        """Letters, digits, - and _."""
        good_until = visit.starts_at + _GOOD_FOR
        told = _FORM.pack(
            visit.appointment_id.bytes,
            visit.patient_id.bytes,
            int(visit.starts_at.timestamp()) // _MINUTE,
            int(good_until.timestamp()) // _MINUTE,
        )
        return urlsafe_b64encode(told + self._seal(told)).decode()

    def read(self, token: str, now: datetime) -> Visit:
        """Raises VisitNotFound for what is forged, broken or too old."""
        told, seal = _taken_apart(token)
        if not hmac.compare_digest(seal, self._seal(told)):
            raise VisitNotFound
        appointment, patient, starts, good_until = _FORM.unpack(told)
        if now >= datetime.fromtimestamp(good_until * _MINUTE, UTC):
            raise VisitNotFound
        starts_at = datetime.fromtimestamp(starts * _MINUTE, UTC)
        return Visit(UUID(bytes=appointment), UUID(bytes=patient), starts_at)

    def _seal(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, _SEAL)


def _taken_apart(token: str) -> tuple[bytes, bytes]:
    if len(token) != _LETTERS or not token.isascii():
        raise VisitNotFound
    try:
        whole = urlsafe_b64decode(token)
    except ValueError as error:
        raise VisitNotFound from error
    if len(whole) != _FORM.size + _SEAL_BYTES:
        raise VisitNotFound
    return whole[: _FORM.size], whole[_FORM.size :]
