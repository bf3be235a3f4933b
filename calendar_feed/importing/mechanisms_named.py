"""Which mechanism an event is of: by its categories, else by the names its title holds."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from calendar_feed.facts import MechanismFacts
from templates.text import slugify

_SHORTEST: Final = 4
"""A name of fewer letters is looked for with its capitals: "ADD" is a dialogue, "add" is a word."""


class MechanismNames:
    """Every name of every mechanism on record, for finding those that a text means."""

    def __init__(self, mechanisms: Mapping[str, MechanismFacts]) -> None:
        """Take the mechanisms by their slugs."""
        self._by_name: dict[str, set[str]] = {}
        self._acronyms: dict[str, set[str]] = {}
        for slug, mechanism in mechanisms.items():
            for name in mechanism.names:
                bare = re.sub(r"\s*\([^)]*\)", "", name).strip()
                if bare.isupper() or len(bare) < _SHORTEST:
                    self._acronyms.setdefault(bare, set()).add(slug)
                for word in {slugify(name), slugify(bare)} - {""}:
                    self._by_name.setdefault(word, set()).add(slug)

    def of_categories(self, categories: Iterable[str]) -> list[str]:
        """Return the mechanisms that categories name beyond doubt, in their order."""
        found = [
            next(iter(those))
            for one in categories
            if len(those := self._by_name.get(slugify(one), set())) == 1
        ]
        return list(dict.fromkeys(found))

    def of_title(self, title: str) -> list[str]:
        """Return the mechanisms that a title names beyond doubt, in the order in which it names them."""
        words = f"-{slugify(title)}-"
        found: dict[str, int] = {}
        # The longest name first: "Global ISCM Meeting" is not looked into for shorter names.
        for name, slugs in sorted(self._by_name.items(), key=lambda one: -len(one[0])):
            at = words.find(f"-{name}-")
            if at < 0 or len(slugs) != 1 or not self._is_written(name, title):
                continue
            found.setdefault(next(iter(slugs)), at)
            words = words.replace(f"-{name}-", "-" + "_" * len(name) + "-")
        return sorted(found, key=lambda slug: found[slug])

    def _is_written(self, name: str, title: str) -> bool:
        """Say whether an acronym stands in its capitals, where the name is one."""
        spelled = [acronym for acronym in self._acronyms if slugify(acronym) == name]
        return not spelled or any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", title) for one in spelled)
