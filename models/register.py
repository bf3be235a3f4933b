"""A register: the records of one kind that editors keep by their slugs, as news and documents are."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Facts, Record
from models.field import Fields
from models.keeping import Keeping, NothingToChange
from models.known import Known, unknown_name
from models.slug import new_slug

Entry = TypeVar("Entry", bound=Record)


class Register(ABC, Generic[Entry]):
    """How the records of one kind are added, changed, deleted and found.

    What is particular to a kind stands in its subclass. Each act waits until no other process changes the
    record, leaves a revision, and is flushed but not committed.
    """

    table: ClassVar[Any]
    fields: ClassVar[Fields]
    look: ClassVar[str]
    """The command that lists the slugs."""

    def add(self, session: Session, written: Mapping[str, Any], *, editor: str, now: datetime) -> Entry:
        """Put a record on the register and return it. written are fields of `fields`.

        Raises the refusal of a field, of a name that nothing has, or of a double.
        """
        keeping, known = _begin(session, editor, now)
        facts = self.fields.check({**self.unsaid(written), **written})
        self.settle(facts, known)
        self.refuse_double(session, facts, known, besides=None)
        slug = new_slug(session, kind=self.fields.kind, table=self.table, wanted=self.wanted_slug(facts))
        entry = self.blank(slug, now)
        keeping.add(entry, self.fields, facts, known)
        session.flush()
        return entry

    def change(
        self, session: Session, slug: str, written: Mapping[str, Any], *, editor: str, now: datetime
    ) -> Entry:
        """Change fields of a record and return it.

        Raises UnknownName for the slug, NothingToChange, and what `add` raises.
        """
        keeping, known = _begin(session, editor, now)
        entry = self.find(session, slug)
        facts = self.fields.check(written)
        self.settle(facts, known, entry=entry)
        self.refuse_double(session, self.fields.facts(entry) | facts, known, besides=entry)
        if not keeping.change(entry, self.fields, facts, known):
            raise NothingToChange(
                f"{self.fields.kind.capitalize()} {slug} says this already; nothing was changed."
            )
        session.flush()
        return entry

    def delete(self, session: Session, slug: str, *, editor: str, now: datetime) -> Entry:
        """Take a record off the register and return what it was; its slug is never given again.

        Raises UnknownName.
        """
        keeping, _ = _begin(session, editor, now)
        entry = self.find(session, slug)
        keeping.delete(entry, self.fields)
        session.flush()
        return entry

    def find(self, session: Session, slug: str) -> Entry:
        """Find a record by its slug; raises UnknownName, which names the nearest ones."""
        found: Entry | None = session.scalar(select(self.table).where(self.table.slug == slug))
        if found is None:
            slugs = session.scalars(select(self.table.slug))
            raise unknown_name(self.fields.kind, slug, slugs, look=self.look)
        return found

    @abstractmethod
    def unsaid(self, written: Mapping[str, Any]) -> Facts:
        """Return what a new record says where nothing was written; None for what must be written."""

    @abstractmethod
    def settle(self, facts: Facts, known: Known, *, entry: Entry | None = None) -> None:
        """Bring checked facts into the form they are kept in; entry is the record they change."""

    @abstractmethod
    def refuse_double(
        self, session: Session, facts: Mapping[str, Any], known: Known, *, besides: Entry | None
    ) -> None:
        """Raise the kind's refusal when another record than besides says the same."""

    @abstractmethod
    def wanted_slug(self, facts: Facts) -> str:
        """Return the words from which a new record's slug is made."""

    @abstractmethod
    def blank(self, slug: str, now: datetime) -> Entry:
        """Make the record that the facts are written to."""


def _begin(session: Session, editor: str, now: datetime) -> tuple[Keeping, Known]:
    keeping = Keeping(session, editor, now)
    keeping.alone()
    return keeping, Known(session)
