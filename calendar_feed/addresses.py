"""Where feeds are found: their keys, their addresses, the file a reader saves, the page that tells the same.

A feed's key is what stands between `/feeds/` and the ending: `all`, `type/rcp`, `mechanism/midsa`. English
has no prefix; every other language stands before `/feeds/`.
"""

import re

from models.mechanism import MechanismType
from templates.languages import ENGLISH

ALL = "all"
ENDING = ".ics"

_TYPE = "type/"
_MECHANISM = "mechanism/"
_CALENDARS = re.compile(r"(?:/[a-z]{2})?/feeds/.|/meetings/[^/]+\.ics$")


def type_key(kind: MechanismType) -> str:
    """Return the key of the feed of one type."""
    return _TYPE + kind.value


def mechanism_key(slug: str) -> str:
    """Return the key of the feed of one mechanism."""
    return _MECHANISM + slug


def mechanism_slug(key: str) -> str | None:
    """Return the mechanism whose feed this is, None for another family's feed."""
    return key.removeprefix(_MECHANISM) if key.startswith(_MECHANISM) else None


def type_of(key: str) -> MechanismType | None:
    """Return the type whose feed this is, None for another family's feed."""
    return MechanismType(key.removeprefix(_TYPE)) if key.startswith(_TYPE) else None


def feed_address(key: str, *, language: str) -> str:
    """Return a feed's address on the site: `/feeds/type/rcp.ics`, `/fr/feeds/all.ics`."""
    return f"{_prefix(language)}/feeds/{key}{ENDING}"


def page_address(key: str, *, language: str) -> str:
    """Return the address of the page that shows what a feed holds."""
    if slug := mechanism_slug(key):
        return f"{_prefix(language)}/mechanisms/{slug}"
    if kind := type_of(key):
        return f"{_prefix(language)}/types/{kind.value}"
    return f"{_prefix(language)}/"


def file_name(key: str, *, language: str) -> str:
    """Return the name a saved feed gets: `iscm-rcp.ics`."""
    suffix = "" if language == ENGLISH else f"-{language}"
    return f"iscm-{key.rpartition('/')[2]}{suffix}{ENDING}"


def meeting_address(slug: str) -> str:
    """Return the address of the calendar that holds one meeting alone."""
    return f"/meetings/{slug}{ENDING}"


def is_feed_address(address: str) -> bool:
    """Say whether a calendar is asked for: below `/feeds/` in any language, or one meeting's."""
    return _CALENDARS.match(address) is not None


def plain_address(address: str) -> str:
    """Return an address as it is meant: lower case, single slashes, none at its end."""
    return re.sub(r"/{2,}", "/", address.lower()).rstrip("/")


def _prefix(language: str) -> str:
    return "" if language == ENGLISH else f"/{language}"
