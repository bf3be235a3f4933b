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


class OperatorMail(Record):
    """One mail that was handed to the mail server, or is being handed over.

    accepted is None while it is under way; a process that dies then leaves it so. reply is what the server
    said. A mail that never reached the server has no row.
    """

    __tablename__ = "operator_mails"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[OperatorMailKind] = mapped_column(choice(OperatorMailKind))
    owner: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(index=True)
    accepted: Mapped[bool | None]
    reply: Mapped[str | None] = mapped_column(Text)
