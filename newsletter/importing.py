"""Readers taken over from elsewhere: one by one or from a file. Nobody who left comes back this way."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models import (
    SUBSCRIBER_TRANSITIONS,
    Consent,
    ConsentAct,
    FormerAddress,
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
from templates.languages import own_name

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
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row, or would: `taken` is None where it is refused, for `reason`."""

    line: int
    address: str
    language: str
    taken: Taken | None
    reason: str = ""


@dataclass(slots=True)
class Imported:
    """What an import did, or would do. `refused` holds line and reason of each row not taken.

    `seen` are the addresses of the file so far, by their hash: a dry run writes nothing that could tell.
    """

    added: int = 0
    already: int = 0
    kept_unsubscribed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

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
    # However it is spelled: who left under one spelling does not come back by another.
    reader = replace(reader, address=read_address(reader.address))
    known = _known(session, keys, [address_key(reader.address)])
    taken = _add(session, keys, reader, known, is_confirmed=is_confirmed, source=source, now=now)
    _record(session, known, source=source, now=now)
    return taken


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
    readers = dict(_readers(rows, languages, report))
    known = _known(session, keys, [address_key(reader.address) for reader in readers.values()])
    for reader in readers.values():
        report.count(_add(session, keys, reader, known, is_confirmed=is_confirmed, source=source, now=now))
    _record(session, known, source=source, now=now)


def try_rows(
    session: Session,
    keys: Keys,
    rows: Sequence[Row],
    *,
    languages: Collection[str],
    is_confirmed: bool,
    report: Imported,
) -> list[Told]:
    """Say what `import_rows` would do with these rows, in their order; add it to `report`. Writes nothing."""
    before = len(report.refused)
    left = {row.line for row in rows if _says_gone(row)}
    readers = dict(_readers(rows, languages, report))
    refused = dict(report.refused[before:])
    known = _known(session, keys, [address_key(reader.address) for reader in readers.values()])
    told = []
    for row in rows:
        address = " ".join((row.fields.get("address") or "").split())
        reader = readers.get(row.line)
        if reader is None:
            taken = Taken.KEPT_UNSUBSCRIBED if row.line in left else None
            told.append(Told(row.line, address, "", taken, refused.get(row.line, "")))
            continue
        key = address_key(reader.address)
        taken = _fate(reader, known, is_confirmed=is_confirmed)
        # Only those that would be added are remembered: the record knows the others.
        if taken is Taken.ADDED and hash(key) in report.seen:
            taken = Taken.ALREADY
        if taken is Taken.ADDED:
            report.seen.add(hash(key))
        report.count(taken)
        told.append(Told(row.line, reader.address, reader.language, taken))
    return told


def _readers(
    rows: Sequence[Row], languages: Collection[str], report: Imported
) -> Iterator[tuple[int, NewReader]]:
    """Yield the readers of the rows that can be read, by their lines; the others are counted in `report`."""
    for row in rows:
        if _says_gone(row):
            report.count(Taken.KEPT_UNSUBSCRIBED)
            continue
        try:
            yield row.line, _reader(row.fields, languages)
        except Refusal as refusal:
            report.refused.append((row.line, str(refusal)))


def _says_gone(row: Row) -> bool:
    return (row.fields.get("state") or "").strip().lower() in _GONE


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
    given_up: set[str]
    entered: list[tuple[Subscriber, ConsentAct]] = field(default_factory=list)


def _known(session: Session, keys: Keys, address_keys: Collection[str]) -> _Known:
    found = session.scalars(select(Subscriber).where(Subscriber.address_key.in_(address_keys)))
    former = select(FormerAddress.address_key).where(FormerAddress.address_key.in_(address_keys))
    return _Known(
        readers={one.address_key: one for one in found},
        suppressed=set(suppressed_among(session, keys, address_keys)),
        given_up=set(session.scalars(former)),
    )


def _fate(reader: NewReader, known: _Known, *, is_confirmed: bool) -> Taken:
    """Say what becomes of somebody who is to be added, their address checked."""
    key = address_key(reader.address)
    there = known.readers.get(key)
    if key in known.suppressed or (there is not None and there.state in _GONE):
        return Taken.KEPT_UNSUBSCRIBED
    if there is None:
        # Who has another address now would get the letter twice; its owner can sign up with the old one.
        return Taken.ALREADY if key in known.given_up else Taken.ADDED
    is_reader = there.state is SubscriberState.CONFIRMED
    return Taken.ALREADY if is_reader or not _is_taken_at_once(reader, is_confirmed) else Taken.ADDED


def _is_taken_at_once(reader: NewReader, is_confirmed: bool) -> bool:  # noqa: FBT001 - the caller's own flag
    """Tell who is not asked first: who consented elsewhere, and who gets the letter for their post."""
    return is_confirmed or reader.kind is RecipientKind.CIRCULATION


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
    address = reader.address
    key = address_key(address)
    taken = _fate(reader, known, is_confirmed=is_confirmed)
    if taken is not Taken.ADDED:
        return taken
    there = known.readers.get(key)
    at_once = _is_taken_at_once(reader, is_confirmed)
    if not at_once:
        sign_up(session, keys, address=address, language=reader.language, source=source, now=now)
        there = session.scalars(select(Subscriber).where(Subscriber.address_key == key)).one()
    elif there is None:
        there = Subscriber(address=address, address_key=key, state=SubscriberState.PENDING, created_at=now)
        session.add(there)
    there.language, there.name = reader.language, reader.name or there.name
    there.kind, there.organisation = reader.kind, reader.organisation or there.organisation
    there.post = reader.post or there.post
    if at_once:
        there.state = step(
            SUBSCRIBER_TRANSITIONS,
            what="The subscription",
            current=there.state,
            to=SubscriberState.CONFIRMED,
        )
        there.confirmed_at = now
        # A post is on the list by nobody's consent, and nothing may say that there was one.
        is_post = reader.kind is RecipientKind.CIRCULATION
        known.entered.append((there, ConsentAct.ENTERED if is_post else ConsentAct.RECORDED))
    known.readers[key] = there
    return Taken.ADDED


def _record(session: Session, known: _Known, *, source: str, now: datetime) -> None:
    """Keep how those came on the list who were not asked: all at once, because a flush for each is slow."""
    session.flush()
    if known.entered:
        session.execute(
            insert(Consent),
            [
                {"subscriber_id": reader.id, "at": now, "act": act, "wording": WORDING, "source": source}
                for reader, act in known.entered
            ],
        )


def _reader(fields: Mapping[str, str], languages: Collection[str]) -> NewReader:
    """Read one row's fields, or raise a Refusal that says what is wrong with it."""
    language = read_language(fields.get("language") or ENGLISH, languages)
    kind = (fields.get("kind") or RecipientKind.SUBSCRIPTION).strip().lower()
    if kind not in set(RecipientKind):
        raise BadRow(f"kind is {' or '.join(RecipientKind)}, not {kind!r}")
    return NewReader(
        address=read_address(fields.get("address", "")),
        language=language,
        name=_text(fields, "name"),
        kind=RecipientKind(kind),
        organisation=_text(fields, "organisation"),
        post=_text(fields, "post"),
    )


def read_language(text: str, languages: Collection[str]) -> str:
    """Return the language a person means: FR, fr-CH, French, français. Raises BadRow."""
    said = " ".join(text.split()).casefold()
    code = said.replace("_", "-").partition("-")[0]
    found = code if code in languages else _named(languages).get(said)
    if found is None:
        raise BadRow(f"the letter has no language {said[:40]!r} (choose among {', '.join(languages)})")
    return found


def _named(languages: Collection[str]) -> dict[str, str]:
    names = {name: code for code in languages for name in (own_name(code).casefold(),)}
    english = {"english": "en", "french": "fr", "spanish": "es", "arabic": "ar"}
    return names | {name: code for name, code in english.items() if code in languages}


def _text(fields: Mapping[str, str], name: str) -> str | None:
    text = " ".join((fields.get(name) or "").split())
    if len(text) > _LONGEST:
        raise BadRow(f"{name} is longer than {_LONGEST} characters")
    return text or None
