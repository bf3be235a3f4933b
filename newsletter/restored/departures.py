"""Whoever left since the backup is off the list again, and who was to be forgotten is forgotten again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models import (
    SUBSCRIBER_TRANSITIONS,
    Consent,
    ConsentAct,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
    step,
)
from models.departures import DEPARTED, MOVED, RETURNED, Line
from newsletter.erasure import erase_reader
from newsletter.keys import Keys
from newsletter.subscription import WORDING
from newsletter.suppression import address_hashes, is_lasting, suppress

_PORTION: Final = 500
_SOURCE: Final = "file of departures, read after a restore"
_GONE: Final = frozenset({SubscriberState.LEFT, SubscriberState.SUPPRESSED})
_FOR_GOOD: Final = frozenset(reason.value for reason in SuppressionReason if is_lasting(reason))


@dataclass(slots=True)
class Replayed:
    """How many readers of the backup had left since, and how many had to be forgotten again.

    `moved` are addresses of the backup that were given up since for others, which nobody knows now.
    """

    left: int = 0
    erased: int = 0
    moved: list[str] = field(default_factory=list)


def last_departures(lines: Iterable[Line]) -> dict[str, Line]:
    """Return those who are gone by their last line, by the hash of their address.

    An address that was given up for another one is gone too; a departure says more and stands beside it.
    """
    # Of two lines of one moment the departure counts: who is gone gets nothing by mistake.
    known = [line for line in lines if line.what in {RETURNED, MOVED} or line.what in DEPARTED]
    last: dict[str, Line] = {}
    for line in sorted(known, key=lambda line: (line.at, line.what != RETURNED)):
        if line.what == RETURNED:
            last.pop(line.who, None)
        elif line.what != MOVED or line.who not in last:
            last[line.who] = line
    return last


def replay_departures(session: Session, keys: Keys, lines: Iterable[Line], *, now: datetime) -> Replayed:
    """Take off the list whoever is gone by these lines, and suppress every one of their addresses.

    `keys` must hold every key under which lines were written: the hashes in them are keyed.
    """
    lines = list(lines)
    departed = last_departures(lines)
    # Who complained and was forgotten afterwards did complain: what came last says less.
    for_good = last_departures(line for line in lines if line.what in _FOR_GOOD | {RETURNED})
    done = Replayed()
    for readers in _portions(session):
        for reader in readers:
            line = _line_of(keys, reader, departed)
            if line is not None:
                stays = _line_of(keys, reader, for_good)
                _depart(session, keys, reader, line, stays, done=done, now=now)
        session.flush()
        session.expunge_all()
    _suppress_all(session, [line for line in (departed | for_good).values() if line.what in DEPARTED])
    return done


def _line_of(keys: Keys, reader: Subscriber, departed: Mapping[str, Line]) -> Line | None:
    found = [departed[one] for one in address_hashes(keys, reader.address_key) if one in departed]
    return max(found) if found else None


def _depart(
    session: Session,
    keys: Keys,
    reader: Subscriber,
    line: Line,
    stays: Line | None,
    *,
    done: Replayed,
    now: datetime,
) -> None:
    if line.what == SuppressionReason.ERASED:
        erase_reader(session, keys, reader, now=now)
        done.erased += 1
        return
    was_reader = reader.state not in _GONE
    if line.what == MOVED:
        if was_reader:
            done.moved.append(reader.address)
    else:
        for one in (line, stays):
            if one is not None:
                suppress(session, keys, reader.address_key, reason=SuppressionReason(one.what), now=one.at)
    if was_reader:
        if reader.state not in _GONE:
            reader.state = step(
                SUBSCRIBER_TRANSITIONS, what="The subscription", current=reader.state, to=SubscriberState.LEFT
            )
        reader.left_at = line.at
        session.add(
            Consent(subscriber_id=reader.id, at=line.at, act=ConsentAct.LEFT, wording=WORDING, source=_SOURCE)
        )
        done.left += line.what != MOVED


def _suppress_all(session: Session, lines: Sequence[Line]) -> None:
    """Suppress those too whom the backup does not know, so that no import brings them back.

    Of those it knows a graver reason replaces a lighter one.
    """
    for start in range(0, len(lines), _PORTION):
        some = {line.who: line for line in lines[start : start + _PORTION]}
        query = select(Suppression).where(Suppression.address_hash.in_(some))
        known = {row.address_hash: row for row in session.scalars(query)}
        for who, row in known.items():
            if some[who].what in _FOR_GOOD and not is_lasting(row.reason):
                row.reason, row.at = SuppressionReason(some[who].what), some[who].at
        rows = [
            {"address_hash": who, "reason": SuppressionReason(line.what), "at": line.at}
            for who, line in some.items()
            if who not in known
        ]
        if rows:
            session.execute(insert(Suppression), rows)


def _portions(session: Session) -> Iterator[Sequence[Subscriber]]:
    last = 0
    query = select(Subscriber).order_by(Subscriber.id).limit(_PORTION)
    while readers := session.scalars(query.where(Subscriber.id > last)).all():
        last = readers[-1].id
        yield readers
