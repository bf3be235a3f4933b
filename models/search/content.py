"""What one record says to a search, and the rows of its entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from models.search.entry import SearchKind, entry_id
from models.search.fold import fold
from models.search.grams import grams
from templates.countries import territory_spellings
from templates.dates import month_name
from templates.text import one_line

RECIPE: Final = "3"
"""Another one whenever the same record makes other rows: the next upgrade then makes all of them anew."""

LANGUAGES: Final = ("en", "fr", "es", "ar")
"""In whose words places and months are found, whatever the language of the page."""

_LONGEST_TEXT: Final = 60_000
_RANKS: Final = {SearchKind.MECHANISM: 0, SearchKind.PAGE: 1}
_OTHER_RANK: Final = 2


@dataclass(frozen=True, slots=True)
class Content:
    """One record as it can be found. names are its other names; unseen words are found but never shown."""

    kind: SearchKind
    record: int
    slug: str
    title: str
    names: tuple[str, ...] = ()
    lines: tuple[str | None, ...] = ()
    unseen: tuple[str, ...] = ()
    language: str | None = None
    day: date | None = None

    @property
    def rows(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The rows of search_entries and search_texts."""
        key = entry_id(self.kind, self.record)
        title = one_line(self.title)
        text = "\n".join(one_line(line) for line in self.lines if line)[:_LONGEST_TEXT]
        names = [fold(name) for name in dict.fromkeys((title, *self.names))]
        rest = [fold(line) for line in (*text.split("\n"), *self.unseen)]
        folded = _on_lines((*names, *rest))
        entry: dict[str, Any] = {
            "id": key,
            "kind": self.kind,
            "slug": self.slug,
            "language": self.language,
            "day": self.day,
            "rank": _RANKS.get(self.kind, _OTHER_RANK),
            "names": "\n" + _on_lines(names),
        }
        said = {"entry_id": key, "title": title, "text": text, "folded": folded}
        return entry, said | {"grams": grams(folded.split(), names=entry["names"].split())}


def _on_lines(folded: Iterable[str]) -> str:
    return "".join(f" {line} \n" for line in folded if line)


@cache
def place_names(code: str) -> tuple[str, ...]:
    """Return every name of a State or territory in the languages of the house; its code where it has none."""
    return territory_spellings(code, languages=LANGUAGES) or (code,)


@cache
def month_names(year: int, month: int) -> tuple[str, ...]:
    """Return a month in every language of the house, with its year."""
    return tuple(f"{month_name(month, language=language)} {year}" for language in LANGUAGES)


def months_of(*days: date | None) -> tuple[str, ...]:
    """Return the months of some days in every language."""
    known = dict.fromkeys((day.year, day.month) for day in days if day)
    return tuple(name for year, month in known for name in month_names(year, month))
