"""jCal (RFC 7265): the same calendar in JSON."""

import json
from functools import lru_cache

import icalendar

from calendar_feed.forms.events import parts_of


def jcal(data: bytes) -> bytes:
    """Return a calendar that we wrote as jCal."""
    frame, zones, events = parts_of(data)
    name, properties, _ = icalendar.Calendar.from_ical(frame).to_jcal()
    within = ",".join([*map(_zone, zones), *map(_event, events)])
    return f"[{_written(name)},{_written(properties)},[{within}]]\n".encode()


# The same zones and events stand in many feeds: parsing them is nearly all that a feed costs.
@lru_cache(maxsize=512)
def _zone(data: bytes) -> str:
    return _written(icalendar.Timezone.from_ical(data).to_jcal())


@lru_cache(maxsize=4096)
def _event(data: bytes) -> str:
    return _written(icalendar.Event.from_ical(data).to_jcal())


def _written(tree: object) -> str:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
