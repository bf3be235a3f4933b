"""What calendars should say, reckoned naively: a second opinion that shares no code with the feeds.

It tells nothing of wording. Of each meeting it keeps what its event must depend on; when that is the same as
before, the event must be the same to the byte, and when it is not, the event must differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.meeting import Kind
from models.when import Precision
from templates.states import state_codes
from tests.calendar_feed.edits.plain_record import PlainRecord, Row

Place = tuple[str, str]
"""A key of a feed and a language, or a UID and a language."""

_SHOWN_AS = {"held": "confirmed", "planned": "confirmed", "confirmed": "confirmed"}


@dataclass(frozen=True)
class Expected:
    """What must be in calendars: what is told of each event, what moves SEQUENCE, who is where, headers."""

    told: Mapping[Place, Any]
    anchors: Mapping[str, Any]
    starts: Mapping[str, tuple[str, str]]
    held_in: Mapping[str, frozenset[str]]
    headers: Mapping[Place, Any]


def expected(record: PlainRecord, languages: Iterable[str], *, stored: Iterable[str]) -> Expected:
    """Return what must be in calendars; feeds that are `stored` once (by key) stay for ever."""
    shown = {uid: row for uid, row in record.meetings.items() if _is_shown(row, record.as_of)}
    feeds: dict[str, set[str]] = {key: set() for key in {*_feeds(record), *stored}}
    countries = {key.partition("/")[2] for key in feeds if key.startswith("country/")}
    for uid, row in shown.items():
        for key in _feeds_of(row, record, countries):
            feeds[key].add(uid)
    languages = list(languages)
    return Expected(
        told={
            (uid, language): _told(row, record, language)
            for uid, row in shown.items()
            for language in languages
        },
        anchors={uid: _anchor(row) for uid, row in shown.items()},
        starts={uid: (_start(row), uid) for uid, row in shown.items()},
        held_in={key: frozenset(uids) for key, uids in feeds.items()},
        headers={(key, language): _header(key, record, language) for key in feeds for language in languages},
    )


def _is_shown(row: Row, as_of: date) -> bool:
    if row["visibility"] == "hidden" or not row["mechanisms"]:
        return False
    if row["precision"] not in {"moment", "day", "month"} or row["first_day"] is None:
        return False
    last = row["last_day"] or row["first_day"]
    if row["status"] == "cancelled":
        return bool(as_of <= last + timedelta(days=30))
    return row["precision"] != "month" or row["status"] == "held" or bool(as_of <= last)


def _span(row: Row) -> tuple[Any, ...]:
    """Return start and end as a calendar knows them: one sitting has hours, everything else days."""
    first, last = row["first_day"], row["last_day"]
    if row["precision"] == Precision.MONTH or last is None:
        return ("days", first, first, None)
    if row["precision"] == Precision.DAY:
        return ("days", first, last, None)
    clock = ZoneInfo(row["zone"])
    if row["end_time"] is None:
        return ("days", first, last, None)
    start = datetime.combine(first, row["start_time"], clock).timestamp()
    end = datetime.combine(last, row["end_time"], clock).timestamp()
    if end > start and (first == last or end - start <= 12 * 3600):
        return ("hours", (first, row["start_time"]), (last, row["end_time"]), row["zone"])
    hours = (row["start_time"], row["end_time"], row["zone"])
    return ("days", first, last, hours if row["end_time"] > row["start_time"] else None)


def _start(row: Row) -> str:
    kind, start, *_ = _span(row)
    return f"{start[0]:%Y%m%d}T{start[1]:%H%M%S}" if kind == "hours" else f"{start:%Y%m%d}T000000"


def _years(row: Row) -> range:
    _, start, end, _ = _span(row)
    first, last = (one[0] if isinstance(one, tuple) else one for one in (start, end))
    return range(first.year, last.year + 1)


def _status(row: Row) -> str:
    if row["precision"] == "month" and row["status"] in {"planned", "tentative", "confirmed"}:
        return "only the month"
    if row["precision"] == "month" and row["status"] == "held":
        return "month, held"
    return _SHOWN_AS.get(row["status"], str(row["status"]))


def _anchor(row: Row) -> Any:  # noqa: ANN401 - compared and never looked into
    """Return start, end, zone, place and status: what SEQUENCE grows with."""
    month = row["precision"] == "month"
    return (_span(row), _status(row), month, row["mode"], row["venue"], row["city"], row["country"])


def _told(row: Row, record: PlainRecord, language: str) -> Any:  # noqa: ANN401 - the same
    last = row["last_day"] or row["first_day"]
    open_status = row["status"] not in {"held", "postponed", "cancelled"}
    moved_until = row["moved_at"].date() + timedelta(days=60) if row["moved_at"] else None
    return (
        _anchor(row),
        *(row[name] for name in ("precision", "first_day", "last_day", "start_time", "end_time", "zone")),
        _in(row, "title", language),
        row["kind"],
        *(row[name] for name in ("latitude", "longitude", "join_link", "theme", "sessions", "local_times")),
        row["interpretation"],
        row["reason"] if row["status"] in {"cancelled", "postponed"} else None,
        row["previous_when"]
        if _status(row) not in {"cancelled", "postponed", "month, held"}
        and moved_until is not None
        and record.as_of < moved_until
        else None,
        "announced" if open_status and row["precision"] != "month" and record.as_of > last else None,
        row["documents"],
        [
            (_in(record.mechanisms[slug], "short_name", language), record.mechanisms[slug]["type"],
             record.mechanisms[slug]["is_iscm"])
            for slug in row["mechanisms"]
        ],
    )  # fmt: skip


def _in(row: Row, name: str, language: str) -> str:
    """Return words in a language, or in English where they are not known in it."""
    return str((row.get(f"{name}_in") or {}).get(language) or row[name])


def _feeds_of(row: Row, record: PlainRecord, countries: set[str]) -> Iterable[str]:
    yield "all"
    yield f"kind/{row['kind']}"
    yield from (f"theme/{slug}" for slug in row["themes"])
    yield from (f"archive/{year}" for year in _years(row))
    for slug in row["mechanisms"]:
        mechanism = record.mechanisms[slug]
        yield f"mechanism/{slug}"
        yield f"type/{mechanism['type']}"
        yield from (f"region/{region}" for region in mechanism["regions"])
        everyone = countries if "global" in mechanism["regions"] else mechanism["states"]
        yield from (f"country/{code}" for code in everyone)


def _countries(record: PlainRecord) -> set[str]:
    places = {row["country"].lower() for row in record.meetings.values() if row["country"]}
    return {code.lower() for code in state_codes()} | record.codes | places


def _feeds(record: PlainRecord) -> Iterable[str]:
    yield "all"
    yield from ("type/rcp", "type/irf", "type/global")
    yield from (f"mechanism/{slug}" for slug in record.mechanisms)
    yield from (f"kind/{kind}" for kind in Kind)
    yield from (f"region/{slug}" for slug in record.regions)
    yield from (f"theme/{slug}" for slug in record.themes)
    yield from (f"country/{code}" for code in _countries(record))
    dated = [row for row in record.meetings.values() if row["visibility"] == "public" and row["first_day"]]
    if dated:
        first = min(row["first_day"] for row in dated).year
        last = max(row["last_day"] or row["first_day"] for row in dated).year
        yield from (f"archive/{year}" for year in range(first, last + 1))


def _header(key: str, record: PlainRecord, language: str) -> Any:  # noqa: ANN401 - compared and never looked into
    """Return what a feed's header must depend on."""
    family, _, name = key.partition("/")
    match family:
        case "mechanism":
            row = record.mechanisms[name]
            return (_in(row, "short_name", language), _in(row, "name", language), row["type"])
        case "region":
            return _in(record.regions[name], "name", language)
        case "theme":
            return _in(record.themes[name], "name", language)
    return None
