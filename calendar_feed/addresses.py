"""Where feeds are found: their addresses, the file a reader saves, the page that tells the same.

English has no prefix; every other language stands before `/feeds/`.
"""

import re
from collections.abc import Iterable

from calendar_feed.keys import Family, family_of
from calendar_feed.variants import Variant
from templates.languages import ENGLISH

ENDING = ".ics"

_CALENDARS = re.compile(r"(?:/[a-z]{2})?(?:/feeds/.|/meetings/[^/]+\.ics$)")
_MEETING = re.compile(r"(?:/(?P<language>[a-z]{2}))?/meetings/(?P<slug>[^/]+)\.ics")
_WORD = "|".join(Variant)
_VARIANT = re.compile(rf"(?:/(?P<language>[a-z]{{2}}))?/feeds/v/(?P<words>(?:(?:{_WORD})/)+)(?P<key>.+)\.ics")

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


def feed_address(key: str, *, language: str) -> str:
    """Return a feed's address on the site: `/feeds/type/rcp.ics`, `/fr/feeds/all.ics`."""
    return f"{_prefix(language)}/feeds/{key}{ENDING}"


def page_address(key: str, *, language: str) -> str:
    """Return the address of the page that shows what a feed holds."""
    family, name = family_of(key)
    return _prefix(language) + _PAGES[family].format(name)


def file_name(key: str, *, language: str) -> str:
    """Return the name a saved feed gets: `iscm-rcp.ics`."""
    suffix = "" if language == ENGLISH else f"-{language}"
    return f"iscm-{key.rpartition('/')[2]}{suffix}{ENDING}"


def meeting_address(slug: str, *, language: str = ENGLISH) -> str:
    """Return the address of the calendar that holds one meeting alone."""
    return f"{_prefix(language)}/meetings/{slug}{ENDING}"


def meeting_asked_for(address: str) -> tuple[str, str] | None:
    """Return language and slug where the calendar of one meeting is asked for, else None."""
    found = _MEETING.fullmatch(address)
    return (found["language"] or ENGLISH, found["slug"]) if found else None


def variant_address(key: str, *, language: str, variants: Iterable[Variant]) -> str:
    """Return the address of a variant of a feed, its words in their order."""
    words = "".join(f"/{variant}" for variant in sorted(set(variants)))
    return f"{_prefix(language)}/feeds/v{words}/{key}{ENDING}"


def variant_asked_for(address: str) -> tuple[str, str, tuple[Variant, ...]] | None:
    """Return language, key and variants where a variant of a feed is asked for, else None.

    The words may stand in any order here, and twice.
    """
    found = _VARIANT.fullmatch(address)
    if found is None:
        return None
    words, key = found["words"].strip("/").split("/"), found["key"]
    return found["language"] or ENGLISH, key, tuple(Variant(word) for word in sorted(set(words)))


def is_feed_address(address: str) -> bool:
    """Say whether a calendar is asked for: below `/feeds/` in any language, or one meeting's."""
    return _CALENDARS.match(address) is not None


def plain_address(address: str) -> str:
    """Return an address as it is meant: lower case, single slashes, none at its end."""
    return re.sub(r"/{2,}", "/", address.lower()).rstrip("/")


def _prefix(language: str) -> str:
    return "" if language == ENGLISH else f"/{language}"
