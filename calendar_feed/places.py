"""Where a meeting is, as its title and its LOCATION say it."""

from calendar_feed.facts import MeetingFacts
from models.meeting import Mode
from models.own_words import Words
from templates.cities import city_name
from templates.countries import territory_names
from templates.isolates import isolated
from templates.languages import ENGLISH, catalogue
from templates.text import one_line, parted


def country_name(meeting: MeetingFacts, *, language: str) -> str | None:
    """Return the name of the meeting's country, its code where no name is known, or None."""
    if meeting.country is None:
        return None
    return territory_names(language).get(meeting.country, meeting.country)


def title_place(meeting: MeetingFacts, *, language: str) -> Words | None:
    """Return what stands in brackets after a title: `Brussels`, `Brussels + online`, `online`, a country.

    Words of another language stand between isolates only beside words of this one. A city that is written as
    in English is English, for nobody can tell.
    """
    online = Words(catalogue(language).gettext("online"), language)
    if meeting.mode is Mode.ONLINE:
        return online
    place = _city(meeting, language=language) or _country(meeting, language=language)
    if meeting.mode is Mode.HYBRID:
        if place is None:
            return online
        return Words(f"{isolated(place.text, language=language)} + {online.text}", language)
    return place


def place_names(meeting: MeetingFacts, *, language: str) -> tuple[str, ...]:
    """Return what a title may end with although it follows in brackets, in English and in `language`."""
    names: list[str | None] = [meeting.city]
    for one in dict.fromkeys((ENGLISH, language)):
        city, place = _city(meeting, language=one), title_place(meeting, language=one)
        names += [city.text if city else None, country_name(meeting, language=one)]
        names.append(place.text if place else None)
    return tuple(dict.fromkeys(name for name in names if name))


def location(meeting: MeetingFacts, *, language: str) -> Words | None:
    """Return LOCATION: venue, city and country, as far as known, and that one may take part online."""
    sentence = catalogue(language).gettext
    if meeting.mode is Mode.ONLINE and not meeting.venue:
        return Words(sentence("Online"), language)
    venue = Words(one_line(meeting.venue), ENGLISH) if meeting.venue else None
    known = (venue, _city(meeting, language=language), _country(meeting, language=language))
    parts = [one for one in known if one]
    # Djibouti is in Djibouti.
    texts = dict.fromkeys(isolated(one.text, language=language) for one in parts)
    place = parted(list(texts), language=language)
    if meeting.mode is Mode.HYBRID:
        return Words(sentence("%s (and online)") % place if place else sentence("Online"), language)
    spoken = [one.language for one in parts if one.language == language]
    return Words(place, spoken[0] if spoken else ENGLISH) if place else None


def _city(meeting: MeetingFacts, *, language: str) -> Words | None:
    if not meeting.city:
        return None
    name = city_name(meeting.city, country=meeting.country, language=language)
    return Words(one_line(name), language if name != meeting.city else ENGLISH)


def _country(meeting: MeetingFacts, *, language: str) -> Words | None:
    name = country_name(meeting, language=language)
    return Words(name, language) if name else None
