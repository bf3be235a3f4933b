"""An alarm's course: it begins, lasts, is told of now and then, is over; or an editor puts it aside.

Pure acts on the table: who looks for trouble hands in what there is now, who mails asks what is to be told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.alarm import Alarm
from models.refusal import Refusal

SETTLES_IN: Final = timedelta(minutes=2)
"""For how long a trouble must be gone before its alarm is over: one that comes and goes is one alarm."""

REMINDED_AFTER: Final = timedelta(hours=24)
"""How long after it was last told an alarm that lasts is told again."""

FORGOTTEN_AFTER: Final = timedelta(days=7)
"""After how long it is no longer told that something was over: nobody was there to be told before."""


class NoSuchAlarm(Refusal):
    """There is no alarm of that name that lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What a look has changed: the names of the alarms that began, and of those that are over."""

    begun: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What is to be told now: alarms that began, those that still last, those that are over."""

    begun: Sequence[Alarm] = ()
    lasting: Sequence[Alarm] = ()
    over: Sequence[Alarm] = ()

    def __bool__(self) -> bool:
        return bool(self.begun or self.lasting or self.over)


def note_troubles(session: Session, troubles: Mapping[str, str], *, among: str, now: datetime) -> Turns:
    """Bring the alarms whose names begin with `among` to the troubles there are: name and sentence of each.

    A trouble that comes back before it was told that it is over goes on as the same alarm.
    """
    rows = {row.key: row for row in session.scalars(_among(among).with_for_update())}
    begun, over = [], []
    for key, sentence in troubles.items():
        row = rows.get(key)
        if row is None:
            session.add(Alarm(key=key, sentence=sentence, raised_at=now, seen_at=now, count=1))
            begun.append(key)
        elif row.over_at is not None and (row.told_at is None or row.over_told_at is not None):
            _begin_anew(row, sentence, now=now)
            begun.append(key)
        else:
            row.sentence, row.seen_at, row.over_at, row.count = sentence, now, None, row.count + 1
    for key, row in rows.items():
        if key not in troubles and row.over_at is None and now - row.seen_at >= SETTLES_IN:
            row.over_at = now
            if row.closed_by is not None:
                row.over_told_at = now
            over.append(key)
    return Turns(begun=tuple(begun), over=tuple(over))


def has_open_alarms(session: Session, *, among: str) -> bool:
    """Tell whether an alarm whose name begins so lasts: one more look may end it."""
    return session.scalars(_among(among).where(Alarm.over_at.is_(None)).limit(1)).first() is not None


def open_alarms(session: Session) -> list[Alarm]:
    """Return the alarms that last, those put aside too, oldest first."""
    return list(session.scalars(select(Alarm).where(Alarm.over_at.is_(None)).order_by(Alarm.raised_at)))


def all_alarms(session: Session) -> list[Alarm]:
    """Return every alarm on record, the one that began last first."""
    return list(session.scalars(select(Alarm).order_by(Alarm.raised_at.desc(), Alarm.key)))


def untold_alarms(session: Session, *, now: datetime) -> Untold:
    """Return what the operator has to be told at this moment."""
    open_ = [row for row in open_alarms(session) if row.closed_by is None]
    ended = select(Alarm).where(
        Alarm.over_at > now - FORGOTTEN_AFTER, Alarm.over_told_at.is_(None), Alarm.closed_by.is_(None)
    )
    return Untold(
        begun=[row for row in open_ if row.told_at is None],
        lasting=[row for row in open_ if row.told_at is not None and row.told_at <= now - REMINDED_AFTER],
        over=list(session.scalars(ended.order_by(Alarm.raised_at))),
    )


def mark_told(session: Session, keys: Sequence[str], *, over: Sequence[str], now: datetime) -> None:
    """Note that these alarms were told of just now, and that it was told that those are over."""
    for row in session.scalars(select(Alarm).where(Alarm.key.in_([*keys, *over])).with_for_update()):
        if row.key in over:
            row.over_told_at = now
        row.told_at = now


def close_alarm(session: Session, key: str, *, editor: str) -> Alarm:
    """Put an alarm aside: as long as its trouble lasts it is told no more. Raises NoSuchAlarm."""
    row = session.scalars(select(Alarm).where(Alarm.key == key, Alarm.over_at.is_(None))).first()
    if row is None:
        raise NoSuchAlarm(f"There is no alarm “{key}” that lasts. List them with: iscm alarms list")
    row.closed_by = editor
    return row


def _begin_anew(row: Alarm, sentence: str, *, now: datetime) -> None:
    row.sentence, row.raised_at, row.seen_at, row.count = sentence, now, now, 1
    row.told_at, row.over_at, row.over_told_at, row.closed_by = None, None, None, None


def _among(start: str) -> Select[Alarm]:
    return select(Alarm).where(Alarm.key.startswith(start, autoescape=True)).order_by(Alarm.key)
