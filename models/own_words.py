"""The record's own words in a reader's language: names of mechanisms, titles and summaries.

Everything on record is English first; editors and the registry add the words of other languages (`name_in`,
`title_in` and their like). Whoever shows such a word to a reader takes it from here, for two reasons: what a
language lacks stands in English, and then it has to be marked as English (`lang="en"`, LANGUAGE=en).

    words = meeting_title(meeting, language="ar")
    words.text, words.language          # "Sixth Ministerial Conference", "en"
"""

from collections.abc import Mapping
from typing import NamedTuple

from models.mechanism import Mechanism
from models.meeting import Meeting
from models.update import Update
from models.vocabulary import Region, Theme
from templates.languages import ENGLISH


class Words(NamedTuple):
    """A text, and the code of the language it really is in: the one asked for, or English."""

    text: str
    language: str


def words_in(english: str, others: Mapping[str, str] | None, *, language: str) -> Words:
    """Return the words of `language` where there are any, else the English ones."""
    found = (others or {}).get(language)
    return Words(found, language) if found else Words(english, ENGLISH)


def mechanism_name(mechanism: Mechanism, *, language: str) -> Words:
    """Return a mechanism's whole name."""
    return words_in(mechanism.name, mechanism.name_in, language=language)


def mechanism_short_name(mechanism: Mechanism, *, language: str) -> Words:
    """Return the name that a mechanism is called by."""
    return words_in(mechanism.short_name, mechanism.short_name_in, language=language)


def mechanism_acronym(mechanism: Mechanism, *, language: str) -> Words | None:
    """Return a mechanism's acronym, None where it has none; many are the same in all languages."""
    if mechanism.acronym is None and language not in (mechanism.acronym_in or {}):
        return None
    return words_in(mechanism.acronym or "", mechanism.acronym_in, language=language)


def meeting_title(meeting: Meeting, *, language: str) -> Words:
    """Return a meeting's title."""
    return words_in(meeting.title, meeting.title_in, language=language)


def update_title(update: Update, *, language: str) -> Words:
    """Return the title of news."""
    return words_in(update.title, update.title_in, language=language)


def update_summary(update: Update, *, language: str) -> Words | None:
    """Return the summary of news, None where it has none."""
    if update.summary is None and language not in (update.summary_in or {}):
        return None
    return words_in(update.summary or "", update.summary_in, language=language)


def region_name(region: Region, *, language: str) -> Words:
    """Return a region's name."""
    return words_in(region.name, region.name_in, language=language)


def theme_name(theme: Theme, *, language: str) -> Words:
    """Return a theme's name."""
    return words_in(theme.name, theme.name_in, language=language)
