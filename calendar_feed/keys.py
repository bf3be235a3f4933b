"""A feed's key: what stands between `/feeds/` and the ending. It names a family and one feed of it.

`all` alone has no name behind it: `type/rcp`, `mechanism/midsa`, `region/africa`, `country/zm`,
`kind/ministerial`, `theme/gcm`, `archive/2027`.
"""

from enum import StrEnum

ALL = "all"


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
