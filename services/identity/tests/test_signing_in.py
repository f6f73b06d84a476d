"""Signing in, staying in and getting out, on both databases and with many at once."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import jwt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import MetaData, select, update

from identity.adapters.argon2id import Passwords
from identity.adapters.rs256 import NoPassphrase, SigningKeys, Tokens, WrongPassphrase
from identity.adapters.sql import SqlWork
from identity.adapters.tables import signing_keys, users
from identity.domain.keys import ANNOUNCED
from identity.domain.passwords import NewPassword
from identity.domain.sessions import (
    GRACE,
    Device,
    Guesser,
    InvalidCredentials,
    RefreshToken,
    SessionEnded,
    SessionNotFound,
    TokenReused,
    TooManyAttempts,
)
from identity.domain.users import LastAdmin, Profile, Role, Status, User
from identity.use_cases import signing_in
from identity.use_cases.administration import change_user
from identity.use_cases.signing_in import PasswordShown, SignedIn
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Transactions

R = TypeVar("R")

LIFETIME = timedelta(days=28)
PHONE = Device("10.0.0.7", "Firefox")


class Desk:
    """Runs the use cases at a time of its own, which tests move on."""

    def __init__(self, transactions: Transactions[SqlWork], asked: Callable[..., Any]) -> None:
        self.now = datetime.now(UTC)
        self._transactions = transactions
        self._asked = asked

    async def run(self, use_case: Callable[[SqlWork], Awaitable[R]]) -> R:
        return await self._transactions.run(self._asked(self.now), use_case)

    async def sign_in(self, user: User, right: bool = True, address: str = "10.0.0.7") -> SignedIn:
        shown = PasswordShown(user.id, user.password_changed_at) if right else None
        guesser = Guesser(user.email, address)
        return await self.run(
            lambda work: signing_in.sign_in(work, guesser, shown, PHONE, LIFETIME, self.now)
        )

    async def renew(self, token: RefreshToken) -> SignedIn:
        return await self.run(lambda work: signing_in.renew(work, token, self.now))

    async def change(self, user: User, **changes: Any) -> User:
        def change(profile: Profile) -> Profile:
            return replace(profile, **changes)

        return await self.run(lambda work: change_user(work, user.id, None, change, self.now))


@pytest.fixture
def desk(transactions: Transactions[SqlWork], asked: Callable[..., Any]) -> Desk:
    return Desk(transactions, asked)


async def all_rows(database: Database) -> str:
    """Everything the schema holds, as text."""
    async with database.reading() as connection:
        tables = MetaData()
        await connection.run_sync(tables.reflect)
        rows = [(await connection.execute(select(table))).all() for table in tables.sorted_tables]
    return str(rows)


async def test_the_database_keeps_neither_the_token_nor_what_was_typed(
    desk: Desk, people: Any, database: Database
) -> None:
    ana = await people.employ()
    signed_in = await desk.sign_in(ana)
    renewed = await desk.renew(signed_in.token)
    with pytest.raises(InvalidCredentials):
        await desk.run(
            lambda work: signing_in.sign_in(
                work, Guesser("my-secret-typed-here@x.es", "1"), None, PHONE, LIFETIME, desk.now
            )
        )
    kept = await all_rows(database)
    for token in (signed_in.token, renewed.token):
        assert token.text not in kept
        assert token.digest in kept
    assert "my-secret" not in kept
    async with database.reading() as connection:
        audit = str((await connection.exec_driver_sql("SELECT * FROM audit_trail")).all())
        told = str((await connection.exec_driver_sql("SELECT payload FROM event_store")).all())
    assert "argon2" not in audit + told


async def test_a_token_is_good_for_one_renewal(desk: Desk, people: Any) -> None:
    first = await desk.sign_in(await people.employ())
    desk.now += timedelta(minutes=15)
    second = await desk.renew(first.token)
    desk.now += timedelta(minutes=15)
    third = await desk.renew(second.token)
    assert third.session.id == first.session.id
    assert third.session.expires_at == first.session.expires_at
    assert len({first.token, second.token, third.token}) == 3


async def test_an_old_token_ends_the_whole_session(desk: Desk, people: Any) -> None:
    ana = await people.employ()
    stolen = await desk.sign_in(ana)
    elsewhere = await desk.sign_in(ana)
    owner = await desk.renew(stolen.token)
    desk.now += GRACE + timedelta(seconds=1)
    with pytest.raises(TokenReused):
        await desk.renew(stolen.token)
    with pytest.raises(SessionEnded):
        await desk.renew(owner.token)
    await desk.renew(elsewhere.token)


async def test_a_lost_answer_signs_nobody_out(desk: Desk, people: Any) -> None:
    first = await desk.sign_in(await people.employ())
    desk.now += timedelta(minutes=15)
    lost = await desk.renew(first.token)
    desk.now += timedelta(seconds=20)
    again = await desk.renew(first.token)
    assert again.token != lost.token
    desk.now += timedelta(minutes=15)
    await desk.renew(again.token)


async def test_windows_of_one_browser_may_renew_at_once(desk: Desk, people: Any) -> None:
    first = await desk.sign_in(await people.employ())
    desk.now += timedelta(minutes=15)
    answers = await asyncio.gather(*(desk.renew(first.token) for _ in range(5)))
    assert len({answer.token for answer in answers}) == 5
    desk.now += timedelta(minutes=15)
    last = await desk.renew(answers[3].token)  # whichever the browser kept
    desk.now += GRACE + timedelta(seconds=1)
    await desk.renew(last.token)
    with pytest.raises(TokenReused):
        await desk.renew(answers[0].token)


async def test_a_slow_renewal_does_not_turn_the_session_back(desk: Desk, people: Any) -> None:
    first = await desk.sign_in(await people.employ())

    async def twice() -> SignedIn:
        return await desk.renew((await desk.renew(first.token)).token)

    async def slowly(work: SqlWork) -> asyncio.Task[SignedIn]:
        session, generation = await work.sessions.of(first.token)
        others = asyncio.create_task(twice())
        await asyncio.wait({others}, timeout=0.5)  # they would be done, did they not have to wait
        session.renew(generation, desk.now)
        await work.sessions.save(session, RefreshToken.fresh())
        await work.commit()
        return others

    newest = await (await desk.run(slowly))
    await desk.renew(newest.token)


async def test_a_session_ends_after_its_time_and_unknown_tokens_have_none(desk: Desk, people: Any) -> None:
    signed_in = await desk.sign_in(await people.employ())
    with pytest.raises(SessionEnded):
        await desk.renew(RefreshToken.fresh())
    desk.now += LIFETIME
    with pytest.raises(SessionEnded):
        await desk.renew(signed_in.token)


async def test_signing_out_ends_the_session_and_does_so_twice(desk: Desk, people: Any) -> None:
    signed_in = await desk.sign_in(await people.employ())
    for _ in range(2):
        await desk.run(lambda work: signing_in.sign_out(work, signed_in.token))
    with pytest.raises(SessionEnded):
        await desk.renew(signed_in.token)


async def test_nobody_ends_the_session_of_another(desk: Desk, people: Any) -> None:
    ana, eva = await people.employ(), await people.employ()
    anas = await desk.sign_in(ana)
    with pytest.raises(SessionNotFound):
        await desk.run(lambda work: signing_in.end_session(work, anas.session.id, eva.id))
    await desk.renew(anas.token)


async def test_who_is_disabled_is_out_at_once_and_does_not_come_back(desk: Desk, people: Any) -> None:
    ana = await people.employ()
    signed_in = await desk.sign_in(ana)
    await desk.change(ana, status=Status.DISABLED)
    with pytest.raises(SessionEnded):
        await desk.renew(signed_in.token)
    with pytest.raises(InvalidCredentials):
        await desk.sign_in(ana)


async def test_five_wrong_passwords_close_the_door_to_the_right_one_for_a_quarter_of_an_hour(
    desk: Desk, people: Any
) -> None:
    ana = await people.employ()
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            await desk.sign_in(ana, right=False)
    with pytest.raises(TooManyAttempts) as refused:
        await desk.sign_in(ana)
    assert refused.value.seconds == 900
    await desk.sign_in(ana, address="10.0.0.8")
    desk.now += timedelta(minutes=15)
    await desk.sign_in(ana)


async def test_a_right_password_clears_the_count(desk: Desk, people: Any) -> None:
    ana = await people.employ()
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(InvalidCredentials):
                await desk.sign_in(ana, right=False)
        await desk.sign_in(ana)


async def test_of_many_guesses_at_once_only_five_are_answered(desk: Desk, people: Any) -> None:
    ana = await people.employ()
    guesses = (desk.sign_in(ana, right=False) for _ in range(12))
    answers = Counter(type(e) for e in await asyncio.gather(*guesses, return_exceptions=True))
    assert answers == {InvalidCredentials: 5, TooManyAttempts: 7}


async def test_many_may_sign_in_at_once(desk: Desk, people: Any) -> None:
    ana = await people.employ()
    assert len(await asyncio.gather(*(desk.sign_in(ana) for _ in range(12)))) == 12


async def test_another_password_ends_all_other_sessions(desk: Desk, people: Any) -> None:
    ana = await people.employ()
    here, there = await desk.sign_in(ana), await desk.sign_in(ana)
    shown = PasswordShown(ana.id, ana.password_changed_at)
    guesser = Guesser(ana.email, "10.0.0.7")
    desk.now += timedelta(minutes=1)
    await desk.run(
        lambda work: signing_in.change_password(work, guesser, shown, "hash", here.session.id, desk.now)
    )
    await desk.renew(here.token)
    with pytest.raises(SessionEnded):
        await desk.renew(there.token)
    with pytest.raises(InvalidCredentials):  # the old one was verified, but a moment too early
        await desk.sign_in(ana)


async def test_two_admins_who_dismiss_each_other_at_once_do_not_both_succeed(desk: Desk, people: Any) -> None:
    for _ in range(5):
        ana, eva = await people.employ("ROLE_ADMIN"), await people.employ("ROLE_ADMIN")
        outcome = await asyncio.gather(
            desk.change(ana, roles=frozenset({Role.USER})),
            desk.change(eva, status=Status.DISABLED),
            return_exceptions=True,
        )
        assert [type(e) for e in outcome].count(LastAdmin) == 1, outcome
        remaining = ana if isinstance(outcome[0], LastAdmin) else eva
        with pytest.raises(LastAdmin):
            await desk.change(remaining, status=Status.DISABLED)
        await desk.run(_leave_no_admin)


async def _leave_no_admin(work: SqlWork) -> None:
    await work.connection.execute(update(users).values(roles=["ROLE_USER"]))
    await work.commit()


async def test_a_weaker_hash_is_made_anew_when_its_password_is_shown(
    desk: Desk, people: Any, database: Database
) -> None:
    passwords = Passwords()
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(people.password)
    assert passwords.is_outdated(weak)
    ana = await people.employ()
    better = await passwords.hash(NewPassword(people.password))
    assert not passwords.is_outdated(better)
    shown = PasswordShown(ana.id, ana.password_changed_at, better)
    await asyncio.gather(
        *(
            desk.run(
                lambda work: signing_in.sign_in(
                    work, Guesser(ana.email, "1"), shown, PHONE, LIFETIME, desk.now
                )
            )
            for _ in range(3)
        )
    )
    async with database.reading() as connection:
        row = (await connection.execute(select(users.c.password_hash, users.c.version))).one()
    assert (row.password_hash, row.version) == (better, 1)
    assert await passwords.match(row.password_hash, people.password)


async def test_a_password_matches_only_itself() -> None:
    passwords = Passwords()
    kept = await passwords.hash(NewPassword.chosen("contraseña larga", "password"))
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.match(kept, "contrasen\u0303a larga")
    assert not await passwords.match(kept, "contraseña larga ")
    assert not await passwords.match(None, "contraseña larga")


async def test_processes_that_start_at_once_agree_on_one_key(database: Database, schema_url: str) -> None:
    connected = [Database(schema_url) for _ in range(4)]
    processes = [SigningKeys(own, "a passphrase", timedelta(minutes=15)) for own in connected]
    published = await asyncio.gather(*(keys.published() for keys in processes))
    assert all(p == published[0] for p in published)
    assert len(published[0]["keys"]) == 1
    now = datetime.now(UTC)
    signed = await asyncio.gather(*(keys.sign({"sub": "x"}, now) for keys in processes))
    key = jwt.PyJWK(published[0]["keys"][0])
    assert [jwt.decode(token, key, algorithms=["RS256"])["sub"] for token in signed] == ["x"] * 4
    assert key.key.key_size == 3072
    for own in connected:
        await own.close()


async def test_a_key_change_signs_nobody_out(database: Database, desk: Desk, people: Any) -> None:
    keys = SigningKeys(database, "a passphrase", timedelta(minutes=15))
    tokens = Tokens(keys, "clinic", "clinic-api", timedelta(minutes=15))
    signed_in = await desk.sign_in(await people.employ())
    now = datetime.now(UTC)
    before = await tokens.for_user(signed_in.user, signed_in.session, now)
    await keys.rotate(now)
    announced = await keys.published()
    assert len(announced["keys"]) == 2
    still_old = await tokens.for_user(signed_in.user, signed_in.session, now)
    by_new = await tokens.for_user(signed_in.user, signed_in.session, now + ANNOUNCED)
    kids = [jwt.get_unverified_header(issued.token)["kid"] for issued in (before, still_old, by_new)]
    assert kids == [announced["keys"][0]["kid"]] * 2 + [announced["keys"][1]["kid"]]
    await keys.rotate(now + timedelta(days=1))
    async with database.reading() as connection:
        left = (await connection.execute(select(signing_keys.c.kid))).scalars().all()
    assert kids[0] not in left
    assert kids[2] in left


async def test_private_keys_are_kept_encrypted(database: Database) -> None:
    await SigningKeys(database, "a passphrase", timedelta(minutes=15)).published()
    async with database.reading() as connection:
        pem = (await connection.execute(select(signing_keys.c.private_pem))).scalar_one()
    assert pem.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(WrongPassphrase):
        await SigningKeys(database, "another", timedelta(minutes=15)).refuse_unless_openable()
    with pytest.raises(NoPassphrase):
        await SigningKeys(database, "", timedelta(minutes=15)).refuse_unless_openable()


async def run_command(command: str, url: str, **more: str) -> tuple[int, str]:
    """The exit code and what was printed by `python -m identity.main <command>`."""
    environment = {
        "PATH": os.environ["PATH"],
        "IDENTITY_DATABASE_URL": url,
        "JWT_KEY_PASSPHRASE": "a passphrase",
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "identity.main",
        command,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out if process.returncode == 0 else err).decode()


@pytest.mark.slow
async def test_the_first_start_makes_one_admin_even_when_two_start_at_once(
    database: Database, schema_url: str
) -> None:
    outcomes = await asyncio.gather(*(run_command("first-admin", schema_url) for _ in range(2)))
    assert [code for code, _ in outcomes] == [0, 0], outcomes
    printed = sorted((json.loads(line) for _, line in outcomes), key=len)
    assert printed[0] == {}
    assert printed[1]["email"] == "admin@clinic.local"
    async with database.reading() as connection:
        row = (await connection.execute(select(users))).mappings().one()
    assert (row["roles"], row["practitioner"], row["name"]) == (["ROLE_ADMIN"], True, "Administración")
    assert await Passwords().match(row["password_hash"], printed[1]["password"])


@pytest.mark.slow
async def test_the_operator_may_choose_the_first_admin(database: Database, schema_url: str) -> None:
    chosen = {"ADMIN_EMAIL": "Dueña@clinica.es", "ADMIN_PASSWORD": "corta"}
    code, said = await run_command("first-admin", schema_url, **chosen)
    assert code != 0
    assert "ADMIN_PASSWORD must have 10 to 128 characters" in said
    assert "Traceback" not in said
    code, said = await run_command(
        "first-admin", schema_url, **(chosen | {"ADMIN_PASSWORD": "larga y buena"})
    )
    assert (code, json.loads(said)) == (0, {"email": "Dueña@clinica.es"})
