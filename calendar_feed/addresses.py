"""Where calendars are found on the site, and the pages that tell the same.

English has no prefix; every other language stands before `/feeds/`.
"""

import re
from dataclasses import dataclass

from calendar_feed.keys import Family, family_of, own_code
from templates.languages import ENGLISH

_CALENDARS = re.compile(r"(?:/[a-z]{2})?(?:/feeds/.|/meetings/[^/]+\.ics$)")
_MEETING = re.compile(r"(?:/(?P<language>[a-z]{2}))?/meetings/(?P<slug>[^/]+)\.ics")

# The page on which people read what a feed holds; a kind of meeting has none of its own.
_PAGES = {
    Family.ALL: "/",
    Family.TYPE: "/types/{}",
    Family.MECHANISM: "/mechanisms/{}",
    Family.REGION: "/mechanisms?by=region#{}",
    Family.COUNTRY: "/countries/{}",
    Family.KIND: "/",
    Family.THEME: "/themes/{}",
    Family.ARCHIVE: "/calendar/{}",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The site that feeds lead to: its address without a slash at its end, and the languages of its pages."""

    base_url: str
    languages: frozenset[str] = frozenset()

    def page_of(self, key: str, *, language: str) -> str:
        """Return the whole address of the page that shows what a feed holds."""
        return self.base_url + page_address(key, language=self._of_pages(language))

    def page_of_meeting(self, slug: str, *, language: str) -> str:
        """Return the whole address of a meeting's page."""
        calendar = meeting_address(slug, language=self._of_pages(language))
        return self.base_url + calendar.removesuffix(".ics")

    def help_page(self, *, language: str) -> str:
        """Return the whole address of the page that helps with calendars."""
        return f"{self.base_url}{_prefix(self._of_pages(language))}/help/calendar"

    def _of_pages(self, language: str) -> str:
        # Feeds are kept up in a language that pages are no longer in.
        return language if language in self.languages else ENGLISH


def page_address(key: str, *, language: str) -> str:
    """Return the address of the page that shows what a feed holds."""
    if (code := own_code(key)) is not None:
        return f"{_prefix(language)}/subscribe?my={code}"
    family, name = family_of(key)
    return _prefix(language) + _PAGES[family].format(name)


def meeting_address(slug: str, *, language: str = ENGLISH) -> str:
    """Return the address of the calendar that holds one meeting alone."""
    return f"{_prefix(language)}/meetings/{slug}.ics"


def meeting_asked_for(address: str) -> tuple[str, str] | None:
    """Return language and slug where the calendar of one meeting is asked for, else None."""
    found = _MEETING.fullmatch(address)
    return (found["language"] or ENGLISH, found["slug"]) if found else None


def is_feed_address(address: str) -> bool:
    """Say whether a calendar is asked for: below `/feeds/` in any language, or one meeting's."""
    return _CALENDARS.match(address) is not None


def plain_address(address: str) -> str:
    """Return an address as it is meant: lower case, single slashes, none at its end."""
    return re.sub(r"/{2,}", "/", address.lower()).rstrip("/")


def _prefix(language: str) -> str:
    return "" if language == ENGLISH else f"/{language}"
