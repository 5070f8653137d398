# What Alembic runs; `app.store.migrate` hands it a connection that is already in a transaction.

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import String
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from app.store.tables import Table


def plain_type(_kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    # A migration says the same for ever, whatever SQLModel makes of its own types.
    if isinstance(item, AutoString) and isinstance(item.impl_instance, String):
        return f"sa.String({item.impl_instance.length or ''})"
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite alters most things only by making the table anew
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
