"""What is held of somebody travels whole, and what is forgotten is forgotten wherever it was written down."""

from datetime import date
from typing import Any

import orjson
from sqlalchemy import select

from shared_kernel.chassis.answers import to_json
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import first_broken_link
from shared_kernel.chassis.forgetting import changes_of, events_of, forget_answers, forget_changes
from shared_kernel.chassis.tables import idempotency_keys
from shared_kernel.chassis.unit_of_work import Answer, Repeatable, Transactions
from shared_kernel.holdings import Field, Holdings, Kind, Law, Section
from testkit.things import Asking, Thing, ThingsWork, say_again, say_new, things

Work = Transactions[ThingsWork]

SAID = {"en": "Word", "es": "Palabra"}


def test_holdings_are_the_same_after_they_have_travelled() -> None:
    fields = {"word": Field(SAID, choices={"a": SAID}), "day": Field(SAID, Kind.DATE)}
    law = Law("books", SAID, date(2032, 12, 31))
    sections = [
        Section(name="kept", title=SAID, fields=fields, entries=[{"word": "a"}], law=law, blanked=["word"]),
        Section(name="log", title=SAID, fields={}, entries=[], law=Law("evidence", SAID, None), blanked=[]),
        Section(name="gone", title=SAID, fields=fields, entries=[{"day": "2026-11-23"}], blanked=[]),
    ]
    held = Holdings(sections, pending=2)
    assert Holdings.read(orjson.loads(to_json(held.plain()))) == held


async def test_values_are_blanked_in_the_audit_and_that_they_changed_stays(
    database: Database, transactions: Work
) -> None:
    ours = await transactions.run(Asking(), lambda work: say_new(work, "one"))
    await transactions.run(Asking(), lambda work: say_again(work, ours.id, "two"))
    theirs = await transactions.run(Asking(), lambda work: say_new(work, "three"))
    async with database.writing() as connection:
        await forget_changes(connection, [ours.id], ["word"])
        await connection.commit()
    async with database.reading() as connection:
        assert [change["changes"] for change in await changes_of(connection, [ours.id, theirs.id])] == [
            {"word": [None, "[erased]"]},
            {"word": ["[erased]", "[erased]"]},
            {"word": [None, "three"]},
        ]
        assert [event["word"] for event in await events_of(connection, [ours.id])] == ["one", "two"]
        assert await first_broken_link(connection) is None
        assert await changes_of(connection, []) == await events_of(connection, []) == []


async def test_the_audit_of_an_erasure_does_not_tell_what_was_erased(
    database: Database, transactions: Work
) -> None:
    thing = await transactions.run(Asking(), lambda work: say_new(work, "one"))

    async def fall_silent(work: ThingsWork) -> None:
        known = await work.get(thing.id)
        known.say("")
        await work.update(things, known, {"word": ""}, forgotten=["word"])
        await work.commit(known)

    await transactions.run(Asking(), fall_silent)
    async with database.reading() as connection:
        last = (await changes_of(connection, [thing.id]))[-1]
    assert last["changes"] == {"word": ["[erased]", ""]}


async def test_kept_answers_that_mention_somebody_are_dropped_and_no_others(
    database: Database, transactions: Work
) -> None:
    async def answered(key: str) -> Thing:
        calling = Asking(Repeatable.of(key, "POST", "/things", b""))
        made: dict[str, Any] = {}

        def answer(thing: Thing) -> Answer:
            made["thing"] = thing
            return Answer(201, to_json({"id": thing.id, "word": thing.word}), {})

        await transactions.answer(calling, lambda work: say_new(work, "one"), answer)
        thing: Thing = made["thing"]
        return thing

    ours, _ = await answered("ours"), await answered("theirs")
    async with database.writing() as connection:
        await forget_answers(connection, ours.id)
        left = (await connection.execute(select(idempotency_keys.c.key))).scalars().all()
    assert left == ["theirs"]
