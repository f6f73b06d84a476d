"""Letting people in, and keeping right who they are and what they may do."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from identity.domain.users import LastAdmin, Profile, User, least_used_colour
from identity.ports import Work

Draft = Callable[[str], Profile]
"""Makes a new user's profile; given the colour to use when none was chosen."""

Change = Callable[[Profile], Profile]


async def create_user(work: Work, email: str, draft: Draft, password_hash: str, now: datetime) -> User:
    """A new user. Raises EmailTaken, Invalid."""
    colour = least_used_colour(await work.users.colours())
    user = User.create(email, draft(colour), password_hash, now)
    await work.users.add(user)
    await work.commit(user)
    return user


async def create_first_admin(
    work: Work, email: str, draft: Draft, password_hash: str, now: datetime
) -> User | None:
    """The user who lets all others in; None when there are users already. Raises EmailTaken, Invalid."""
    if await work.users.any():
        return None
    return await create_user(work, email, draft, password_hash, now)


async def change_user(work: Work, user_id: UUID, version: int | None, change: Change, now: datetime) -> User:
    """The user as `change` says, which is given the present profile. `version` is the one the caller saw,
    None for any. Who is disabled is signed out. Raises UserNotFound, Stale, LastAdmin, Invalid."""
    user = await work.users.get(user_id)
    user.expect(version)
    was_active_admin = user.profile.is_active_admin
    user.change(change(user.profile), now)
    if was_active_admin and not user.profile.is_active_admin:
        await _refuse_to_lose_the_last_admin(work, user)
    await work.users.save(user)
    if not user.is_active:
        await work.sessions.end_all(user.id)
    await work.commit(user)
    return user


async def _refuse_to_lose_the_last_admin(work: Work, leaving: User) -> None:
    if await work.users.active_admins() <= {leaving.id}:
        raise LastAdmin
