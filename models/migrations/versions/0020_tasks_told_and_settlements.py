"""Keep which tasks editors were told of, and the mail that tells that what was in doubt is settled.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Editors who were told of doubts before this migration are told, too, when these are settled.
_PROMISED = sa.text(
    "INSERT INTO issue_settlements (issue_id, next_at, attempts) "
    "SELECT issue_summaries.issue_id, issue_summaries.on_wire_at, 0 FROM issue_summaries "
    "JOIN issues ON issues.id = issue_summaries.issue_id "
    "WHERE issue_summaries.on_wire_at IS NOT NULL AND issues.state IN ('sending', 'paused') "
    "AND EXISTS (SELECT 1 FROM deliveries WHERE deliveries.issue_id = issues.id "
    "AND deliveries.state = 'in_doubt')"
)


def upgrade() -> None:
    """Make the change."""
    op.add_column("tasks", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "issue_settlements",
        sa.Column("issue_id", _Key, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=True),
        sa.Column("on_wire_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issues.id"],
            name=op.f("fk_issue_settlements_issue_id_issues"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_settlements")),
    )
    op.execute(_PROMISED)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("issue_settlements")
    op.drop_column("tasks", "told_at")
