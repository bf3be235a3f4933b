"""The one row that says how far the record and what was published of it have come."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record


class Publication(Record):
    """The single row (id 1) that processes poll.

    record_revision grows with each change of a record that pages or feeds show. published_revision is the
    record_revision that the last publishing saw. feed_revision grows when the bytes of any feed changed: web
    processes read the feeds anew then. as_of_day is the day all texts are written for. zone_release and
    renderer say with which tzdata and which version of the rendering code the bodies were made. alarm is the
    reason why the last publishing was refused, None when it was not.
    """

    __tablename__ = "publication"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_revision: Mapped[int] = mapped_column(default=0)
    published_revision: Mapped[int] = mapped_column(default=-1)
    feed_revision: Mapped[int] = mapped_column(default=0)
    as_of_day: Mapped[date | None]
    zone_release: Mapped[str | None] = mapped_column(String(40))
    renderer: Mapped[str | None] = mapped_column(String(40))
    published_at: Mapped[datetime | None]
    alarm: Mapped[str | None] = mapped_column(Text)
