"""How migrations run: on the connection that models.database hands in, in its transaction."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from models import Record
from models.base import Moment


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write this house's own column types as plain ones: migrations must not change with the code."""
    del autogen
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
