"""jCal (RFC 7265): the same calendar in JSON."""

import json

import icalendar


def jcal(data: bytes) -> bytes:
    """Return a calendar that we wrote as jCal."""
    tree = icalendar.Calendar.from_ical(data).to_jcal()
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
