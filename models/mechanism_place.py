"""The mechanisms that a meeting or an update belongs to, in order: the first one tells of it."""

from typing import Any

from models.field import Field, check_lines
from models.known import Known
from models.meeting import MeetingMechanism
from models.plain_text import UnwelcomeText
from models.update import UpdateMechanism


def check_mechanisms(value: object) -> list[str]:
    """Read the slugs of mechanisms; at least one, each once."""
    slugs = list(dict.fromkeys(check_lines(value, name="mechanism") or []))
    if not slugs:
        raise UnwelcomeText("The mechanism is missing; name at least one.")
    return slugs


def mechanism_places(place: type[MeetingMechanism] | type[UpdateMechanism]) -> Field:
    """Make the field "mechanisms" of a record whose places are of that class."""

    def read(record: Any) -> list[str]:  # noqa: ANN401 - a meeting or an update
        return [one.mechanism.slug for one in record.places]

    def write(record: Any, slugs: list[str], known: Known) -> None:  # noqa: ANN401 - as above
        # A place that stays is used again: a second row with its key would be inserted before the first one
        # goes.
        kept = {one.mechanism.slug: one for one in record.places}
        places = [kept.get(slug) or place(mechanism=known.mechanism(slug), position=0) for slug in slugs]
        record.places[:] = places
        for position, one in enumerate(places):
            one.position = position

    return Field("mechanisms", check_mechanisms, read, write)
