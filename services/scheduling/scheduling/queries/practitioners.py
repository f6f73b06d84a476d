"""What the screens read of the practitioners."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, practitioners


async def listed_practitioners(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Everybody who practises, and who once did and is still in the diary; by name."""
    in_diary = exists().where(appointments.c.practitioner_id == practitioners.c.id)
    columns = ("id", "name", "colour", "initials", "active")
    query = (
        select(*(practitioners.c[name] for name in columns))
        .where(or_(practitioners.c.practises, in_diary))
        .order_by(practitioners.c.name, practitioners.c.id)
    )
    return (await connection.execute(query)).mappings().all()
