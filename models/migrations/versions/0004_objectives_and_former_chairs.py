"""Keep the objectives of a mechanism and who chaired it before.

Revision: 0004, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("mechanisms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("objectives", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("former_chairs", sa.JSON(none_as_null=True), server_default="[]", nullable=False)
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("mechanisms", schema=None) as batch_op:
        batch_op.drop_column("former_chairs")
        batch_op.drop_column("objectives")
