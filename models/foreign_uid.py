"""The UIDs under which other calendars know our meetings, so that a file read again finds them again."""

from collections.abc import Iterable

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Record


class ForeignUid(Record):
    """One UID of somebody else's calendar, and the UID that the same meeting has here.

    It stands without a foreign key, so that a meeting deleted here is still known as such when the other
    calendar brings it again.
    """

    __tablename__ = "foreign_uids"

    uid: Mapped[str] = mapped_column(String(200), primary_key=True)
    meeting_uid: Mapped[str] = mapped_column(String(200), index=True)


def own_uids(session: Session, uids: Iterable[str]) -> dict[str, str]:
    """Return, of some hundred UIDs of other calendars, those that are known, each with ours."""
    found = session.execute(
        select(ForeignUid.uid, ForeignUid.meeting_uid).where(ForeignUid.uid.in_(list(uids)))
    )
    return {row.uid: row.meeting_uid for row in found}


def remember_uid(session: Session, uid: str, *, meeting_uid: str) -> None:
    """Keep that another calendar knows a meeting of ours by this UID."""
    session.merge(ForeignUid(uid=uid, meeting_uid=meeting_uid))
