"""The hours in which an issue may be sent, by the clock of a zone: "weekdays 08-18 Europe/Zurich".

A window is open while the clock at its place shows one of its hours on one of its days, so a day of 23 or 25
hours needs no rule of its own: what the clock skips is not there, and what it shows twice is open twice.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from newsletter.wall_clock import UnreadableTime, instants_of, read_zone, transition

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED: Final = {
    "daily": frozenset(range(7)),
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
}
_HOURS: Final = re.compile(r"(\d\d)(?::(\d\d))?-(\d\d)(?::(\d\d))?", re.ASCII)
_MIDNIGHT: Final = 24 * 60

# A window opens once a week at least; the clock may skip it once.
_HORIZON: Final = timedelta(days=15)
_DAY: Final = timedelta(days=1)
_MOST_OPENINGS: Final = 200


class UnreadableWindow(UnreadableTime):
    """The window is written so that nobody can tell which is meant."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hours on some days of the week by the clock of one zone.

    `days` counts from Monday, 0. `start` and `end` are minutes after midnight, the end not included; an end
    before the start belongs to the next day.
    """

    days: frozenset[int]
    start: int
    end: int
    zone: str

    def is_open(self, moment: datetime) -> bool:
        """Tell whether an aware moment is inside."""
        local = moment.astimezone(ZoneInfo(self.zone))
        day, minute = local.weekday(), local.hour * 60 + local.minute
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        yesterday = (day - 1) % 7
        return (day in self.days and minute >= self.start) or (yesterday in self.days and minute < self.end)

    def __str__(self) -> str:
        """The window as an editor writes it, and as it is kept."""
        return f"{_written_days(self.days)} {_written_hours(self.start, self.end)} {self.zone}"


def read_window(text: str, *, zone: str) -> Window:
    """Return a window written as "DAYS HOURS [ZONE]"; `zone` is the clock where none is named.

    DAYS: daily, weekdays, weekends, or days like mon,wed-fri. HOURS: 08-18 or 08:30-17:45; to 24 is to the
    end of the day; 22-06 ends on the next one. Raises UnreadableWindow and UnreadableTime.
    """
    words = text.split()
    if len(words) not in {2, 3}:
        raise _unreadable(text, "It has days, hours and a zone.")
    days, (start, end) = _read_days(words[0], text), _read_hours(words[1], text)
    return Window(days=days, start=start, end=end, zone=read_zone(words[2] if len(words) > 2 else zone))


def kept_windows(kept: Sequence[str] | None) -> tuple[Window, ...]:
    """Return the windows of an issue as its row has them."""
    return _kept(tuple(kept)) if kept else ()


def is_open(windows: Iterable[Window], moment: datetime) -> bool:
    """Tell whether an aware moment is inside one of the windows; where there are none, it is."""
    kept = tuple(windows)
    return not kept or any(window.is_open(moment) for window in kept)


def next_opening(windows: Sequence[Window], moment: datetime) -> datetime:
    """Return the first instant (UTC), not before an aware moment, that is inside one of the windows."""
    if is_open(windows, moment):
        return moment.astimezone(UTC)
    return next(at for at in _turns(windows, moment) if is_open(windows, at))


def next_closing(windows: Sequence[Window], moment: datetime) -> datetime | None:
    """Return the first instant (UTC) after a moment inside the windows that is outside; None for never."""
    return next((at for at in _turns(windows, moment) if not is_open(windows, at)), None)


def moment_after(windows: Sequence[Window], moment: datetime, *, seconds: float) -> datetime | None:
    """Return when, from a moment on, the windows will have been open for `seconds`; None for years hence."""
    left, at = timedelta(seconds=seconds), moment
    for _ in range(_MOST_OPENINGS):
        at = next_opening(windows, at)
        closing = next_closing(windows, at)
        if closing is None or closing - at >= left:
            return at + left
        left, at = left - (closing - at), closing
    return None


def _turns(windows: Sequence[Window], moment: datetime) -> Iterator[datetime]:
    """Yield, in order, each instant after the moment at which a window may open or close."""
    found = {at for window in windows for at in _turns_of(window, moment)}
    return iter(sorted(at for at in found if at > moment))


def _turns_of(window: Window, moment: datetime) -> Iterator[datetime]:
    clock = ZoneInfo(window.zone)
    begins, last = (moment - _DAY).astimezone(UTC), moment + _HORIZON
    midnight = begins.astimezone(clock).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for number in range(_HORIZON.days + 2):
        for minutes in (window.start, window.end):
            yield from instants_of(midnight + timedelta(days=number, minutes=minutes), clock)
    # Where the clock itself is changed it jumps into a window or out of it.
    while begins < last:
        ends = begins + _DAY
        if begins.astimezone(clock).utcoffset() != ends.astimezone(clock).utcoffset():
            yield transition(clock, begins, ends)
        begins = ends


@lru_cache(maxsize=64)
def _kept(texts: tuple[str, ...]) -> tuple[Window, ...]:
    return tuple(read_window(text, zone="UTC") for text in texts)


def _read_days(words: str, text: str) -> frozenset[int]:
    if words.casefold() in _NAMED:
        return _NAMED[words.casefold()]
    days: set[int] = set()
    for word in words.casefold().split(","):
        first, dash, last = word.partition("-")
        if first not in _DAYS or (dash and last not in _DAYS):
            raise _unreadable(text, f"“{word}” is no day of the week.")
        begin = _DAYS.index(first)
        length = (_DAYS.index(last) - begin) % 7 if dash else 0
        days |= {(begin + step) % 7 for step in range(length + 1)}
    return frozenset(days)


def _read_hours(words: str, text: str) -> tuple[int, int]:
    found = _HOURS.fullmatch(words)
    if found is None:
        raise _unreadable(text, f"“{words}” is no span of hours.")
    start, end = (
        int(hours) * 60 + int(minutes or 0) for hours, minutes in (found.group(1, 2), found.group(3, 4))
    )
    if start >= _MIDNIGHT or end > _MIDNIGHT or any(int(part or 0) > 59 for part in found.group(2, 4)):
        raise _unreadable(text, f"“{words}” names an hour that no clock shows.")
    if start == end:
        raise _unreadable(text, "It ends when it begins; a whole day is 00-24.")
    return start, end or _MIDNIGHT


def _written_days(days: frozenset[int]) -> str:
    named = {kept: name for name, kept in _NAMED.items()}
    return named.get(days) or ",".join(_DAYS[day] for day in sorted(days))


def _written_hours(start: int, end: int) -> str:
    parts = [divmod(minutes, 60) for minutes in (start, end)]
    if all(minutes == 0 for _, minutes in parts):
        return "-".join(f"{hours:02}" for hours, _ in parts)
    return "-".join(f"{hours:02}:{minutes:02}" for hours, minutes in parts)


def _unreadable(text: str, why: str) -> UnreadableWindow:
    return UnreadableWindow(
        f"“{text}” is not a window this program reads. {why} Write it like “weekdays 08-18 Europe/Zurich”, "
        "“mon,wed-fri 08:30-17:45” or “daily 22-06 UTC”."
    )
