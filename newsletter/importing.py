"""Readers taken over from elsewhere: one by one or from a file. Nobody who left comes back this way."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    SUBSCRIBER_TRANSITIONS,
    Consent,
    ConsentAct,
    RecipientKind,
    Refusal,
    Subscriber,
    SubscriberState,
    step,
)
from newsletter.addressing import address_key, read_address
from newsletter.keys import Keys
from newsletter.subscription import WORDING, sign_up
from newsletter.suppression import suppressed_among

ENGLISH: Final = "en"
_PORTION: Final = 500
_GONE: Final = frozenset({SubscriberState.LEFT, SubscriberState.BOUNCED, SubscriberState.SUPPRESSED})
_LONGEST: Final = 200


class BadRow(Refusal):
    """A row of a file that cannot be taken."""


class Taken(StrEnum):
    """What became of one address."""

    ADDED = "added"
    ALREADY = "already"
    KEPT_UNSUBSCRIBED = "kept_unsubscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReader:
    """One reader as a file or a command names them."""

    address: str
    language: str = ENGLISH
    name: str | None = None
    kind: RecipientKind = RecipientKind.SUBSCRIPTION
    organisation: str | None = None


@dataclass(slots=True)
class Imported:
    """What an import did. `refused` holds the line's number and the reason of each row not taken."""

    added: int = 0
    already: int = 0
    kept_unsubscribed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def count(self, taken: Taken) -> None:
        """Count one address."""
        setattr(self, taken.value, getattr(self, taken.value) + 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its number, and its fields by column, as text."""

    line: int
    fields: Mapping[str, str]


def add_reader(
    session: Session, keys: Keys, reader: NewReader, *, is_confirmed: bool, source: str, now: datetime
) -> Taken:
    """Add one reader, or leave what is known as it is. Raises BadAddress.

    With `is_confirmed` their consent is recorded as given elsewhere (`source` says where); without it they
    are sent a confirmation mail. Who left, bounced or is suppressed stays so.
    """
    known = _known(session, keys, [address_key(read_address(reader.address))])
    return _add(session, keys, reader, known, is_confirmed=is_confirmed, source=source, now=now)


def import_rows(
    session: Session,
    keys: Keys,
    rows: Sequence[Row],
    *,
    languages: Collection[str],
    is_confirmed: bool,
    source: str,
    now: datetime,
    report: Imported,
) -> None:
    """Take rows one by one, adding to `report`; a row that cannot be taken keeps no other one out.

    A row whose column `state` says that its reader left, as our own export does, is not taken either.

    Repeating it changes nothing. Give up to a few hundred rows for one transaction (see `portions`).
    """
    readers: list[NewReader] = []
    for row in rows:
        if (row.fields.get("state") or "").strip().lower() in _GONE:
            report.count(Taken.KEPT_UNSUBSCRIBED)
            continue
        try:
            readers.append(_reader(row.fields, languages))
        except Refusal as refusal:
            report.refused.append((row.line, str(refusal)))
    known = _known(session, keys, [address_key(reader.address) for reader in readers])
    for reader in readers:
        report.count(_add(session, keys, reader, known, is_confirmed=is_confirmed, source=source, now=now))


def portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in portions of a size that suits one transaction."""
    portion: list[Row] = []
    for row in rows:
        portion.append(row)
        if len(portion) == _PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


@dataclass(slots=True)
class _Known:
    """What is known of some addresses, by key."""

    readers: dict[str, Subscriber]
    suppressed: set[str]


def _known(session: Session, keys: Keys, address_keys: Collection[str]) -> _Known:
    found = session.scalars(select(Subscriber).where(Subscriber.address_key.in_(address_keys)))
    return _Known({one.address_key: one for one in found}, set(suppressed_among(session, keys, address_keys)))


def _add(
    session: Session,
    keys: Keys,
    reader: NewReader,
    known: _Known,
    *,
    is_confirmed: bool,
    source: str,
    now: datetime,
) -> Taken:
    address = read_address(reader.address)
    key = address_key(address)
    there = known.readers.get(key)
    if key in known.suppressed or (there is not None and there.state in _GONE):
        return Taken.KEPT_UNSUBSCRIBED
    if there is not None and (there.state is SubscriberState.CONFIRMED or not is_confirmed):
        return Taken.ALREADY
    if not is_confirmed:
        sign_up(session, keys, address=address, language=reader.language, source=source, now=now)
        there = session.scalars(select(Subscriber).where(Subscriber.address_key == key)).one()
    elif there is None:
        there = Subscriber(address=address, address_key=key, state=SubscriberState.PENDING, created_at=now)
        session.add(there)
    there.language, there.name = reader.language, reader.name or there.name
    there.kind, there.organisation = reader.kind, reader.organisation or there.organisation
    if is_confirmed:
        there.state = step(
            SUBSCRIBER_TRANSITIONS,
            what="The subscription",
            current=there.state,
            to=SubscriberState.CONFIRMED,
        )
        there.confirmed_at = now
        session.flush()
        session.add(
            Consent(subscriber_id=there.id, at=now, act=ConsentAct.RECORDED, wording=WORDING, source=source)
        )
    known.readers[key] = there
    return Taken.ADDED


def _reader(fields: Mapping[str, str], languages: Collection[str]) -> NewReader:
    """Read one row's fields, or raise a Refusal that says what is wrong with it."""
    language = (fields.get("language") or ENGLISH).strip().lower()
    if language not in languages:
        raise BadRow(f"the letter has no language {language!r} (choose among {', '.join(languages)})")
    kind = (fields.get("kind") or RecipientKind.SUBSCRIPTION).strip().lower()
    if kind not in set(RecipientKind):
        raise BadRow(f"kind is {' or '.join(RecipientKind)}, not {kind!r}")
    return NewReader(
        address=read_address(fields.get("address", "")),
        language=language,
        name=_text(fields, "name"),
        kind=RecipientKind(kind),
        organisation=_text(fields, "organisation"),
    )


def _text(fields: Mapping[str, str], name: str) -> str | None:
    text = " ".join((fields.get(name) or "").split())
    if len(text) > _LONGEST:
        raise BadRow(f"{name} is longer than {_LONGEST} characters")
    return text or None
