"""State, audit, answer and events are saved together or not at all, once, whoever races."""

import asyncio
from uuid import UUID

import orjson
import pytest
from sqlalchemy import func, select

from shared_kernel.chassis import event_store
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.settings import ServiceSettings
from shared_kernel.chassis.tables import audit_trail
from shared_kernel.chassis.tables import event_store as events
from shared_kernel.chassis.unit_of_work import Answer, IdempotencyKeyReused, Repeatable, Transactions
from shared_kernel.errors import Stale
from shared_kernel.identifiers import new_id
from testkit.things import Asking, Thing, ThingsWork, say_again, say_new, things, words

Work = Transactions[ThingsWork]


async def count(database: Database, table: object) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())  # type: ignore[arg-type]


async def test_what_fails_leaves_nothing_behind(database: Database, transactions: Work) -> None:
    async def fails_late(work: ThingsWork) -> None:
        await work.insert(things, Thing(id=new_id(work.now), word="x"), {"word": "x"})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await transactions.run(Asking(), fails_late)
    assert await words(database, things) == {}
    assert (await count(database, events), await count(database, audit_trail)) == (0, 0)


async def test_a_change_is_audited_field_by_field(database: Database, transactions: Work) -> None:
    thing = await transactions.run(Asking(), lambda work: say_new(work, "one"))
    await transactions.run(Asking(), lambda work: say_again(work, thing.id, "two"))
    async with database.reading() as connection:
        rows = (
            (await connection.execute(select(audit_trail).order_by(audit_trail.c.occurred_at)))
            .mappings()
            .all()
        )
    assert [row["operation"] for row in rows] == ["created", "updated"]
    assert orjson.loads(rows[1]["changes"]) == {"word": ["one", "two"]}
    assert rows[1]["actor_id"] == "somebody"


@pytest.mark.parametrize("audited", ["Thing", "Patient"])
async def test_what_the_clinic_does_not_audit_is_kept_and_told_all_the_same(
    database: Database, audited: str
) -> None:
    transactions = Transactions(database, ThingsWork, asyncio.Event(), lambda entity: entity == audited)
    await transactions.run(Asking(), lambda work: say_new(work, "one"))
    assert await count(database, things) == await count(database, events) == 1
    assert await count(database, audit_trail) == (audited == "Thing")


@pytest.mark.parametrize(
    ("told", "audited"),
    [
        ({}, True),
        ({"AUDIT_TRAIL_ENABLED": "false"}, False),
        ({"AUDIT_TRAIL_CLINICAL_RECORD_ENABLED": "false"}, False),
        ({"AUDIT_TRAIL_PATIENT_ENABLED": "false"}, True),
    ],
)
def test_what_is_audited_is_the_clinics_choice(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], audited: bool
) -> None:
    class Settings(ServiceSettings):
        audit_trail_patient_enabled: bool = True
        audit_trail_clinical_record_enabled: bool = True

    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert Settings(database_url="").is_audited("ClinicalRecord") is audited


async def test_of_two_writers_on_one_version_one_is_stale(transactions: Work) -> None:
    thing = await transactions.run(Asking(), lambda work: say_new(work, "one"))
    both_have_read = asyncio.Barrier(2)

    async def slowly(work: ThingsWork) -> None:
        thing_read = await work.get(thing.id)
        if work.connection.dialect.name != "sqlite":  # SQLite's writers take turns anyway
            await both_have_read.wait()
        thing_read.say("two")
        await work.update(things, thing_read, {"word": "two"})
        await work.commit()

    async def with_version_1(work: ThingsWork) -> None:
        (await work.get(thing.id)).expect(1)
        await slowly(work)

    results = await asyncio.gather(
        *(transactions.run(Asking(), with_version_1) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Stale"]
    assert any(isinstance(result, Stale) for result in results)


async def test_numbers_have_no_hole_and_follow_the_order_of_commits(
    database: Database, transactions: Work
) -> None:
    async def sometimes_fails(work: ThingsWork, number: int) -> None:
        await say_new(work, str(number)) if number % 10 else await fail(work)

    async def fail(work: ThingsWork) -> None:
        await event_store.append(work.connection, "things", [], work.origin, work.now)
        raise RuntimeError

    outcomes = await asyncio.gather(
        *(transactions.run(Asking(), lambda work, n=n: sometimes_fails(work, n)) for n in range(100)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, RuntimeError) for outcome in outcomes) == 10
    async with database.reading() as connection:
        numbers = (await connection.execute(select(events.c.seq).order_by(events.c.seq))).scalars().all()
        assert list(numbers) == list(range(1, 91))
        assert await event_store.first_broken_link(connection) is None


@pytest.mark.parametrize("damage", ["changed", "removed", "reordered", "cut", "added"])
async def test_tampering_with_the_log_is_found(database: Database, transactions: Work, damage: str) -> None:
    for word in "abc":
        await transactions.run(Asking(), lambda work, word=word: say_new(work, word))  # type: ignore[misc]
    async with database.writing() as connection:
        at = events.c.seq
        match damage:
            case "changed":
                await connection.execute(events.update().where(at == 2).values(payload='{"word":"z"}'))
            case "removed":
                await connection.execute(events.delete().where(at == 2))
            case "reordered":
                for old, new in ((2, 9), (3, 2), (9, 3)):
                    await connection.execute(events.update().where(at == old).values(seq=new))
            case "cut":
                await connection.execute(events.delete().where(at == 3))
            case "added":
                third = (await connection.execute(events.select().where(at == 3))).mappings().one()
                await connection.execute(events.insert().values(**{**third, "seq": 4, "id": UUID(int=4)}))
        await connection.commit()
    async with database.reading() as connection:
        assert await event_store.first_broken_link(connection) == {"cut": 3, "added": 4}.get(damage, 2)


async def test_writers_who_name_no_version_are_run_again_instead_of_refused(
    database: Database, transactions: Work
) -> None:
    thing = await transactions.run(Asking(), lambda work: say_new(work, ""))
    all_have_read = asyncio.Barrier(3)
    late: set[str] = set()

    async def add(work: ThingsWork, letter: str) -> None:
        read = await work.get(thing.id)
        if work.connection.dialect.name != "sqlite" and letter not in late:
            late.add(letter)
            await all_have_read.wait()
        read.say(read.word + letter)
        await work.update(things, read, {"word": read.word})
        await work.commit()

    await asyncio.gather(*(transactions.run(Asking(), lambda work, one=one: add(work, one)) for one in "abc"))
    assert sorted((await words(database, things))[thing.id][1]) == ["a", "b", "c"]


def answer(thing: Thing) -> Answer:
    return Answer(201, thing.word.encode(), {"Location": str(thing.id)})


async def test_a_hundred_repetitions_at_once_do_the_work_once(database: Database, transactions: Work) -> None:
    asking = Asking(Repeatable.of("key", "POST", "/things", b"{}"))
    answers = await asyncio.gather(
        *(transactions.answer(asking, lambda work: say_new(work, "once"), answer) for _ in range(100))
    )
    assert len({a.headers["Location"] for a in answers}) == 1
    assert len(await words(database, things)) == 1
    other = Asking(Repeatable.of("key", "POST", "/things", b"{other}"))
    with pytest.raises(IdempotencyKeyReused):
        await transactions.answer(other, lambda work: say_new(work, "other"), answer)


async def test_a_deadlock_is_tried_again_and_no_caller_sees_it(
    database: Database, transactions: Work
) -> None:
    one, two = [await transactions.run(Asking(), lambda work: say_new(work, "x")) for _ in range(2)]

    async def in_order(work: ThingsWork, first: Thing, second: Thing) -> None:
        for thing in (first, second):
            loaded = await work.get(thing.id)
            loaded.say("y")
            await work.connection.execute(things.update().where(things.c.id == thing.id).values(word="y"))
        await work.commit()

    await asyncio.gather(
        *(
            transactions.run(Asking(), lambda work, pair=pair: in_order(work, *pair))  # type: ignore[misc]
            for pair in [(one, two), (two, one)] * 10
        )
    )
    assert {word for _, word in (await words(database, things)).values()} == {"y"}
