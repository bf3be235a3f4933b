"""The meetings of an .ics file: each event read, each series written out, each fault told beside its line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from calendar_feed.importing.components import RECORD, RawCalendar, RawEvent, take_apart
from calendar_feed.importing.event_reading import Properties, first_text, told_of
from calendar_feed.importing.event_times import Clock, Times, Wall, read_point, read_times
from calendar_feed.importing.properties import UnreadableEvent, read_properties
from calendar_feed.importing.series import Date, Horizon, date_key, dates_of, is_series
from calendar_feed.importing.source_file import MOST_MEETINGS, UnreadableFile
from calendar_feed.importing.title_reading import marked_title
from calendar_feed.importing.told import Entry
from calendar_feed.importing.zone_names import meant_zone
from models.refusal import Refusal
from models.zone import UnknownZone

_LONGEST_UID: Final = 200
_DAY: Final = timedelta(days=1)
_ANSWERS: Final = frozenset({"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"})


@dataclass(frozen=True, slots=True)
class _Event:
    """One event with its properties; `times` is None for an entry of our export without a day."""

    raw: RawEvent
    properties: Properties
    clock: Clock
    times: Times | None


def read_ics(
    data: bytes, *, name: str, today: date, zone: str | None = None
) -> tuple[list[Entry], list[str]]:
    """Return the meetings of a file in its order, and what is to be said of the file as a whole.

    `today` is the day around which series are written out; `zone` an IANA zone for hours that have none. An
    event that cannot be read is an entry with its refusal. Raises UnreadableFile.
    """
    raws, others = take_apart(data, name=name)
    notes = [
        f"{number} {kind} in the file are not events and were passed over." for kind, number in others.items()
    ]
    clocks = {id(raw.calendar): raw.calendar for raw in raws}
    ready = {key: _clock(calendar, name=name, zone=zone) for key, calendar in clocks.items()}
    entries: list[Entry] = []
    masters: list[_Event] = []
    for raw in raws:
        try:
            masters.append(_read(raw, clock=ready[id(raw.calendar)]))
        except Refusal as refusal:
            entries.append(Entry(line=raw.line, title=_title_of(raw), refusal=str(refusal)))
    masters, repaired = _with_exclusive_ends(masters)
    if repaired:
        notes.append(repaired)
    horizon = Horizon.around(today)
    overrides = _overrides(masters)
    for event in masters:
        try:
            entries += _entries_of(event, overrides=overrides, horizon=horizon)
        except UnreadableFile:
            raise
        except Refusal as refusal:
            entries.append(Entry(line=event.raw.line, title=_title_of(event.raw), refusal=str(refusal)))
        if len(entries) > MOST_MEETINGS:
            raise UnreadableFile(
                f"{name} holds more than {MOST_MEETINGS:,} meetings when its series are written out."
            )
    entries.sort(key=lambda entry: entry.line)
    return entries, notes


def _clock(calendar: RawCalendar, *, name: str, zone: str | None) -> Clock:
    """Return how the hours of a calendar are meant; raise UnreadableFile for what is none to be read."""
    method = calendar.facts.get("METHOD", "").upper()
    if method in _ANSWERS:
        raise UnreadableFile(f"{name} is an answer to an invitation (METHOD:{method}), not a calendar.")
    if calendar.facts.get("VERSION", "2.0").startswith("1"):
        raise UnreadableFile(
            f"{name} is vCalendar 1.0, the form before iCalendar; export it as iCalendar (.ics)."
        )
    named = calendar.facts.get("X-WR-TIMEZONE")
    if zone is None and named:
        try:
            zone = meant_zone(named, defined=calendar.zones)
        except UnknownZone:
            zone = None
    return Clock(zone, calendar.zones)


def _read(raw: RawEvent, *, clock: Clock) -> _Event:
    properties = read_properties(raw)
    if raw.kind == "VJOURNAL":
        if RECORD not in properties:
            raise UnreadableEvent("It is a journal entry, not an event.")
        return _Event(raw, properties, clock, None)
    if "SUMMARY" not in properties:
        raise UnreadableEvent("The event has no SUMMARY, so it has no title.")
    return _Event(raw, properties, clock, read_times(properties, clock=clock))


def _with_exclusive_ends(events: Sequence[_Event]) -> tuple[list[_Event], str | None]:
    """Put right the ends of a writer who takes DTEND for the last day, where the whole file makes it plain.

    It does when several one-day events end on the day they begin, and none on the next, as it should.
    """
    whole = [
        times for event in events if (times := event.times) is not None and not isinstance(times.start, Wall)
    ]
    lengths = [times.end - times.start for times in whole if isinstance(times.end, date)]  # type: ignore[operator]  # whole days
    same, next_day = lengths.count(timedelta(0)), lengths.count(_DAY)
    if same < 2 or next_day:
        return list(events), None
    longer = len(lengths) - same
    note = (
        f"All whole-day events of the file end on their last day instead of the day after; "
        f"{longer} longer ones were read that way too."
    )
    return [_with_last_day(event) for event in events], note if longer else None


def _with_last_day(event: _Event) -> _Event:
    times = event.times
    if (
        times is None
        or isinstance(times.start, Wall)
        or not isinstance(times.end, date)
        or times.end == times.start
    ):
        return event
    return replace(event, times=replace(times, end=times.end + _DAY))


def _overrides(events: Iterable[_Event]) -> dict[str, dict[str, _Event]]:
    """Return, by UID and date, the events that take the place of one date of a series."""
    found: dict[str, dict[str, _Event]] = {}
    for event in events:
        if "RECURRENCE-ID" in event.properties and event.times is not None:
            uid = _uid_text(event)
            if uid:
                found.setdefault(uid, {})[_recurrence_key(event)] = event
    return found


def _recurrence_key(event: _Event) -> str:
    one = event.properties["RECURRENCE-ID"][0]
    try:
        point = read_point(one, one.value, clock=event.clock)
    except Refusal:
        return one.value
    return date_key(point, event.times) if event.times else one.value


def _entries_of(
    event: _Event, *, overrides: Mapping[str, Mapping[str, _Event]], horizon: Horizon
) -> Iterable[Entry]:
    uid = _uid_text(event)
    if event.times is None:
        return [_entry(event, uid=uid)]
    if "RECURRENCE-ID" in event.properties:
        if event.properties["RECURRENCE-ID"][0].parameters.get("RANGE"):
            raise UnreadableEvent(
                "It changes a series from one date on (RANGE); ask for the dates written out."
            )
        return [_entry(event, uid=_date_uid(uid, _recurrence_key(event)))]
    if not is_series(event.properties):
        return [_entry(event, uid=uid)]
    dates, beyond = dates_of(
        event.properties, event.times, clock=event.clock, horizon=horizon, line=event.raw.line
    )
    replaced = overrides.get(uid or "", {})
    entries = [_of_series(event, one, uid=uid) for one in dates if one.key not in replaced]
    if beyond and entries:
        entries[0].warnings.append("The series goes on; only its dates within two years of today were taken.")
    return entries


def _of_series(event: _Event, one: Date, *, uid: str | None) -> Entry:
    entry = _entry(replace(event, times=one.times), uid=_date_uid(uid, one.key))
    entry.is_gone = one.is_gone
    return entry


def _entry(event: _Event, *, uid: str | None) -> Entry:
    """Return the entry of one event, with its refusal where its values cannot be read."""
    entry = Entry(line=event.raw.line, uid=_short(uid), title=_title_of(event.raw))
    entry.slug = first_text(event.properties, "X-ISCM-SLUG")
    try:
        entry.told, entry.warnings = told_of(
            event.properties, times=event.times, clock=event.clock, calendar=event.raw.calendar.facts
        )
    except Refusal as refusal:
        entry.refusal = str(refusal)
    return entry


def _uid_text(event: _Event) -> str | None:
    return first_text(event.properties, "UID")


def _date_uid(uid: str | None, key: str) -> str | None:
    return f"{uid}_{key}" if uid else None


def _short(uid: str | None) -> str | None:
    """Return a UID as it is kept: one too long, or with blanks in it, becomes another, always the same."""
    if uid is None or (len(uid) <= _LONGEST_UID and uid.isprintable() and " " not in uid):
        return uid
    return str(uuid5(NAMESPACE_URL, uid))


def _title_of(raw: RawEvent) -> str | None:
    """Return a title for the report, however damaged the event is."""
    for _number, line in raw.lines:
        if line[:7].upper() == b"SUMMARY":
            text = line.partition(b":")[2][:200].decode("utf-8", errors="replace").replace("\\,", ",")
            return marked_title(text, is_ours=False)[1] or None
    return None
