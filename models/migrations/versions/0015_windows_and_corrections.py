"""Keep the windows in which an issue may be sent, what it corrects, and the mail that tells how it went.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_OF_ISSUES = (
    ("scheduled_by", sa.String(length=200)),
    ("scheduled_with", sa.String(length=16)),
    ("not_after_wall", sa.String(length=16)),
    ("windows", sa.JSON(none_as_null=True)),
    ("open_until", sa.DateTime(timezone=True)),
    ("resumes_at", sa.DateTime(timezone=True)),
    ("corrects", sa.String(length=16)),
)


def upgrade() -> None:
    """Make the change. Columns are added one by one: a table made anew would take its children with it."""
    for name, kind in _OF_ISSUES:
        op.add_column("issues", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_issues_corrects"), "issues", ["corrects"], unique=False)
    op.add_column("deliveries", sa.Column("in_reply_to", sa.String(length=200), nullable=True))
    op.create_table(
        "issue_summaries",
        sa.Column("issue_id", _Key, nullable=False),
        sa.Column("begun_by", sa.String(length=200), nullable=False),
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
            name=op.f("fk_issue_summaries_issue_id_issues"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_summaries")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("issue_summaries")
    op.drop_column("deliveries", "in_reply_to")
    op.drop_index(op.f("ix_issues_corrects"), "issues")
    for name, _ in _OF_ISSUES:
        op.drop_column("issues", name)
