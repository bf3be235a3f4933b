"""VTIMEZONE, written by ourselves so that Outlook, Apple and ical.js all read the same hours from it.

Outlook shifts events by an hour where a zone has RDATE and no RRULE, ical.js reads only the first RDATE
value. So a zone that follows a plain yearly rule gets an RRULE, every other change of the clock its own
STANDARD or DAYLIGHT with DTSTART alone, and RDATE is never written.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from calendar_feed.content_line import content_line
from calendar_feed.posix_rule import Observance
from calendar_feed.zone_history import Transition, ZoneHistory, zone_history

EMPTY_FEED_ZONE = "Etc/UTC"
"""A calendar must hold at least one component (RFC 5545, 3.6); this zone stands in a feed without events."""

_NO_YEARS = 1970


@lru_cache(maxsize=2000)
def vtimezone(zone: str, *, first_year: int, last_year: int) -> bytes:
    """Return a zone's VTIMEZONE that is right for every hour from `first_year` to the end of `last_year`.

    Raises UnknownZone for a name the IANA database does not have.
    """
    history = zone_history(zone)
    lines = [
        content_line("BEGIN", "VTIMEZONE"),
        content_line("TZID", zone),
        content_line("X-LIC-LOCATION", zone),
    ]
    lines += _observances(history, first_year=first_year, last_year=last_year)
    return b"".join([*lines, content_line("END", "VTIMEZONE")])


def empty_feed_zone() -> bytes:
    """Return the VTIMEZONE that makes a feed without events a valid calendar."""
    return vtimezone(EMPTY_FEED_ZONE, first_year=_NO_YEARS, last_year=_NO_YEARS)


def _observances(history: ZoneHistory, *, first_year: int, last_year: int) -> list[bytes]:
    # A clock put back at the midnight that ends these years shows their last hour a second time.
    end = datetime(last_year + 1, 1, 1)  # noqa: DTZ001 - the zone's own clock
    changes = [change for change in history.transitions(last_year=last_year + 1) if change.onset <= end]
    before = [change for change in changes if change.onset.year < first_year]
    within = changes[len(before) :]
    in_force = before[-1] if before else None
    yearly_from = _first_yearly_year(history, first_year=first_year - 1, last_year=last_year)
    lines = []
    new_year = datetime(first_year, 1, 1)  # noqa: DTZ001 - the zone's own clock
    if in_force is not None and in_force.onset.year == first_year - 1:
        within.insert(0, in_force)
    elif not within or within[0].onset > new_year:
        # The clock has not changed since before these years: what it shows begins with the first of them.
        observance = in_force.after if in_force else history.initial
        lines.append(_observance(Transition(new_year, observance, observance), rule=None))
    yearly = {(turn[1], turn[2]): turn[0].recurrence for turn in history.rule.turns()}
    for change in within:
        if yearly_from is None or change.onset.year < yearly_from:
            lines.append(_observance(change, rule=None))
        elif rule := yearly.pop((change.before, change.after), None):
            lines.append(_observance(change, rule=rule))
    return lines


def _first_yearly_year(history: ZoneHistory, *, first_year: int, last_year: int) -> int | None:
    """Return the first year from which every change follows the zone's rule, or None where no RRULE fits."""
    turns = history.rule.turns()
    if not turns or any(turn.recurrence is None for turn, _, _ in turns):
        return None
    # An RRULE goes on for ever, so it must also hold in the years that the file lists beyond the feed's.
    final = max(last_year, history.ruled_from.year)
    changes = list(history.transitions(last_year=final))
    found = None
    for year in range(final, first_year - 1, -1):
        if _of_year(changes, year) != history.by_rule(year):
            break
        found = year
    return found


def _of_year(changes: Sequence[Transition], year: int) -> list[Transition]:
    return [change for change in changes if change.onset.year == year]


def _observance(change: Transition, *, rule: str | None) -> bytes:
    name = _component(change.before, change.after)
    lines = [content_line("BEGIN", name), content_line("DTSTART", f"{change.onset:%Y%m%dT%H%M%S}")]
    if rule:
        lines.append(content_line("RRULE", rule))
    lines += [
        content_line("TZNAME", change.after.name),
        content_line("TZOFFSETFROM", _offset(change.before.offset)),
        content_line("TZOFFSETTO", _offset(change.after.offset)),
        content_line("END", name),
    ]
    return b"".join(lines)


def _component(before: Observance, after: Observance) -> str:
    """Say whether a change is to STANDARD or to DAYLIGHT, as clients understand the words.

    Dublin's winter and Morocco's Ramadan are "daylight time" of minus one hour in the IANA database. Clients
    take DAYLIGHT to be the time ahead, so where the two kinds meet the offset decides.
    """
    if before.daylight != after.daylight and before.offset != after.offset:
        return "DAYLIGHT" if after.offset > before.offset else "STANDARD"
    return "DAYLIGHT" if after.daylight and before != after else "STANDARD"


def _offset(seconds: int) -> str:
    minutes, rest = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{rest:02}" if rest else "")
