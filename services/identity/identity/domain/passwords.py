"""What a password must be (NIST SP 800-63B: long rather than complicated), and one that is given out once."""

import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Self

from shared_kernel.errors import Invalid, Violation

SHORTEST, LONGEST = 10, 128

_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 5


def normalised(password: str) -> str:
    """One written form for whatever keyboard it was typed on (SP 800-63B §5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@dataclass(frozen=True)
class NewPassword:
    """A password that may be set."""

    text: str = field(repr=False)

    @classmethod
    def chosen(cls, password: str, path: str) -> Self:
        """The one somebody chose. Raises Invalid under the name of the field, `path`."""
        text = normalised(password)
        if len(text) < SHORTEST:
            raise Invalid(Violation(path, "too-short", min=SHORTEST))
        if len(text) > LONGEST:
            raise Invalid(Violation(path, "too-long", max=LONGEST))
        return cls(text)

    @classmethod
    def one_time(cls) -> Self:
        """A fresh one of 98 bits in groups that can be read aloud, without look-alikes."""
        groups = ("".join(secrets.choice(_READABLE) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
        return cls("-".join(groups))
