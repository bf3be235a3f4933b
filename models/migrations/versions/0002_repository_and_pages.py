"""Make room for the repository of documents, pages of text, reports of errors and alarms.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "alarms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("key", name=op.f("uq_alarms_key")),
    )
    op.create_table(
        "error_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_reports")),
    )
    op.create_table(
        "pages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("slug", "language", name=op.f("uq_pages_slug_language")),
    )
    op.create_table(
        "document_mechanisms",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mechanism_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_document_mechanisms_document_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mechanism_id"],
            ["mechanisms.id"],
            name=op.f("fk_document_mechanisms_mechanism_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "mechanism_id", name=op.f("pk_document_mechanisms")),
    )
    with op.batch_alter_table("document_mechanisms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_mechanisms_mechanism_id"), ["mechanism_id"], unique=False
        )

    op.create_table(
        "document_themes",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_themes_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_document_themes_theme_id")),
        sa.PrimaryKeyConstraint("document_id", "theme_id", name=op.f("pk_document_themes")),
    )
    with op.batch_alter_table("document_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_themes_theme_id"), ["theme_id"], unique=False)

    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("summary", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("is_key", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("file_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("file_type", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("file_size", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("file_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_meetings_first_day"), "meetings", ["first_day"], unique=False)
    op.create_index(op.f("ix_meeting_themes_theme_id"), "meeting_themes", ["theme_id"], unique=False)
    op.create_index(op.f("ix_update_themes_theme_id"), "update_themes", ["theme_id"], unique=False)
    op.create_index(op.f("ix_mechanism_themes_theme_id"), "mechanism_themes", ["theme_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_meetings_first_day"), "meetings")
    op.drop_index(op.f("ix_meeting_themes_theme_id"), "meeting_themes")
    op.drop_index(op.f("ix_update_themes_theme_id"), "update_themes")
    op.drop_index(op.f("ix_mechanism_themes_theme_id"), "mechanism_themes")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("added_at")
        batch_op.drop_column("file_sha256")
        batch_op.drop_column("file_size")
        batch_op.drop_column("file_type")
        batch_op.drop_column("file_name")
        batch_op.drop_column("is_key")
        batch_op.drop_column("summary")

    with op.batch_alter_table("document_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_themes_theme_id"))

    op.drop_table("document_themes")
    with op.batch_alter_table("document_mechanisms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_mechanisms_mechanism_id"))

    op.drop_table("document_mechanisms")
    op.drop_table("pages")
    op.drop_table("error_reports")
    op.drop_table("alarms")
