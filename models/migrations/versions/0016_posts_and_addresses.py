"""Keep the post a circulation recipient holds, former addresses of readers, and those asked to change to.

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the change. The column is added alone: a table made anew would take its children with it."""
    op.add_column("subscribers", sa.Column("post", sa.String(length=200), nullable=True))
    op.create_table(
        "former_addresses",
        sa.Column("id", _Key, nullable=False),
        sa.Column("subscriber_id", _Key, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("parting", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_former_addresses_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_addresses")),
    )
    for column in ("address_key", "subscriber_id"):
        op.create_index(op.f(f"ix_former_addresses_{column}"), "former_addresses", [column], unique=False)
    op.create_table(
        "address_changes",
        sa.Column("id", _Key, nullable=False),
        sa.Column("subscriber_id", _Key, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_address_changes_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
        sa.UniqueConstraint("subscriber_id", name=op.f("uq_address_changes_subscriber_id")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("address_changes")
    op.drop_table("former_addresses")
    op.drop_column("subscribers", "post")
