"""Keep which report told of an event, each report once, and walk an issue's letters in their order.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("delivery_events", sa.Column("status", sa.String(16), nullable=True))
    op.add_column("delivery_events", sa.Column("report", sa.String(64), nullable=True))
    op.create_index(
        "uq_delivery_events_report", "delivery_events", ["delivery_id", "event", "report"], unique=True
    )
    op.create_index("ix_deliveries_order", "deliveries", ["issue_id", "id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_deliveries_order", "deliveries")
    op.drop_index("uq_delivery_events_report", "delivery_events")
    op.drop_column("delivery_events", "report")
    op.drop_column("delivery_events", "status")
