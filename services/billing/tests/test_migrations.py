"""The schema goes up, down and up again, and is then what the adapters believe it to be."""

from billing.adapters.tables import metadata
from billing.main import MIGRATIONS
from testkit.migrations import expect_up_down_and_up


async def test_the_schema_goes_up_down_and_up_and_equals_the_tables(database_url: str) -> None:
    await expect_up_down_and_up(database_url, MIGRATIONS, metadata)
