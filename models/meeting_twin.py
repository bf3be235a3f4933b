"""When two entries are one meeting: the same mechanism, the same dates and the same title."""

from collections.abc import Mapping
from typing import Any

TwinKey = tuple[str, ...]


def twin_keys(facts: Mapping[str, Any]) -> set[TwinKey]:
    """Return what a meeting shares with its doubles, one key for each of its mechanisms; capitals and blanks forgiven.

    facts are those of MEETING_FIELDS, of which mechanisms, when and title are read.
    """
    when = facts["when"]
    dates = tuple(str(when[name]) for name in ("precision", "start", "end", "zone"))
    title = " ".join(str(facts["title"]).casefold().split())
    return {(mechanism, *dates, title) for mechanism in facts["mechanisms"]}
