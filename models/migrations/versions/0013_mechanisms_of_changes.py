"""Keep the mechanisms of each change that was told, so that the list of changes can be narrowed by them.

Revision: 0013, after 0012.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Told = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Make the change, and enter the changes that were told before it."""
    entered = op.create_table(
        "change_mechanisms",
        sa.Column("change_id", _Key, nullable=False),
        sa.Column("mechanism_id", _Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["changes.id"],
            name=op.f("fk_change_mechanisms_change_id_changes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["mechanisms.id"], name=op.f("fk_change_mechanisms_mechanism_id_mechanisms")
        ),
        sa.PrimaryKeyConstraint("change_id", "mechanism_id", name=op.f("pk_change_mechanisms")),
    )
    with op.batch_alter_table("change_mechanisms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_mechanisms_mechanism_id"), ["mechanism_id"], unique=False)
    rows = list(_told_before(op.get_bind()))
    if rows:
        op.bulk_insert(entered, rows)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("change_mechanisms")


def _told_before(connection: sa.Connection) -> Iterator[dict[str, int]]:
    mechanisms = sa.table("mechanisms", sa.column("id", _Key), sa.column("slug", sa.String))
    ids = {slug: key for key, slug in connection.execute(sa.select(mechanisms.c.id, mechanisms.c.slug))}
    told = (sa.column("before", _Told), sa.column("after", _Told))
    changes = sa.table("changes", sa.column("id", _Key), *told)
    for key, before, after in connection.execute(sa.select(*changes.c)):
        slugs = {slug for facts in (before, after) if facts for slug in facts["mechanisms"]}
        yield from ({"change_id": key, "mechanism_id": ids[slug]} for slug in sorted(slugs & set(ids)))
