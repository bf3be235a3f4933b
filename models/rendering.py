"""What the world was told about a meeting: the rendering record. Only the publisher writes it."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Facts, Record

OrderKey = String(240).with_variant(String(240, collation="C"), "postgresql")
"""Text sorted by its bytes, as we sort it; PostgreSQL would else follow the rules of a language."""


class Rendered(Record):
    """A meeting as it stands in feeds, one row for all languages.

    It outlives a deleted meeting until the next publishing.

    anchor is a hash of start, end, zone, place and status: when it changes, sequence grows by one. order_key
    sorts events by start, then UID. feeds are the keys it is entered under, as feed_entries has them.
    ages_on is the next as-of day on which its text changes without an edit. told are the facts that were told
    last (calendar_feed/changes.py), None while it stands in no feed.
    """

    __tablename__ = "rendered"

    uid: Mapped[str] = mapped_column(String(200), primary_key=True)
    sequence: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(64))
    order_key: Mapped[str] = mapped_column(String(240), index=True)
    feeds: Mapped[list[str]]
    zone: Mapped[str | None] = mapped_column(String(64))
    ages_on: Mapped[date | None] = mapped_column(index=True)
    told: Mapped[Facts | None]


class Rendering(Record):
    """One meeting's VEVENT in one language, ready to be joined; body is empty when the meeting is in no feed.

    hash is over the body without its stamps; last_modified (whole seconds) moves exactly when hash does.
    """

    __tablename__ = "renderings"

    uid: Mapped[str] = mapped_column(String(200), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))
    last_modified: Mapped[datetime]


class Feed(Record):
    """A stored feed in one language. hash changes when its bytes do, apart from its own LAST-MODIFIED line.

    head is everything before that line, tail_of_head everything after it up to the first event. It shows the
    meetings that are entered under any of sources (keys of feed_entries), from the order key shown_from on
    (None: none); events and size (bytes) tell how many and how much. changed_at (whole seconds) never goes
    back; it is the HTTP Last-Modified.
    """

    __tablename__ = "feeds"

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    tail_of_head: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]
    sources: Mapped[list[str]] = mapped_column(default=list)
    shown_from: Mapped[str | None] = mapped_column(OrderKey)
    events: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)


class FeedEntry(Record):
    """One meeting under one key that its own facts name: everything, a type, mechanism, kind, theme, year."""

    __tablename__ = "feed_entries"
    __table_args__ = (Index("ix_feed_entries_path_order_key", "path", "order_key"),)

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    uid: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    order_key: Mapped[str] = mapped_column(OrderKey)
