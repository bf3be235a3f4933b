"""Checking a ledger with nothing but its file: that it is whole, in order, and as it was written."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TextIO

from models import DeliveryState, Refusal
from newsletter.chain import FORM, Sealing, first_link, look_at_seal, next_link
from newsletter.deliveries import OPEN
from newsletter.keys import Keys
from newsletter.ledger import ANCHOR, COLUMNS, FACTS, LATER, LINK, NUMBER, SEAL

_PLACE: Final = {name: place for place, name in enumerate(COLUMNS)}
_LINKED: Final = len((*FACTS, LATER, NUMBER))
_COUNTED: Final = {
    DeliveryState.ACCEPTED: "accepted",
    DeliveryState.REJECTED: "rejected",
    DeliveryState.SKIPPED: "skipped",
    DeliveryState.IN_DOUBT: "in_doubt",
    **dict.fromkeys(OPEN, "open"),
}
_SEAL: Final = re.compile(r"[0-9a-f]{2}\.[0-9a-f]{64}")
_ENDED: Final = ("accepted", "rejected", "skipped", "in_doubt", "open")


class LedgerBroken(Refusal):
    """The file is not a ledger as this service wrote it."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A ledger that is whole: what it is anchored to, its rows, the end of its chain, and who sealed it.

    `seal` is None when there was no key to look at it with.
    """

    anchor: Mapping[str, Any]
    rows: int
    last_link: str
    seal: Sealing | None


@dataclass(slots=True)
class _Reading:
    """How far a ledger has been read."""

    rows: Iterator[list[str]]
    anchor: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    number: int = 0
    seal: str = ""
    states: Counter[str] = field(default_factory=Counter)


def verify_ledger(file: TextIO, *, keys: Keys | None = None, last_link: str | None = None) -> Verified:
    """Read a ledger through (memory stays flat) and return what it says, or raise LedgerBroken.

    The refusal says which row was changed, taken out, put in or moved, or where the file was cut. With
    `keys`, a seal that pretends to be of one of them is refused too; with `last_link`, kept apart when the
    ledger was written, a chain that ends elsewhere.
    """
    reading = _Reading(_lines(file))
    _require_columns(next(reading.rows, []))
    for row in reading.rows:
        _read(reading, row)
    if reading.number == 0:
        raise LedgerBroken("The file has no row: the sending had not begun, or every row was taken out.")
    _require_numbers(reading)
    if last_link is not None and last_link.strip().lower() != reading.link:
        raise LedgerBroken(
            f"The chain ends in {reading.link}, not in {last_link.strip()}: this is not the ledger "
            "whose end was kept."
        )
    sealing = None if keys is None else look_at_seal(keys, reading.seal, reading.link)
    if sealing is Sealing.FORGED:
        raise LedgerBroken(
            "The seal is not this service's, though it names its key: the whole chain was computed anew "
            "by somebody else."
        )
    return Verified(reading.anchor, reading.number, reading.link, sealing)


def _lines(file: TextIO) -> Iterator[list[str]]:
    try:
        yield from csv.reader(file, strict=True)
    except csv.Error as error:
        raise LedgerBroken(f"The file cannot be read as CSV ({error}): it was cut off or changed.") from error
    except UnicodeDecodeError as error:
        raise LedgerBroken("The file is not text in UTF-8: it was changed.") from error


def _require_columns(heads: Sequence[str]) -> None:
    if list(heads) != list(COLUMNS):
        raise LedgerBroken(
            f"This is not a ledger: its first line must name the columns {', '.join(COLUMNS)}. "
            "Export one with: iscm newsletter ledger ISSUE"
        )


def _read(reading: _Reading, row: list[str]) -> None:
    expected = reading.number + 1
    if len(row) != len(COLUMNS):
        rest = next(reading.rows, None)
        if rest is None:
            raise LedgerBroken(f"Row {expected} is cut off: the file ends in the middle of it.")
        raise LedgerBroken(f"Row {expected} has {len(row)} values instead of {len(COLUMNS)}: it was changed.")
    if row[_PLACE[NUMBER]] != str(expected):
        raise LedgerBroken(_misplaced(reading, row[_PLACE[NUMBER]]))
    if expected == 1:
        reading.anchor = _anchor(row[_PLACE[ANCHOR]])
        reading.link = first_link(row[_PLACE[ANCHOR]])
    elif row[_PLACE[ANCHOR]]:
        raise LedgerBroken(f"Row {expected} has an anchor, which only the first row has: it was changed.")
    link = next_link(reading.link, row[:_LINKED])
    if link != row[_PLACE[LINK]]:
        raise LedgerBroken(_unlinked(row, expected))
    if reading.seal:
        raise LedgerBroken(f"Row {expected} stands after the sealed end of the ledger: it was put in.")
    state = row[_PLACE["state"]]
    if row[_PLACE["edition"]] not in reading.anchor["editions"] or state not in list(DeliveryState):
        raise LedgerBroken(f"Row {expected} names an edition or a state that the issue does not have.")
    reading.states[_COUNTED[DeliveryState(state)]] += 1
    reading.number, reading.link, reading.seal = expected, link, row[_PLACE[SEAL]]


def _misplaced(reading: _Reading, found: str) -> str:
    """Say what became of the row that should stand here: moved, taken out, or there twice."""
    expected, before = reading.number + 1, reading.number
    if not (found.isascii() and found.isdigit()):
        return f"Row {expected} has no number any more: it was changed."
    if int(found) <= before:
        return f"Row {found} stands a second time, after row {before}: rows were copied or moved."
    if any(len(row) > _PLACE[NUMBER] and row[_PLACE[NUMBER]] == str(expected) for row in reading.rows):
        return (
            f"The rows are out of order: row {found} stands where row {expected} should, which comes later."
        )
    missing = (
        f"Row {expected} is" if int(found) == expected + 1 else f"Rows {expected} to {int(found) - 1} are"
    )
    where = f"row {found} follows row {before}" if before else f"the first row is row {found}"
    return f"{missing} missing: {where}."


def _anchor(text: str) -> Mapping[str, Any]:
    try:
        anchor: Mapping[str, Any] = json.loads(text)
        form, editions = anchor["form"], anchor["editions"]
        numbers = [anchor[name] for name in ("candidates", "excluded", "included", *_ENDED)]
    except (ValueError, KeyError, TypeError):
        form, editions, numbers = None, None, []
    if form is None or not isinstance(editions, dict) or not all(isinstance(one, int) for one in numbers):
        raise LedgerBroken("Row 1 has no anchor that can be read: it was changed, or taken out.")
    if form != FORM:
        raise LedgerBroken(f"The ledger is of form {form}, which this program does not know.")
    return anchor


def _unlinked(row: Sequence[str], number: int) -> str:
    address = row[_PLACE["address"]]
    if number == 1:
        return f"Row 1 ({address}) or its anchor was changed after the export."
    return (
        f"Row {number} ({address}) does not continue row {number - 1}: it was changed after the export, or a "
        "row before it was taken out and the rest numbered anew."
    )


def _require_numbers(reading: _Reading) -> None:
    """Raise LedgerBroken unless the end is there, and the rows are those the issue's numbers tell of."""
    anchor, rows = reading.anchor, reading.number
    included = anchor["included"]
    if rows < included:
        rest = included - rows
        raise LedgerBroken(
            f"The file ends after row {rows} of {included}: the last "
            f"{'row is' if rest == 1 else f'{rest} rows are'} missing."
        )
    if not _SEAL.fullmatch(reading.seal):
        raise LedgerBroken(f"Row {rows} is the last, and its seal is missing or cut off.")
    told = {name: anchor[name] for name in _ENDED}
    if rows != included or any(reading.states[name] != number for name, number in told.items()):
        name = next((one for one in _ENDED if reading.states[one] != told[one]), "included")
        raise LedgerBroken(
            f"The rows and the issue's numbers differ: {reading.states[name] if name in told else rows} rows "
            f"are {name.replace('_', ' ')}, and the anchor says {anchor[name]}."
        )
    if anchor["candidates"] != included + anchor["excluded"] or included != sum(told.values()):
        raise LedgerBroken(
            "The issue's numbers do not add up: candidates = included + excluded, and included = accepted + "
            "rejected + skipped + in doubt + open."
        )
