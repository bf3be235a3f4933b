"""Make room for search: entries that each database indexes in its own way. The upgrade fills them afterwards.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The tokens are whole already: the plainest tokenizer takes them as they are, with every letter that is not
# ASCII. Only "which rows" is ever asked, so neither places nor sizes are kept. Terms of three letters are the
# most frequent ones while somebody types, and have an index of their own.
_ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE search_grams USING fts5(
        grams, content='search_texts', content_rowid='entry_id',
        tokenize='ascii', detail='none', columnsize=0, prefix='3'
    )
    """,
    """
    CREATE TRIGGER search_texts_added AFTER INSERT ON search_texts BEGIN
        INSERT INTO search_grams(rowid, grams) VALUES (new.entry_id, new.grams);
    END
    """,
    """
    CREATE TRIGGER search_texts_gone AFTER DELETE ON search_texts BEGIN
        INSERT INTO search_grams(search_grams, rowid, grams) VALUES ('delete', old.entry_id, old.grams);
    END
    """,
    """
    CREATE TRIGGER search_texts_changed AFTER UPDATE ON search_texts BEGIN
        INSERT INTO search_grams(search_grams, rowid, grams) VALUES ('delete', old.entry_id, old.grams);
        INSERT INTO search_grams(rowid, grams) VALUES (new.entry_id, new.grams);
    END
    """,
)
# Not to_tsvector: it would split and change the tokens by rules of its own. What is long stands apart from
# its row, so that rows that only are counted are few pages.
_ON_POSTGRESQL = (
    "ALTER TABLE search_texts SET (toast_tuple_target = 128)",
    """
    ALTER TABLE search_texts ADD COLUMN lexemes tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(grams, ' '))) STORED
    """,
    "CREATE INDEX ix_search_texts_lexemes ON search_texts USING gin (lexemes)",
)


def upgrade() -> None:
    """Make the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    in_byte_order = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
    op.create_table(
        "search_entries",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("slug", in_byte_order, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_index(op.f("ix_search_entries_language"), "search_entries", ["language"], unique=False)
    op.create_table(
        "search_texts",
        sa.Column("entry_id", key, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("grams", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["search_entries.id"], name=op.f("fk_search_texts_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_texts")),
    )
    recipe = op.create_table(
        "search_recipe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipe", sa.String(length=40), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_recipe_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_recipe")),
    )
    op.bulk_insert(recipe, [{"id": 1, "recipe": None}])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _ON_SQLITE if on_sqlite else _ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_grams")
    op.drop_table("search_recipe")
    op.drop_table("search_texts")
    op.drop_table("search_entries")
