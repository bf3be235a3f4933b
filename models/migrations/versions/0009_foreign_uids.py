"""Remember by which UIDs other calendars know our meetings.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "foreign_uids",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("meeting_uid", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_foreign_uids")),
    )
    op.create_index(op.f("ix_foreign_uids_meeting_uid"), "foreign_uids", ["meeting_uid"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_foreign_uids_meeting_uid"), "foreign_uids")
    op.drop_table("foreign_uids")
