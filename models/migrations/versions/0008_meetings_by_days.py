"""Find the meetings of a month or a year, and those ahead, in one index: the pages read it and no more.

Revision: 0008, after 0007.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = ["first_day", "last_day", "status", "precision", "visibility"]


def upgrade() -> None:
    """Make the change. The old index would be chosen over the new one, which begins with the same column."""
    op.create_index("ix_meetings_days", "meetings", _COLUMNS, unique=False)
    op.drop_index(op.f("ix_meetings_first_day"), "meetings")


def downgrade() -> None:
    """Take the change back."""
    op.create_index(op.f("ix_meetings_first_day"), "meetings", ["first_day"], unique=False)
    op.drop_index("ix_meetings_days", "meetings")
