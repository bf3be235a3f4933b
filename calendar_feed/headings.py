"""What each feed is called and how it introduces itself."""

from collections.abc import Mapping

from calendar_feed.addresses import feed_address, mechanism_slug, page_address, type_of
from calendar_feed.calendar import FeedFacts
from calendar_feed.facts import MechanismFacts
from calendar_feed.words import type_name, type_word
from models.mechanism import MechanismType
from templates.hues import HUES
from templates.languages import catalogue

_NEUTRAL = ("slategray", "#708090")
"""The colour of a feed that holds every type."""


def feed_facts(
    key: str, *, mechanisms: Mapping[str, MechanismFacts], language: str, base_url: str
) -> FeedFacts:
    """Return what the header of a stored feed says. `mechanisms` holds those of mechanism feeds, by slug."""
    sentence = catalogue(language).gettext
    color = _NEUTRAL
    categories: tuple[str, ...] = ("ISCM",)
    if slug := mechanism_slug(key):
        mechanism = mechanisms[slug]
        name = mechanism.short_name
        about = sentence("Meetings: %s.") % mechanism.full_name
        color = _color(mechanism.type.value)
        categories = (type_word(mechanism.type, language=language), mechanism.short_name)
    elif kind_of_all := type_of(key):
        name = type_name(kind_of_all, language=language)
        about = {
            MechanismType.RCP: sentence("Meetings of the regional consultative processes on migration."),
            MechanismType.IRF: sentence("Meetings of the interregional forums on migration."),
            MechanismType.GLOBAL: sentence("Meetings of the global processes on migration."),
        }[kind_of_all]
        color, categories = _color(kind_of_all.value), (type_word(kind_of_all, language=language),)
    else:
        name = sentence("All meetings")
        about = sentence("Meetings of the Inter-State Consultation Mechanisms on migration.")
    help_line = sentence("Times are local to the venue. Help: %s") % f"{base_url}/help/calendar"
    return FeedFacts(
        path=feed_address(key, language=language),
        name=f"ISCM – {name}",
        description=f"{about} {help_line}",
        page=base_url + page_address(key, language=language),
        source=base_url + feed_address(key, language=language),
        color=color,
        categories=categories,
    )


def _color(kind: str) -> tuple[str, str]:
    return HUES[kind].calendar_name, HUES[kind].calendar
