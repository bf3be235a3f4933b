"""A saved choice: a calendar of one's own, whose address stays the same while what it holds is changed."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Facts, Record
from models.choice import Choice


class SavedChoice(Record):
    """One choice, made without an account. Nothing in it tells whose it is.

    code stands in the calendar's address and never changes. secret_hash is the SHA-256 of what stands in the
    link to change it, in hexadecimal; the link itself is kept nowhere. chosen is Choice.chosen. changed_at
    (whole seconds) never goes back, see Publication.stamp. asked_in is the first day of the month in which a
    calendar program was last seen to ask for it, None while none was.
    """

    __tablename__ = "saved_choices"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    chosen: Mapped[Facts]
    language: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    asked_in: Mapped[date | None]

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice.of(self.chosen, language=self.language)
