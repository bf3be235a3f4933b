"""Which IANA zone is meant by the names that programs write: IANA's own, Windows', those of old libraries."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import get_global

from models.zone import UnknownZone, known_zone

UTC_ZONE: Final = "UTC"

# CLDR's table answers with names that the IANA database has replaced since; readers know today's.
_RENAMED: Final = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Etc/UTC": UTC_ZONE,
    "Europe/Kiev": "Europe/Kyiv",
}
# "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", as Outlook shows a zone and some versions write it.
_SHOWN: Final = re.compile(
    r"\((?:UTC|GMT)(?P<sign>[+-])?(?P<hours>\d\d)?:?(?P<minutes>\d\d)?\)\s*(?P<cities>.*)"
)
_WINTER: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
_SUMMER: Final = datetime(2026, 7, 15, 12, tzinfo=UTC)


def meant_zone(name: str, *, defined: Mapping[str, str | None]) -> str:
    """Return the IANA zone that `name` means; raise UnknownZone, whose sentence says what to write.

    `defined` gives, for each VTIMEZONE of the file, its X-LIC-LOCATION. A definition's rules are not taken:
    they are often cut to one year, and the IANA database knows the place's clock better.
    """
    for candidate in (name, defined.get(name)):
        if candidate and (found := _by_name(candidate.strip())):
            return found
    raise UnknownZone(
        f"The zone “{name:.80}” is neither of the IANA database nor one of Windows. "
        "Write the hours in a zone like Europe/Zurich."
    )


def is_windows_zone(name: str) -> bool:
    """Say whether Windows calls a group of countries by this name, so that it does not name a place."""
    return name.strip().casefold() in _windows() or _SHOWN.match(name.strip()) is not None


def zones_of(country: str) -> tuple[str, ...]:
    """Return the zones of a country (ISO 3166-1 alpha-2), as the IANA database lists them."""
    return tuple(zone for zone, code in _countries().items() if code == country)


def country_of(zone: str) -> str | None:
    """Return the country whose clock a zone is, or None for UTC and fixed offsets."""
    found = _countries().get(zone) or get_global("zone_territories").get(zone)
    return found if found and found != "ZZ" and len(found) == 2 else None


def local_zone(zone: str, *, country: str, at: datetime) -> str | None:
    """Return the country's zone with the same clock as `zone` at that wall time, if there is just one."""
    same = [
        one
        for one in zones_of(country)
        if at.replace(tzinfo=ZoneInfo(one)).utcoffset() == at.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    ]
    return same[0] if len(same) == 1 else None


def _by_name(name: str) -> str | None:
    """Find a zone by a name: IANA's, behind a library's path too, Windows', or as Outlook shows it."""
    plain = name.strip('"')
    if found := _windows().get(plain.casefold()):
        return found
    parts = [part for part in plain.split("/") if part]
    for length in (3, 2, 1):  # "/mozilla.org/20050126_1/Europe/Brussels"
        if len(parts) >= length and (length > 1 or len(parts) == 1):
            try:
                return known_zone("/".join(parts[-length:]))
            except UnknownZone:
                continue
    shown = _SHOWN.match(plain)
    return _by_cities(shown) if shown else None


def _by_cities(shown: re.Match[str]) -> str | None:
    """Find the zone of the first city that Outlook names and that has the offset it shows."""
    minutes = int(shown["hours"] or 0) * 60 + int(shown["minutes"] or 0)
    minutes = -minutes if shown["sign"] == "-" else minutes
    for city in shown["cities"].split(","):
        for zone in _cities().get(_bare(city), ()):
            # South of the equator January is summer: the standard offset is the lesser of the two.
            offsets = (day.astimezone(ZoneInfo(zone)).utcoffset() for day in (_WINTER, _SUMMER))
            if min(offset.total_seconds() // 60 for offset in offsets if offset is not None) == minutes:
                return zone
    return UTC_ZONE if not minutes and "coordinated" in shown["cities"].casefold() else None


@cache
def _windows() -> dict[str, str]:
    """CLDR's table, through babel: the IANA zone that each Windows zone means, by its folded name."""
    table: Mapping[str, str] = get_global("windows_zone_mapping")
    return {name.casefold(): _RENAMED.get(zone, zone) for name, zone in table.items()}


@cache
def _countries() -> dict[str, str]:
    """Every zone that is a place's own, with its country: zone.tab of the IANA database, in its order."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[2].strip(): row[0] for row in rows}


@cache
def _cities() -> dict[str, list[str]]:
    cities: dict[str, list[str]] = {}
    for zone in _countries():
        cities.setdefault(_bare(zone.rpartition("/")[2]), []).append(zone)
    return cities


def _bare(city: str) -> str:
    return city.strip().replace("_", " ").casefold()
