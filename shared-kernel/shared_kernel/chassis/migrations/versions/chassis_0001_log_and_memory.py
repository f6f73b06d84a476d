"""The log, its head, the audit, idempotency keys, checkpoints and dead letters."""

from alembic import op

from shared_kernel.chassis.event_store import GENESIS
from shared_kernel.chassis.tables import chassis_metadata, stream_head

revision = "chassis_0001"
down_revision = None
branch_labels = ("chassis",)
depends_on = None


def upgrade() -> None:
    """Create the tables, and the head of an empty log."""
    chassis_metadata.create_all(op.get_bind())
    op.execute(stream_head.insert().values(id=1, seq=0, hash=GENESIS))


def downgrade() -> None:
    """Remove them."""
    chassis_metadata.drop_all(op.get_bind())
