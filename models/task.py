"""What only a person can do about a reader, such as asking a mission for the new address."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record, choice


class TaskKind(StrEnum):
    """What is to be done, and why."""

    NEW_ADDRESS = "new_address"
    LEFT_POST = "left_post"
    UNCLEAR_REFUSAL = "unclear_refusal"
    UNPROVED_COMPLAINT = "unproved_complaint"


class Task(Record):
    """Something for an editor; it goes with the reader it is about.

    address is where the letter of the issue (its code) went. detail is what was heard, without addresses.
    opened_at is when it was heard first, seen_at when last, count how often. told_at is when the mail that
    tells of it began to leave, done_by and remark are the editor's.
    """

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(choice(TaskKind))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(320))
    issue: Mapped[str | None] = mapped_column(String(16))
    detail: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    told_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(200))
    remark: Mapped[str | None] = mapped_column(Text)
