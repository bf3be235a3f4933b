"""Keep calendars of one's own: what is chosen, and the stamps by which their readers see a change.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "saved_choices",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("chosen", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_in", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_saved_choices")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_saved_choices_secret_hash")),
    )
    op.create_index(op.f("ix_saved_choices_made_at"), "saved_choices", ["made_at"], unique=False)
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choice_revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("feeds_changed_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("stamped_at", "feeds_changed_at"):
        op.execute(f"UPDATE publication SET {column} = (SELECT max(changed_at) FROM feeds)")  # noqa: S608 - two names that stand above


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_column("feeds_changed_at")
        batch_op.drop_column("stamped_at")
        batch_op.drop_column("choice_revision")
    op.drop_index(op.f("ix_saved_choices_made_at"), "saved_choices")
    op.drop_table("saved_choices")
