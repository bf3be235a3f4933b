"""Who gets an issue: decided once, in the transaction that starts its sending, and kept as rows."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import (
    Delivery,
    DeliveryState,
    Exclusion,
    ExclusionReason,
    Issue,
    Subscriber,
    SubscriberState,
)
from newsletter.addressing import address_key, message_identity
from newsletter.bulk import for_the_driver, in_bulk
from newsletter.keys import Keys
from newsletter.suppression import suppressed_among

FALLBACK_LANGUAGE: Final = "en"
_PORTION: Final = 1000
_ROOM_KIB: Final = 100_000

_deliveries = Delivery.__table__

_REASONS: Final = {
    SubscriberState.PENDING: ExclusionReason.UNCONFIRMED,
    SubscriberState.LEFT: ExclusionReason.LEFT,
    SubscriberState.BOUNCED: ExclusionReason.BOUNCED,
    SubscriberState.SUPPRESSED: ExclusionReason.SUPPRESSED,
}


class Candidate(NamedTuple):
    """Who may get an issue: what is read of each subscriber."""

    id: int
    address: str
    language: str
    state: SubscriberState
    epoch: int


class _Letter(NamedTuple):
    """What differs from delivery to delivery when they are written."""

    subscriber_id: int
    address: str
    address_key: str
    language: str
    link_epoch: int
    message_id: str
    in_reply_to: str | None


def freeze_audience(
    session: Session, issue: Issue, *, editions: Collection[str], keys: Keys, domain: str, now: datetime
) -> None:
    """Write a delivery for everybody who gets the issue and an exclusion for everybody else.

    `editions` are the languages there are; a reader of another one gets English. `domain` is that of
    Message-IDs. Sets the issue's `candidates` and `excluded_by`: candidates = included + excluded for ever.
    """
    excluded: Counter[ExclusionReason] = Counter()
    gone = _gone(session, issue)
    candidates, excluded[ExclusionReason.LEFT] = gone, gone
    if gone:
        session.execute(
            insert(Exclusion), [{"issue_id": issue.id, "reason": ExclusionReason.LEFT} for _ in range(gone)]
        )
    write = _writer(session, issue, now=now)
    with _room_for_indexes(session):
        for readers in _portions(session, issue):
            candidates += len(readers)
            reasons = _reasons(session, keys, readers)
            rows = [
                _letter_to(reader, issue, editions=editions, keys=keys, domain=domain)
                for reader in readers
                if reader.id not in reasons
            ]
            if issue.corrects is not None:
                corrected = _letters(session, issue.corrects, [row.subscriber_id for row in rows])
                rows = [row._replace(in_reply_to=corrected[row.subscriber_id]) for row in rows]
            taken = write(rows)
            reasons |= {
                row.subscriber_id: ExclusionReason.DUPLICATE for row in rows if row.subscriber_id not in taken
            }
            excluded.update(reasons.values())
            if reasons:
                session.execute(
                    insert(Exclusion),
                    [
                        {"issue_id": issue.id, "subscriber_id": reader, "reason": reason}
                        for reader, reason in reasons.items()
                    ],
                )
    issue.candidates = candidates
    issue.excluded_by = {reason.value: excluded[reason] for reason in ExclusionReason if excluded[reason]}


def count_audience(session: Session, keys: Keys, *, issue: Issue | None = None) -> int:
    """Return how many would get an issue whose sending started now; a correction has readers of its own."""
    return sum(len(readers) - len(_reasons(session, keys, readers)) for readers in _portions(session, issue))


@contextmanager
def _room_for_indexes(session: Session) -> Iterator[None]:
    """Let SQLite keep in memory what the block changes, 100 MB at most.

    Indexes of random names change all over. With the 2 MB it has by itself every page is written many times
    before the transaction ends.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_ROOM_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")


def _received(corrects: str) -> Select[int | None]:
    """Return the query of who received the issue of a code, by their keys; None for who is erased."""
    return (
        select(Delivery.subscriber_id)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(Issue.code == corrects, Delivery.state == DeliveryState.ACCEPTED)
    )


def _letters(session: Session, corrects: str, readers: Sequence[int]) -> dict[int | None, str]:
    """Return the Message-ID of the letter that each of these readers received."""
    found = _received(corrects).where(Delivery.subscriber_id.in_(readers)).add_columns(Delivery.message_id)
    return dict(session.execute(found).all())


def _gone(session: Session, issue: Issue) -> int:
    """Count the erased among those a correction is for: who they were is not known any more."""
    if issue.corrects is None:
        return 0
    erased = _received(issue.corrects).where(Delivery.subscriber_id.is_(None))
    return session.scalar(select(func.count()).select_from(erased.subquery())) or 0


def _portions(session: Session, issue: Issue | None) -> Iterator[Sequence[Candidate]]:
    """Yield an issue's candidates, in order, a thousand at a time: memory stays flat whatever their number.

    They are all subscribers; those of a correction are exactly who received the issue it corrects.
    """
    last = 0
    columns = (getattr(Subscriber, name) for name in Candidate._fields)
    query = select(*columns).order_by(Subscriber.id).limit(_PORTION)
    if issue is not None and issue.corrects is not None:
        # Asked of each reader by the index of their letters: a list of all would be made for every portion.
        theirs = _received(issue.corrects).where(Delivery.subscriber_id == Subscriber.id)
        query = query.where(theirs.correlate(Subscriber).exists())
    while readers := [Candidate(*row) for row in session.execute(query.where(Subscriber.id > last))]:
        last = readers[-1].id
        yield readers


def _reasons(session: Session, keys: Keys, readers: Sequence[Candidate]) -> dict[int, ExclusionReason]:
    """Return why each of these readers gets nothing, by id; those who get the letter are not in it."""
    reasons = {reader.id: _REASONS[reader.state] for reader in readers if reader.state in _REASONS}
    willing = {reader.id: address_key(reader.address) for reader in readers if reader.id not in reasons}
    suppressed = suppressed_among(session, keys, set(willing.values()))
    return reasons | {
        reader: ExclusionReason.SUPPRESSED for reader, key in willing.items() if key in suppressed
    }


def _letter_to(
    reader: Candidate, issue: Issue, *, editions: Collection[str], keys: Keys, domain: str
) -> _Letter:
    language = reader.language if reader.language in editions else FALLBACK_LANGUAGE
    identity = message_identity(
        keys, issue=issue.code, address=reader.address, edition=language, domain=domain
    )
    key = address_key(reader.address)
    return _Letter(reader.id, reader.address, key, language, reader.epoch, identity, None)


def _writer(session: Session, issue: Issue, *, now: datetime) -> Callable[[Sequence[_Letter]], set[int]]:
    """Return what inserts deliveries and tells the subscribers who got one; one for each address does.

    Everybody is written in one transaction, for which all other writers wait on SQLite: what is the same in
    all rows is prepared once, and the driver is given the rest as it is.
    """
    connection = session.connection()
    dialect = connection.dialect
    same = {"issue_id": issue.id, "state": DeliveryState.PENDING, "epoch": 0, "attempts": 0, "at": now}
    columns = (*_Letter._fields, *same)
    kind = sqlite if dialect.name == "sqlite" else postgresql
    statement = kind.insert(_deliveries).values({name: bindparam(name) for name in columns})
    bulk = in_bulk(statement.on_conflict_do_nothing(), columns, dialect)
    own = [for_the_driver(_deliveries.c[name].type, dialect)(value) for name, value in same.items()]

    def write(letters: Sequence[_Letter]) -> set[int]:
        if not letters:
            return set()
        done = bulk.execute(connection, ((*letter, *own) for letter in letters))
        readers = [letter.subscriber_id for letter in letters]
        if done.rowcount == len(letters):
            return set(readers)
        taken = select(Delivery.subscriber_id).where(
            Delivery.issue_id == issue.id, Delivery.subscriber_id.in_(readers)
        )
        return {reader for reader in session.scalars(taken) if reader is not None}

    return write
