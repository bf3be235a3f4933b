"""Where a meeting is, as its title and its LOCATION say it."""

from calendar_feed.facts import MeetingFacts
from models.meeting import Mode
from templates.countries import territory_names
from templates.languages import catalogue


def country_name(meeting: MeetingFacts, *, language: str) -> str | None:
    """Return the name of the meeting's country, its code where no name is known, or None."""
    if meeting.country is None:
        return None
    return territory_names(language).get(meeting.country, meeting.country)


def title_place(meeting: MeetingFacts, *, language: str) -> str | None:
    """Return what stands in brackets after a title: `Brussels`, `Brussels + online`, `online`, a country."""
    online = catalogue(language).gettext("online")
    if meeting.mode is Mode.ONLINE:
        return online
    place = meeting.city or country_name(meeting, language=language)
    if meeting.mode is Mode.HYBRID:
        return f"{place} + {online}" if place else online
    return place


def place_names(meeting: MeetingFacts, *, language: str) -> tuple[str, ...]:
    """Return the names a title may already end with: the city and the country."""
    return tuple(name for name in (meeting.city, country_name(meeting, language=language)) if name)


def location(meeting: MeetingFacts, *, language: str) -> str | None:
    """Return LOCATION: venue, city and country, as far as known, and that one may take part online."""
    sentence = catalogue(language).gettext
    if meeting.mode is Mode.ONLINE and not meeting.venue:
        return sentence("Online")
    parts = (meeting.venue, meeting.city, country_name(meeting, language=language))
    place = ", ".join(dict.fromkeys(part for part in parts if part))  # Djibouti is in Djibouti
    if meeting.mode is Mode.HYBRID:
        return sentence("%s (and online)") % place if place else sentence("Online")
    return place or None
