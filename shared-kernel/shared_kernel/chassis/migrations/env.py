"""What Alembic runs: the migrations of one service and of the chassis, on the connection it is given."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]

if connection.dialect.name in ("mysql", "mariadb"):
    # Text is compared byte by byte, as SQLite does; what folds case and accents is ours alone.
    connection.execute(text("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"))

context.configure(connection=connection, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
