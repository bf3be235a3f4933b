"""The names of mechanisms and themes: small tables that nearly every entry repeats, read once."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Column, Table, false, select
from sqlalchemy.orm import Session

from models.mechanism import Mechanism, MechanismAlias
from models.vocabulary import Theme


@dataclass(frozen=True, slots=True)
class MechanismNames:
    """What a mechanism is called: first as people call it, then every other name it has today."""

    shown: str
    others: tuple[str, ...]


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
        called = select(Mechanism.id, Mechanism.short_name, Mechanism.acronym, Mechanism.name)
        self.mechanisms = {
            key: _names(short, acronym, name, aliases.get(key, []))
            for key, short, acronym, name in session.execute(called)
        }
        self.themes = {theme.id: theme.name for theme in session.scalars(select(Theme))}

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
        """Return the names of mechanisms that such a line does not say."""
        return tuple(name for one in mechanisms for name in self.mechanisms[one].others)


def _names(short: str, acronym: str | None, name: str, aliases: list[str]) -> MechanismNames:
    shown = f"{short} ({acronym})" if acronym and acronym not in short else short
    others = dict.fromkeys(one for one in (acronym, name, *aliases) if one and one not in shown)
    return MechanismNames(shown, tuple(others))
