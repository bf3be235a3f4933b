"""A feed's key: what stands between `/feeds/` and the ending. It names a family and one feed of it.

`all` alone has no name behind it: `type/rcp`, `mechanism/midsa`, `region/africa`, `country/zm`,
`kind/ministerial`, `theme/gcm`, `archive/2027`. Beside those that are stored stand the calendars of readers'
own choices, `my/CODE`.
"""

import re
from enum import StrEnum

ALL = "all"
_OWN = re.compile(r"my/(?P<code>[0-9a-z]{1,16})")


class Family(StrEnum):
    """The families of stored feeds."""

    ALL = ALL
    TYPE = "type"
    MECHANISM = "mechanism"
    REGION = "region"
    COUNTRY = "country"
    KIND = "kind"
    THEME = "theme"
    ARCHIVE = "archive"


def feed_key(family: Family, name: str) -> str:
    """Return the key of one feed of a family."""
    return f"{family}/{name}"


def country_key(code: str) -> str:
    """Return the key of a State's or territory's feed, by its ISO 3166-1 alpha-2 code in any case."""
    return feed_key(Family.COUNTRY, code.lower())


def family_of(key: str) -> tuple[Family, str]:
    """Return the family of a key and the name in it, which is empty for the feed of everything."""
    family, _, name = key.partition("/")
    return Family(family), name


def holds_everything(key: str) -> bool:
    """Say whether a feed keeps all its meetings, however many: an archive does, others hold the newest."""
    return key.startswith(f"{Family.ARCHIVE}/")


def own_key(code: str) -> str:
    """Return the key of the calendar of a saved choice, by the choice's code."""
    return f"my/{code}"


def own_code(key: str) -> str | None:
    """Return the code of the saved choice whose calendar a key names, None for any other key."""
    found = _OWN.fullmatch(key)
    return found["code"] if found else None
