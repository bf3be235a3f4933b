"""`iscm pages`: keep the pages about ISCMs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from iscm.commands.context import opened
from iscm.commands.field_options import as_json, confirm_deleting, print_one
from iscm.commands.output import print_rows
from models.base import Facts
from models.page import Page
from models.page_check import UnfitPage
from models.page_edit import add_page, change_page, delete_page, find_page
from models.page_fields import PAGE_FIELDS
from models.page_file import read_page_file, written_page
from models.page_list import list_pages
from models.plain_text import UnwelcomeText
from templates.languages import ENGLISH

from_file = click.option(
    "--from",
    "file",
    required=True,
    type=click.File(encoding="utf-8-sig"),
    metavar="FILE",
    help="Markdown, with title, summary, position and shown between two lines of hyphens before it; - reads "
    "standard input.",
)
of_language = click.option("--language", default=ENGLISH, metavar="CODE", help="Like fr; left out: English.")


@click.group(name="pages", no_args_is_help=True)
def command() -> None:
    """Keep the pages about ISCMs.

    A page is Markdown without HTML. A paragraph that holds [[iom-roles]] alone shows what the record says:
    types-with-counts, associations, emerging, dormant, iom-roles, grcp-meetings, contacts, or theme with the
    slug of a theme, as in [[theme gcm]].
    """


@command.command(name="list")
@as_json
def list_(*, as_json: bool) -> None:
    """List the pages in their order, in each language, with those not shown."""
    with opened() as house, house.database.reading() as session:
        rows = [_row(page) for page in list_pages(session)]
    print_rows(rows, columns=["slug", "language", "title", "position", "shown"], as_json=as_json)


@command.command()
@click.argument("slug")
@of_language
@as_json
def show(slug: str, *, language: str, as_json: bool) -> None:
    """Print a page as the file that `iscm pages change` takes."""
    with opened() as house, house.database.reading() as session:
        page = find_page(session, slug, language=language)
        row, text = _row(page), written_page(page)
    print_one(row, as_json=as_json, line=text.removesuffix("\n"))


@command.command()
@click.argument("slug")
@from_file
@of_language
@as_json
def add(slug: str, *, file: TextIO, language: str, as_json: bool) -> None:
    """Put a page on record at /about/SLUG, or an English page in another language."""
    row = _kept(add_page, slug, file, language=language)
    print_one(row, as_json=as_json, line=f"/about/{slug}")


@command.command()
@click.argument("slug")
@from_file
@of_language
@as_json
def change(slug: str, *, file: TextIO, language: str, as_json: bool) -> None:
    """Change a page to what a file says; what stands between its hyphens is changed, the rest stays."""
    row = _kept(change_page, slug, file, language=language)
    print_one(row, as_json=as_json, line=f"{slug}: changed.")


@command.command()
@click.argument("slug")
@click.option("--language", metavar="CODE", help="Only in this language; left out: in all of them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(slug: str, *, language: str | None, yes: bool) -> None:
    """Take a page off the record, unless other pages link to it."""
    with opened() as house:
        with house.database.reading() as session:
            title = find_page(session, slug, language=language or ENGLISH).title
        confirm_deleting(f"page {slug} ({title})", yes=yes)
        with house.database.writing() as session:
            delete_page(session, slug, editor=house.editor, now=house.now, language=language)
    click.echo(f"{slug}: deleted.")


@contextmanager
def _lines_told() -> Iterator[None]:
    """Print what is wrong with a text one line each, not as the one sentence of other refusals."""
    try:
        yield
    except UnfitPage as unfit:
        click.echo(f"iscm: The text cannot be shown as it is.\n{unfit}", err=True)
        sys.exit(1)


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise UnwelcomeText(f"{file.name} is not UTF-8 text (byte {error.start}).") from error


def _kept(act: Callable[..., Page], slug: str, file: TextIO, *, language: str) -> Facts:
    """Add a page, or change one, to what a file says; faults are told by the lines of the file."""
    said = read_page_file(_text(file))
    with _lines_told(), opened() as house, house.database.writing() as session:
        page = act(
            session,
            slug,
            said.facts,
            editor=house.editor,
            now=house.now,
            language=language,
            first_line=said.first_line,
        )
        return _row(page)


def _row(page: Page) -> Facts:
    return {
        "slug": page.slug,
        "language": page.language,
        **PAGE_FIELDS.facts(page),
        "changed_at": page.changed_at,
    }
