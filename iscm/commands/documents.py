"""`iscm documents`: keep the documents of the meetings and mechanisms."""

from typing import Any

import click

from iscm.commands.context import opened
from iscm.commands.field_options import (
    Word,
    all_of,
    as_json,
    confirm_deleting,
    given,
    print_one,
    require_some,
)
from iscm.commands.record_table import print_records
from models.base import Facts
from models.document import Document, DocumentAct, DocumentKind
from models.document_edit import add_document, change_document, delete_document, find_document
from models.document_fields import DOCUMENT_FIELDS
from models.document_list import list_documents
from models.known import Known
from models.vocabulary import Confidence

field_options = all_of(
    [
        click.option("--meeting", metavar="SLUG", help="The meeting it came of."),
        click.option(
            "--kind",
            type=Word(DocumentKind),
            metavar="KIND",
            help=f"One of: {', '.join(DocumentKind)}; left out: as the title says.",
        ),
        click.option(
            "--act", type=Word(DocumentAct, may_be_empty=True), help="What the meeting did with it."
        ),
        click.option("--language", metavar="CODE", help="Its language, like fr."),
        click.option("--url", metavar="URL", help="Where to read it."),
        click.option("--date", "day", metavar="DAY", help="Its own date, where that is not the meeting's."),
        click.option("--source", help="Where this is known from."),
        click.option("--confidence", type=Word(Confidence), help="How sure the source is."),
    ]
)


@click.group(name="documents", no_args_is_help=True)
def command() -> None:
    """Keep the documents of the meetings."""


@command.command(name="list")
@click.option(
    "--mechanism", "mechanisms", multiple=True, metavar="NAME", help="Slug, alias or acronym; repeatable."
)
@click.option("--kind", "kinds", multiple=True, type=Word(DocumentKind), metavar="KIND", help="Repeatable.")
@click.option("--meeting", metavar="SLUG", help="Only those of this meeting.")
@as_json
def list_(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """List the documents by date."""
    with opened() as house, house.database.reading() as session:
        known = Known(session)
        documents = list_documents(
            session,
            mechanisms=known.mechanism_slugs(options["mechanisms"]),
            kinds=[DocumentKind(word) for word in options["kinds"]],
            meeting=known.meeting(options["meeting"]).slug if options["meeting"] else None,
        )
        rows = [_row(document) for document in documents]
    columns = {"document": ("title", "slug"), "kind": ("kind",), "act": ("act",)}
    print_records(rows, columns=columns, as_json=as_json)


@command.command()
@click.option("--title", required=True)
@field_options
@as_json
def add(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Put a document on record and print its slug."""
    with opened() as house, house.database.writing() as session:
        row = _row(add_document(session, given(options), editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=row["slug"])


@command.command()
@click.argument("slug")
@click.option("--title")
@field_options
@as_json
def change(slug: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Change what is said of a document; "" empties a field."""
    fields = given(options)
    require_some(fields)
    with opened() as house, house.database.writing() as session:
        row = _row(change_document(session, slug, fields, editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=f"{slug}: changed.")


@command.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(slug: str, *, yes: bool) -> None:
    """Take a document off the record. Its slug is never given again."""
    with opened() as house:
        with house.database.reading() as session:
            title = find_document(session, slug).title
        confirm_deleting(f"document {slug} ({title})", yes=yes)
        with house.database.writing() as session:
            delete_document(session, slug, editor=house.editor, now=house.now)
    click.echo(f"{slug}: deleted.")


def _row(document: Document) -> Facts:
    mechanisms = [one.slug for one in document.meeting.mechanisms] if document.meeting else []
    return {"slug": document.slug, **DOCUMENT_FIELDS.facts(document), "mechanisms": mechanisms}
