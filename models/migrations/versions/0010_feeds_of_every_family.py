"""Enter meetings under keys, of which feeds of every family are put together; the next publishing fills them.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ORDER_KEY = sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the change."""
    op.execute("DELETE FROM feed_entries")
    with op.batch_alter_table("feed_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("order_key", _ORDER_KEY, nullable=False))
        batch_op.create_index("ix_feed_entries_path_order_key", ["path", "order_key"], unique=False)
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sources", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("shown_from", _ORDER_KEY, nullable=True))
        batch_op.add_column(sa.Column("events", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("rendered", sa.Column("told", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changes_uid"), ["uid"], unique=False)
        batch_op.create_index(batch_op.f("ix_changes_at"), ["at"], unique=False)
    with op.batch_alter_table("tombstones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feeds", sa.JSON(), nullable=False, server_default="[]"))
    # The time of a feed stays: it may never go back. Everything is published anew after this.
    op.execute("UPDATE feeds SET hash = ''")
    op.execute("UPDATE publication SET renderer = NULL")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("changes")
    op.drop_column("rendered", "told")
    with op.batch_alter_table("tombstones", schema=None) as batch_op:
        batch_op.drop_column("feeds")
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.drop_column("size")
        batch_op.drop_column("events")
        batch_op.drop_column("shown_from")
        batch_op.drop_column("sources")
    with op.batch_alter_table("feed_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_entries_path_order_key")
        batch_op.drop_column("order_key")
    op.execute("UPDATE publication SET renderer = NULL")
