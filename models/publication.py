"""The one row that says how far the record and what was published of it have come."""

from datetime import UTC, date, datetime, timedelta

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

    choice_revision grows when a saved choice is changed. stamped_at is the last stamp that was given,
    feeds_changed_at the one that was given when the bytes of any feed changed.
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
    choice_revision: Mapped[int] = mapped_column(default=0, server_default="0")
    stamped_at: Mapped[datetime | None]
    feeds_changed_at: Mapped[datetime | None]

    def stamp(self, now: datetime) -> datetime:
        """Give a stamp, in whole seconds of UTC: `now`, or the second after the last one that was given.

        Calendars of one's own take their Last-Modified from these. One made of the record and of a choice
        would else stand still when both change within a second.
        """
        moment = now.astimezone(UTC).replace(microsecond=0)
        if self.stamped_at is not None:
            moment = max(moment, self.stamped_at + timedelta(seconds=1))
        self.stamped_at = moment
        return moment
