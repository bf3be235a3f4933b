"""What each feed is called and how it introduces itself."""

from calendar_feed.addresses import Site
from calendar_feed.asked import Asked
from calendar_feed.calendar import FeedFacts
from calendar_feed.description import said
from calendar_feed.facts import KnownRecord
from calendar_feed.keys import Family, family_of, feed_key
from calendar_feed.words import kind_name, type_name, type_word
from models.mechanism import MechanismType
from models.meeting import Kind
from models.own_words import words_in
from templates.countries import territory_names
from templates.hues import HUES
from templates.isolates import isolated
from templates.languages import catalogue
from templates.text import one_line

_NEUTRAL = ("slategray", "#708090")
"""The colour of a feed that holds every type."""

NAMED_ON_RECORD = frozenset({Family.MECHANISM, Family.REGION, Family.THEME})
"""The families whose feeds are called by names that editors can change."""


def feed_facts(key: str, *, known: KnownRecord, language: str, site: Site) -> FeedFacts:
    """Return what the header of a stored feed says; what it is named after must be among the `known`.

    A feed that was published once and is named after nothing that is still on record goes by that name.
    """
    sentence = catalogue(language).gettext
    family, name = family_of(key)
    title, about = _words(family, name, known=known, language=language)
    help_line = sentence("Times are local to the venue. Help: %s") % site.help_page(language=language)
    return FeedFacts(
        path=Asked(key, language).address,
        name=feed_name(title, language=language),
        description=f"{about} {help_line}",
        page=site.page_of(key, language=language),
        source=site.base_url + Asked(key, language).address,
        color=_color(family, name, known=known),
        categories=_categories(family, name, known=known, language=language),
        language=language,
    )


def feed_name(title: str, *, language: str) -> str:
    """Return what a calendar is called by its title."""
    name = catalogue(language).gettext("ISCM – %(title)s") % {"title": title}
    return name.replace("ISCM", isolated("ISCM", language=language), 1)


def _words(family: Family, name: str, *, known: KnownRecord, language: str) -> tuple[str, str]:
    """Return a feed's title and the sentence that says what it holds."""
    title = _title(family, name, known=known, language=language)
    about = _about(family, name, language=language)
    whole = known.mechanisms[name].whole_name(language) if family is Family.MECHANISM else None
    called = said(whole, language=language) if whole else title
    return title, about % called if "%s" in about else about


def _about(family: Family, name: str, *, language: str) -> str:
    sentence = catalogue(language).gettext
    match family:
        case Family.ALL:
            about = sentence("Meetings of the Inter-State Consultation Mechanisms on migration.")
        case Family.REGION:
            about = sentence("Meetings of the mechanisms that work in this region: %s.")
        case Family.COUNTRY:
            about = sentence(
                "Meetings of the mechanisms in which this State takes part, and of those open to all: %s."
            )
        case Family.KIND:
            about = sentence("Meetings of this kind, of all mechanisms: %s.")
        case Family.THEME:
            about = sentence("Meetings on this theme, of all mechanisms: %s.")
        case Family.ARCHIVE:
            about = sentence("All meetings of %s.")
        case Family.TYPE if name == MechanismType.RCP:
            about = sentence("Meetings of the regional consultative processes on migration.")
        case Family.TYPE if name == MechanismType.IRF:
            about = sentence("Meetings of the interregional forums on migration.")
        case Family.TYPE:
            about = sentence("Meetings of the global processes on migration.")
        case _:
            about = sentence("Meetings: %s.")
    return about


def _title(family: Family, name: str, *, known: KnownRecord, language: str) -> str:
    sentence = catalogue(language).gettext
    match family:
        case Family.ALL:
            title = sentence("All meetings")
        case Family.TYPE:
            title = type_name(MechanismType(name), language=language)
        case Family.MECHANISM:
            title = said(known.mechanisms[name].called(language), language=language)
        case Family.REGION:
            title = _named(family, name, known.regions.get(name, name), known=known, language=language)
        case Family.COUNTRY:
            title = territory_names(language).get(name.upper(), name.upper())
        case Family.KIND:
            title = kind_name(Kind(name), language=language) or sentence("Other meetings")
        case Family.THEME:
            title = _named(family, name, known.themes.get(name, name), known=known, language=language)
        case Family.ARCHIVE:
            title = name
    return title


def _named(family: Family, name: str, english: str, *, known: KnownRecord, language: str) -> str:
    others = known.names_in.get(feed_key(family, name))
    return said(words_in(english, others, language=language), language=language)


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
        return type_word(mechanism.type, language=language), one_line(mechanism.called(language).text)
    return ("ISCM",)
