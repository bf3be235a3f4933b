"""The names of mechanisms and themes: small tables that nearly every entry repeats, read once."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Column, Table, false, select
from sqlalchemy.orm import Session

from models.base import InLanguages
from models.mechanism import Mechanism, MechanismAlias
from models.vocabulary import Theme


@dataclass(frozen=True, slots=True)
class MechanismNames:
    """What a mechanism is called: first as people call it, then every other name it has today.

    elsewhere are its names in other languages than English.
    """

    shown: str
    others: tuple[str, ...]
    elsewhere: tuple[str, ...]


class Names:
    """The names of all mechanisms and themes, by key."""

    def __init__(self, session: Session) -> None:
        """Read them."""
        self._session = session
        aliases: dict[int, list[str]] = {}
        found = select(MechanismAlias.mechanism_id, MechanismAlias.name).where(
            MechanismAlias.former == false()
        )
        for mechanism, name in session.execute(found.order_by(MechanismAlias.id)):
            aliases.setdefault(mechanism, []).append(name)
        called = select(
            Mechanism.id, Mechanism.short_name, Mechanism.acronym, Mechanism.name,
            Mechanism.short_name_in, Mechanism.acronym_in, Mechanism.name_in,
        )  # fmt: skip
        self.mechanisms = {
            key: _names(short, acronym, name, aliases.get(key, []), elsewhere=in_languages(*others))
            for key, short, acronym, name, *others in session.execute(called)
        }
        themes = session.execute(select(Theme.id, Theme.name, Theme.name_in)).all()
        self.themes = {theme.id: theme.name for theme in themes}
        self._themes_elsewhere = {theme.name: in_languages(theme.name_in) for theme in themes}

    def themes_by(self, table: Table, column: Column[int], keys: Iterable[int]) -> dict[int, list[str]]:
        """Return the names of the themes of some records, by the table that tags them."""
        found: dict[int, list[str]] = {}
        rows = self._session.execute(select(column, table.c.theme_id).where(column.in_(keys)))
        for record, theme in rows:
            found.setdefault(record, []).append(self.themes[theme])
        return {record: sorted(names) for record, names in found.items()}

    def shown(self, mechanisms: Iterable[int]) -> str:
        """Return mechanisms as a line of text names them."""
        return ", ".join(self.mechanisms[one].shown for one in mechanisms)

    def others(self, mechanisms: Iterable[int]) -> tuple[str, ...]:
        """Return the names of mechanisms that such a line does not say, in any language."""
        known = (self.mechanisms[one] for one in mechanisms)
        return tuple(name for one in known for name in (*one.others, *one.elsewhere))

    def themes_elsewhere(self, themes: Iterable[str]) -> tuple[str, ...]:
        """Return the names in other languages of themes that are called so in English."""
        return tuple(name for theme in themes for name in self._themes_elsewhere[theme])


def in_languages(*words: InLanguages) -> tuple[str, ...]:
    """Return what some words are in other languages than English, each once."""
    return tuple(dict.fromkeys(text for by_language in words for text in (by_language or {}).values()))


def _names(
    short: str, acronym: str | None, name: str, aliases: list[str], *, elsewhere: tuple[str, ...]
) -> MechanismNames:
    shown = f"{short} ({acronym})" if acronym and acronym not in short else short
    others = dict.fromkeys(one for one in (acronym, name, *aliases) if one and one not in shown)
    return MechanismNames(shown, tuple(others), elsewhere)
