"""The schema goes up, down and up again, and is then what the adapters believe it to be; nothing is lost."""

from typing import Any

import pytest
from sqlalchemy import column, insert, select, table
from sqlalchemy.exc import DBAPIError

from patients.adapters.tables import metadata, patients, records
from patients.main import MIGRATIONS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.schema import migrate
from testkit.migrations import expect_up_down_and_up

BEFORE_CORRECTIONS = "patients_0002_search_index"
NOW = "2026-01-05 10:00:00.000000"
MARIA = {
    "id": "0190a000000070008000000000000001",
    "number": 1,
    "first_name": "María José",
    "last_name": "Muñoz",
    "full_name": "María José Muñoz",
    "sort_key": "munoz maria jose",
    "tax_id_warning": False,
    "phone": "+34 600 11 22 33",
    "status": "active",
    "version": 1,
    "created_at": NOW,
    "updated_at": NOW,
}
RECORD = {
    "id": "0190a000000070008000000000000002",
    "patient_id": MARIA["id"],
    "number": 1,
    "date": "2026-01-05",
    "physiotherapy_treatment": "Masaje",
    "sick_leave": False,
    "author_id": "ana",
    "author_name": "Ana Ruiz",
    "version": 1,
    "created_at": NOW,
}


async def test_the_schema_goes_up_down_and_up_and_equals_the_tables(database_url: str) -> None:
    await expect_up_down_and_up(database_url, MIGRATIONS, metadata)


async def test_what_there_was_becomes_first_versions_and_people_to_be_recognised(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database, MIGRATIONS, to=BEFORE_CORRECTIONS)
    await write(database, "patients", MARIA)
    await write(database, "records", RECORD)
    await migrate(database, MIGRATIONS)
    async with database.reading() as connection:
        record = (await connection.execute(select(records))).mappings().one()
        patient = (await connection.execute(select(patients))).mappings().one()
    await database.close()
    assert (record["revision"], record["replaces_id"], record["correction_reason"]) == (1, None, None)
    assert record["physiotherapy_treatment"] == "Masaje"
    assert (patient["name_key"], patient["phone_key"]) == ("jose maria munoz", "600112233")


async def test_what_was_corrected_cannot_be_taken_back(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database, MIGRATIONS)
    await write(database, "records", RECORD | {"revision": 1})
    correction = {"id": "0190a000000070008000000000000003", "revision": 2, "replaces_id": RECORD["id"]}
    await write(database, "records", RECORD | correction)
    with pytest.raises(DBAPIError):
        await migrate(database, MIGRATIONS, to="base")
    async with database.reading() as connection:
        kept = (await connection.execute(select(records.c.revision).order_by(records.c.revision))).scalars()
        assert list(kept) == [1, 2]
    await database.close()


async def write(database: Database, name: str, row: dict[str, Any]) -> None:
    """Into the table as it was then, which may have had fewer columns than now."""
    then = table(name, *(column(field) for field in row))
    async with database.writing() as connection:
        await connection.execute(insert(then).values(row))
        await connection.commit()
