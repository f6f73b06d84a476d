"""Passwords hashed with argon2id, off the loop, and always in the same time."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from identity.domain.passwords import NewPassword, normalised

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """The parameters are OWASP's for argon2id: 2 passes over 19 MiB in one lane."""

    def __init__(self) -> None:
        self._nobodys = _nobodys_hash()

    async def hash(self, password: NewPassword) -> str:
        """The text to keep, salt and parameters in it."""
        return await asyncio.to_thread(_hasher.hash, password.text)

    async def match(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the one; without a hash it is not, but that takes as long to find out."""
        right = await asyncio.to_thread(_verify, password_hash or self._nobodys, normalised(password))
        return right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return _hasher.check_needs_rehash(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(NewPassword.one_time().text)
