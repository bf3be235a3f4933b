"""libical through ctypes: the parser of GNOME and KDE, with its own check of what RFC 5545 allows."""

import ctypes
import ctypes.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

NAMES = ("libical.so.3", "libical.so.4")


class _Time(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    )


def library() -> ctypes.CDLL:
    """Load the library; a missing one skips the test, or fails it where everything must be there."""
    for name in NAMES:
        try:
            return _typed(ctypes.CDLL(name))
        except OSError:
            continue
    reason = "libical is missing; `make system-packages` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _typed(ical: ctypes.CDLL) -> ctypes.CDLL:
    for name in (
        "icalparser_parse_string",
        "icalcomponent_get_first_component",
        "icalcomponent_get_next_component",
        "icalcomponent_get_uid",
        "icalcomponent_get_summary",
    ):
        getattr(ical, name).restype = ctypes.c_void_p
    ical.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    ical.icalcomponent_get_first_component.argtypes = [ctypes.c_void_p, ctypes.c_int]
    ical.icalcomponent_get_next_component.argtypes = [ctypes.c_void_p, ctypes.c_int]
    ical.icalcomponent_string_to_kind.argtypes = [ctypes.c_char_p]
    for name in ("icalcomponent_get_uid", "icalcomponent_get_summary"):
        getattr(ical, name).restype = ctypes.c_char_p
    for name in ("icalcomponent_get_dtstart", "icalcomponent_get_dtend"):
        getattr(ical, name).restype = _Time
    for name in (
        "icalcomponent_get_uid",
        "icalcomponent_get_summary",
        "icalcomponent_get_dtstart",
        "icalcomponent_get_dtend",
        "icalcomponent_count_errors",
        "icalrestriction_check",
        "icalcomponent_free",
    ):
        getattr(ical, name).argtypes = [ctypes.c_void_p]
    ical.icaltime_as_timet_with_zone.argtypes = [_Time, ctypes.c_void_p]
    ical.icaltime_as_timet_with_zone.restype = ctypes.c_long
    return ical


class Calendar:
    """One calendar as libical understood it."""

    def __init__(self, ical: ctypes.CDLL, root: int) -> None:
        """Hold the parsed calendar; `parsed` frees it."""
        self._ical, self._root = ical, root

    @property
    def errors(self) -> int:
        """How many values or lines could not be read."""
        return int(self._ical.icalcomponent_count_errors(self._root))

    @property
    def is_allowed(self) -> bool:
        """Whether every component holds what RFC 5545 allows, as often as it allows."""
        return bool(self._ical.icalrestriction_check(self._root))

    def starts(self) -> dict[str, datetime]:
        """The start of each event in UTC by UID, its zone read from the calendar's own VTIMEZONE."""
        return {uid: self._instant(event, "dtstart") for uid, event in self._events()}

    def ends(self) -> dict[str, datetime]:
        """The end of each event, likewise."""
        return {uid: self._instant(event, "dtend") for uid, event in self._events()}

    def summaries(self) -> dict[str, str]:
        """The title of each event by UID."""
        return {uid: self._ical.icalcomponent_get_summary(event).decode() for uid, event in self._events()}

    def _events(self) -> Iterator[tuple[str, int]]:
        kind = self._ical.icalcomponent_string_to_kind(b"VEVENT")
        event = self._ical.icalcomponent_get_first_component(self._root, kind)
        while event:
            yield self._ical.icalcomponent_get_uid(event).decode(), event
            event = self._ical.icalcomponent_get_next_component(self._root, kind)

    def _instant(self, event: int, which: str) -> datetime:
        time = getattr(self._ical, f"icalcomponent_get_{which}")(event)
        seconds = self._ical.icaltime_as_timet_with_zone(time, time.zone)
        return datetime.fromtimestamp(seconds, UTC)


@contextmanager
def parsed(data: bytes) -> Iterator[Calendar]:
    """Give what libical reads from a calendar's bytes."""
    ical = library()
    root = ical.icalparser_parse_string(data)
    assert root, "libical reads nothing from it"
    try:
        yield Calendar(ical, root)
    finally:
        ical.icalcomponent_free(root)
