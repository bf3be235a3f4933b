"""Places in words: "in Colombo, Sri Lanka", "in the Dominican Republic", "online"."""

import re
from collections.abc import Mapping
from typing import Final

from models.meeting import Mode
from newsletter.facts import MeetingFacts

# Names that take an article when they stand alone: "in the Philippines", but "Manila, Philippines".
_WITH_ARTICLE: Final = re.compile(
    r"^(Bahamas|Comoros|Congo|Gambia|Holy See|Maldives|Netherlands|Philippines|Federated|State of|United|"
    r"Democratic|Republic|Russian|Syrian|Lao|Central African|Dominican Republic)\b|Islands\b"
)


def with_article(country: str) -> str:
    """Write a State's name as it stands in running text: "the Netherlands", "Kenya"."""
    return f"the {country}" if _WITH_ARTICLE.search(country) else country


def place(meeting: MeetingFacts, countries: Mapping[str, str]) -> str:
    """Write where a meeting is held, beginning with "in" or with "online"; empty when it is not known.

    countries gives names by ISO code; a code without a name is written as it is.
    """
    country = countries.get(meeting.country, meeting.country) if meeting.country else None
    spot = _spot(meeting.city, country)
    if meeting.mode is Mode.ONLINE:
        return f"online, from {spot}" if spot else "online"
    if not spot:
        return ""
    return f"in {spot}, and online" if meeting.mode is Mode.HYBRID else f"in {spot}"


def _spot(city: str | None, country: str | None) -> str:
    if not country:
        return city or ""
    if not city or city == country:
        return with_article(country)
    return f"{city}, {country}"
