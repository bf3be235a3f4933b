"""What the commands of a register do: put a record on it, change one, take one off."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic

import click
from sqlalchemy.orm import Session

from iscm.commands.context import House, opened
from iscm.commands.field_options import beside_those_kept, confirm_deleting, given, print_one, require_some
from models.base import Facts
from models.register import Entry, Register

Options = Mapping[str, Any]


class Acts(Generic[Entry]):
    """The acts upon one register; row is what is printed of a record."""

    def __init__(self, register: Register[Entry], row: Callable[[Entry], Facts]) -> None:
        """Take the register and how a record of it is printed."""
        self.register = register
        self.row = row

    def add(self, options: Options, *, as_json: bool) -> None:
        """Put a record on the register and print its slug."""
        with opened() as house, self.writing(house, options) as (session, fields):
            row = self.row(self.register.add(session, fields, editor=house.editor, now=house.now))
        print_one(row, as_json=as_json, line=row["slug"])

    def change(self, slug: str, options: Options, *, as_json: bool) -> None:
        """Change what is said of a record; something to change must have been given."""
        require_some(given(options))
        with opened() as house, self.writing(house, options, slug=slug) as (session, fields):
            entry = self.register.change(session, slug, fields, editor=house.editor, now=house.now)
            row = self.row(entry)
        print_one(row, as_json=as_json, line=f"{slug}: changed.")

    def delete(self, slug: str, *, yes: bool) -> None:
        """Take a record off the register, once a person at a terminal has said yes."""
        with opened() as house:
            with house.database.reading() as session:
                title = getattr(self.register.find(session, slug), "title", slug)
            confirm_deleting(f"{self.register.fields.kind} {slug} ({title})", yes=yes)
            with self.writing(house, {}, slug=slug) as (session, _):
                self.register.delete(session, slug, editor=house.editor, now=house.now)
        click.echo(f"{slug}: deleted.")

    @contextmanager
    def writing(
        self, house: House, options: Options, *, slug: str | None = None
    ) -> Iterator[tuple[Session, Facts]]:
        """Give a writing session and the fields that the options set; slug names a record that is there."""
        with house.database.writing() as session:
            before = self.register.fields.facts(self.register.find(session, slug)) if slug else {}
            yield session, beside_those_kept(given(options), before=before)
