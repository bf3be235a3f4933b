"""Keep the words of the record in several languages: names of mechanisms, titles, summaries.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ADDED = {
    "mechanisms": ("name_in", "short_name_in", "acronym_in"),
    "meetings": ("title_in",),
    "updates": ("title_in", "summary_in"),
    "regions": ("name_in",),
    "themes": ("name_in",),
}


def upgrade() -> None:
    """Make the change."""
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(
                    sa.Column(column, sa.JSON(none_as_null=True), server_default="{}", nullable=False)
                )


def downgrade() -> None:
    """Take the change back."""
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
