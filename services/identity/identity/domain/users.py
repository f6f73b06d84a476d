"""The people who work in the clinic: who they are, what they may do, how they are shown."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id

Locale = Literal["en", "es"]

_COLOUR = re.compile(r"#[0-9a-f]{6}")

PALETTE = (
    "#0f766e",
    "#1d4ed8",
    "#b45309",
    "#7e22ce",
    "#be123c",
    "#4d7c0f",
    "#0369a1",
    "#a21caf",
    "#57534e",
    "#4338ca",
)
"""Colours that white text can be read on (WCAG AA) and that are told apart side by side."""


class UserNotFound(NotFound):
    """There is no user with this id."""


class EmailTaken(Refusal):
    """Another user has this e-mail address."""


class LastAdmin(Refusal):
    """Nobody would be left who may manage the users."""


class Role(StrEnum):
    """What a user may do (product §4)."""

    RECEPTIONIST = "ROLE_RECEPTIONIST"
    PRACTITIONER = "ROLE_PRACTITIONER"
    USER = "ROLE_USER"
    ADMIN = "ROLE_ADMIN"


class Status(StrEnum):
    """A user is never deleted, only disabled: what they did keeps their name."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All of a user that an admin writes. `practitioner`: appointments can be made with them."""

    name: str
    roles: frozenset[Role]
    locale: Locale
    colour: str
    practitioner: bool = False
    status: Status = Status.ACTIVE

    def checked(self) -> Self:
        """The same, normalised. Refuses to have no role, or a colour that is none."""
        violations = []
        if not self.roles:
            violations.append(Violation("roles", "too-few", min=1))
        colour = self.colour.lower()
        if not _COLOUR.fullmatch(colour):
            violations.append(Violation("colour", "not-a-colour"))
        if violations:
            raise Invalid(*violations)
        return replace(self, colour=colour)

    @property
    def is_active_admin(self) -> bool:
        """Whether this one may manage the users."""
        return self.status is Status.ACTIVE and Role.ADMIN in self.roles


class UserCreated(DomainEvent):
    """Somebody new works here."""


class UserChanged(DomainEvent):
    """A user's name, roles, status, locale or look is another one."""


@dataclass(kw_only=True)
class User(Aggregate):
    """Somebody who can sign in. The password's hash is nobody else's business: no face, no event has it."""

    email: str
    profile: Profile
    password_hash: str = field(repr=False)
    password_changed_at: datetime
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(cls, email: str, profile: Profile, password_hash: str, now: datetime) -> Self:
        """A new user."""
        user = cls(
            id=new_id(now),
            email=email,
            profile=profile.checked(),
            password_hash=password_hash,
            password_changed_at=now,
            created_at=now,
            updated_at=now,
        )
        user.tell(UserCreated(user.face()))
        return user

    def change(self, profile: Profile, now: datetime) -> None:
        """Take over what was written about the user; what is the same as before is not told."""
        before, self.profile = self.profile, profile.checked()
        self.updated_at = now
        if self.profile != before:
            self.tell(UserChanged(self.face()))

    def set_password(self, password_hash: str, now: datetime) -> None:
        """The user signs in with another password from now on."""
        self.password_hash = password_hash
        self.password_changed_at = self.updated_at = now

    @property
    def is_active(self) -> bool:
        """Whether the user may sign in."""
        return self.profile.status is Status.ACTIVE

    def face(self) -> Face:
        """All that other contexts may know: not even the e-mail address."""
        profile = self.profile
        return {
            "name": profile.name,
            "roles": sorted(profile.roles),
            "status": profile.status.value,
            "locale": profile.locale,
            "practitioner": profile.practitioner,
            "colour": profile.colour,
        }


def least_used_colour(used: Iterable[str]) -> str:
    """The colour of the palette that the fewest have, the first of those."""
    times = Counter(used)
    return min(PALETTE, key=lambda colour: times[colour])


def email_key(email: str) -> str:
    """The form in which two spellings of one address are the same."""
    return email.strip().lower()
