"""What each feed is called and how it introduces itself."""

from calendar_feed.addresses import page_address
from calendar_feed.asked import Asked
from calendar_feed.calendar import FeedFacts
from calendar_feed.facts import KnownRecord
from calendar_feed.keys import Family, family_of
from calendar_feed.words import kind_name, type_name, type_word
from models.mechanism import MechanismType
from models.meeting import Kind
from templates.countries import territory_names
from templates.hues import HUES
from templates.languages import catalogue

_NEUTRAL = ("slategray", "#708090")
"""The colour of a feed that holds every type."""


def feed_facts(key: str, *, known: KnownRecord, language: str, base_url: str) -> FeedFacts:
    """Return what the header of a stored feed says; what it is named after must be among the `known`.

    A feed that was published once and is named after nothing that is still on record goes by that name.
    """
    sentence = catalogue(language).gettext
    family, name = family_of(key)
    title, about = _words(family, name, known=known, language=language)
    help_line = sentence("Times are local to the venue. Help: %s") % f"{base_url}/help/calendar"
    return FeedFacts(
        path=Asked(key, language).address,
        name=sentence("ISCM – %(title)s") % {"title": title},
        description=f"{about} {help_line}",
        page=base_url + page_address(key, language=language),
        source=base_url + Asked(key, language).address,
        color=_color(family, name, known=known),
        categories=_categories(family, name, known=known, language=language),
    )


def _words(family: Family, name: str, *, known: KnownRecord, language: str) -> tuple[str, str]:
    """Return a feed's title and the sentence that says what it holds."""
    title = _title(family, name, known=known, language=language)
    sentence = catalogue(language).gettext
    about = {
        Family.ALL: sentence("Meetings of the Inter-State Consultation Mechanisms on migration."),
        Family.REGION: sentence("Meetings of the mechanisms that work in this region: %s."),
        Family.COUNTRY: sentence(
            "Meetings of the mechanisms in which this State takes part, and of those open to all: %s."
        ),
        Family.KIND: sentence("Meetings of this kind, of all mechanisms: %s."),
        Family.THEME: sentence("Meetings on this theme, of all mechanisms: %s."),
        Family.ARCHIVE: sentence("All meetings of %s."),
        Family.MECHANISM: sentence("Meetings: %s."),
        f"{Family.TYPE} {MechanismType.RCP}": sentence(
            "Meetings of the regional consultative processes on migration."
        ),
        f"{Family.TYPE} {MechanismType.IRF}": sentence("Meetings of the interregional forums on migration."),
        f"{Family.TYPE} {MechanismType.GLOBAL}": sentence("Meetings of the global processes on migration."),
    }[f"{family} {name}" if family is Family.TYPE else family]
    called = known.mechanisms[name].full_name if family is Family.MECHANISM else title
    return title, about % called if "%s" in about else about


def _title(family: Family, name: str, *, known: KnownRecord, language: str) -> str:
    sentence = catalogue(language).gettext
    match family:
        case Family.ALL:
            title = sentence("All meetings")
        case Family.TYPE:
            title = type_name(MechanismType(name), language=language)
        case Family.MECHANISM:
            title = known.mechanisms[name].short_name
        case Family.REGION:
            title = known.regions.get(name, name)
        case Family.COUNTRY:
            title = territory_names(language).get(name.upper(), name.upper())
        case Family.KIND:
            title = kind_name(Kind(name), language=language) or sentence("Other meetings")
        case Family.THEME:
            title = known.themes.get(name, name)
        case Family.ARCHIVE:
            title = name
    return title


def _color(family: Family, name: str, *, known: KnownRecord) -> tuple[str, str]:
    if family is Family.TYPE:
        return HUES[name].calendar_name, HUES[name].calendar
    if family is Family.MECHANISM:
        hue = HUES[known.mechanisms[name].type.value]
        return hue.calendar_name, hue.calendar
    return _NEUTRAL


def _categories(family: Family, name: str, *, known: KnownRecord, language: str) -> tuple[str, ...]:
    if family is Family.TYPE:
        return (type_word(MechanismType(name), language=language),)
    if family is Family.MECHANISM:
        mechanism = known.mechanisms[name]
        return type_word(mechanism.type, language=language), mechanism.short_name
    return ("ISCM",)
