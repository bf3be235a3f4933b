"""The mails to whoever runs the service: kept, so that they are counted and never become a flood."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record, choice


class OperatorMailKind(StrEnum):
    """What such a mail is about."""

    ALARMS = "alarms"
    ERROR_REPORTS = "error_reports"
    TASKS = "tasks"


class OperatorMail(Record):
    """One mail that was handed to the mail server, or is being handed over.

    accepted is None while its turn is held and nothing of it has left. It is True from the first byte on,
    unless the server refuses it: what was under way when its sender died may have arrived. reply is what the
    server said. A mail of which nothing left has no row for long.
    """

    __tablename__ = "operator_mails"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[OperatorMailKind] = mapped_column(choice(OperatorMailKind))
    owner: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(index=True)
    accepted: Mapped[bool | None]
    reply: Mapped[str | None] = mapped_column(Text)
