"""The search's own copy of the record: one entry for each thing that can be found."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record, choice


class SearchKind(StrEnum):
    """What can be found, in the order in which equally good finds stand. New ones come last: see entry_id."""

    MECHANISM = "mechanism"
    PAGE = "page"
    MEETING = "meeting"
    UPDATE = "update"
    DOCUMENT = "document"


KINDS_AT_MOST = 16
_KINDS = tuple(SearchKind)


def place_of(kind: SearchKind) -> int:
    """Return the number of a kind, which is what its entries' keys leave when divided by KINDS_AT_MOST."""
    return _KINDS.index(kind)


def kind_of(place: int) -> SearchKind:
    """Return the kind of such a number."""
    return _KINDS[place]


def entry_id(kind: SearchKind, record: int) -> int:
    """Return the key of a record's entry, made of the record's own key: an entry is found without looking."""
    return record * KINDS_AT_MOST + place_of(kind)


def record_of(entry: int) -> int:
    """Return the key of the record that an entry tells of."""
    return entry // KINDS_AT_MOST


class SearchEntry(Record):
    """What finds are chosen and put in order by.

    language is that of a page of text, None for what is the same in every language. day is when it was or
    will be. rank is smaller for what stands before others that match as well. names are its folded names,
    the title first, each on a line of its own with a space before and after it.
    """

    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    kind: Mapped[SearchKind] = mapped_column(choice(SearchKind))
    # Byte order, as SQLite has it: the same order of finds on both databases.
    slug: Mapped[str] = mapped_column(String(200).with_variant(String(200, collation="C"), "postgresql"))
    language: Mapped[str | None] = mapped_column(String(8), index=True)
    day: Mapped[date | None]
    rank: Mapped[int]
    names: Mapped[str] = mapped_column(Text)


class SearchText(Record):
    """What an entry says: title and text as people read them, all of it folded, and its tokens.

    The tokens are indexed by each database in its own way (see the migration): SQLite in the FTS5 table
    search_grams, which triggers keep, PostgreSQL in the generated column lexemes.
    """

    __tablename__ = "search_texts"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("search_entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    grams: Mapped[str] = mapped_column(Text)


class SearchRecipe(Record):
    """The one row that says by which recipe the entries were made; None before they were made at all."""

    __tablename__ = "search_recipe"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipe: Mapped[str | None] = mapped_column(String(40))
