"""The history of a zone's clock, read from tzdata's own file (TZif, RFC 9636).

`zoneinfo` answers which offset holds at an instant but does not tell when it changes; a VTIMEZONE has to. The
files are those of the tzdata package, never the system's, which may be years old.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import metadata, resources

from calendar_feed.posix_rule import Observance, PosixRule
from models.zone import UnknownZone

_HEADER = struct.Struct(">4sc15x6l")
_TYPE = struct.Struct(">lBB")
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of the clock: `onset` is what the clock shows just before (naive), as VTIMEZONE wants it."""

    onset: datetime
    before: Observance
    after: Observance

    @property
    def instant(self) -> datetime:
        """When it happens, in UTC (naive)."""
        return self.onset - timedelta(seconds=self.before.offset)


@dataclass(frozen=True, slots=True)
class ZoneHistory:
    """All changes a zone's file lists, what held before the first, and the rule by which it goes on.

    `ruled_from` is the instant (UTC, naive) after which the rule alone holds. It may be later than the last
    change: Riga did without summer time in 2000, and its rule begins after that.
    """

    initial: Observance
    listed: tuple[Transition, ...]
    ruled_from: datetime
    rule: PosixRule

    def transitions(self, *, last_year: int) -> Iterator[Transition]:
        """Yield every change up to the end of `last_year`, in order."""
        yield from (change for change in self.listed if change.onset.year <= last_year)
        for year in range(self.ruled_from.year, last_year + 1):
            yield from (change for change in self.by_rule(year) if change.instant > self.ruled_from)

    def by_rule(self, year: int) -> list[Transition]:
        """Return the changes the rule gives a year, in order."""
        changes = [Transition(turn.onset(year), before, after) for turn, before, after in self.rule.turns()]
        return sorted(changes, key=lambda change: change.onset)


@lru_cache(maxsize=700)
def zone_history(zone: str) -> ZoneHistory:
    """Read a zone's history. Raises UnknownZone for a name tzdata does not have."""
    path = resources.files("tzdata").joinpath("zoneinfo", *zone.split("/"))
    if not _ZONE_NAME.fullmatch(zone) or not path.is_file():
        raise UnknownZone(f"“{zone}” is not a zone of the IANA database; write it like Europe/Zurich.")
    return _read(path.read_bytes())


@cache
def zone_release() -> str:
    """Return the release of the tzdata package in use, for example 2026.6 (the IANA database's 2026f).

    It is asked for once: a package exchanged under a running process is not the one its zones were read from.
    """
    return metadata.version("tzdata")


def _read(data: bytes) -> ZoneHistory:
    """Read the second block of a TZif file, the one with 64-bit times, and its footer."""
    _, _, *counts = _HEADER.unpack_from(data)
    utc_flags, standard_flags, leaps, times, types, letters = counts
    start = _HEADER.size + times * 5 + types * 6 + letters + leaps * 8 + standard_flags + utc_flags
    _, _, *counts = _HEADER.unpack_from(data, start)
    utc_flags, standard_flags, leaps, times, types, letters = counts
    at = start + _HEADER.size
    instants = struct.unpack_from(f">{times}q", data, at)
    indices = data[at + times * 8 : at + times * 9]
    at += times * 9
    names = data[at + types * 6 : at + types * 6 + letters]
    kinds = [_observance(_TYPE.unpack_from(data, at + number * 6), names) for number in range(types)]
    at += types * 6 + letters + leaps * 12 + standard_flags + utc_flags
    footer = data[at:].decode("ascii").strip()
    listed, current = [], kinds[0]
    for instant, index in zip(instants, indices, strict=True):
        # A change of nothing but a name's case or a fold of history is of no use to a calendar.
        if kinds[index] != current:
            listed.append(Transition(_shown(instant, current.offset), current, kinds[index]))
            current = kinds[index]
    ruled_from = _shown(instants[-1], 0) if instants else _EPOCH
    return ZoneHistory(kinds[0], tuple(listed), ruled_from, PosixRule.parse(footer))


def _observance(fields: tuple[int, int, int], names: bytes) -> Observance:
    offset, daylight, start = fields
    return Observance(offset, bool(daylight), names[start : names.index(b"\0", start)].decode("ascii"))


def _shown(instant: int, offset: int) -> datetime:
    """Return what a clock with this offset shows at an instant given in seconds since 1970."""
    return _EPOCH + timedelta(seconds=max(instant, -(2**35)) + offset)
