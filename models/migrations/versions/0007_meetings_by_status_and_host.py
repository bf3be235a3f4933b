"""Find meetings without a date, and those that a State hosts, without reading all of them.

Revision: 0007, after 0006.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index(op.f("ix_meetings_status"), "meetings", ["status"], unique=False)
    op.create_index(op.f("ix_meetings_host"), "meetings", ["host"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_meetings_host"), "meetings")
    op.drop_index(op.f("ix_meetings_status"), "meetings")
