"""Time zones by the names of the IANA database."""

import difflib
import functools
from collections.abc import Mapping
from zoneinfo import available_timezones

from models.refusal import Refusal


class UnknownZone(Refusal):
    """The zone is not an IANA zone name, or one is needed and not given."""


@functools.cache
def _zone_names() -> Mapping[str, str]:
    """Give every zone by its name in small letters, less the two that name no place."""
    return {name.casefold(): name for name in available_timezones() - {"Factory", "localtime"}}


def known_zone(name: str) -> str:
    """Return the zone's own spelling; raise UnknownZone, naming those that are written much like it."""
    zones = _zone_names()
    wanted = name.strip().casefold()
    if wanted in zones:
        return zones[wanted]
    cities = {zone.rpartition("/")[2]: zone for zone in zones}
    alike = [zones[one] for one in difflib.get_close_matches(wanted, zones, n=3, cutoff=0.75)]
    alike += [zones[cities[one]] for one in difflib.get_close_matches(wanted, cities, n=2, cutoff=0.85)]
    near = ", ".join(dict.fromkeys(alike))
    advice = f"Did you mean: {near}?" if near else "Write it like Europe/Zurich or Africa/Lusaka."
    raise UnknownZone(f"“{name:.80}” is not a zone of the IANA database. {advice}")
