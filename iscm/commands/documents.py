"""`iscm documents`: keep the repository: documents of the meetings and mechanisms, with their files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from iscm.commands.context import House, opened
from iscm.commands.field_options import Word, all_of, as_json, given, mechanism_option, yes
from iscm.commands.record_table import print_records
from iscm.commands.register_acts import Acts, Options
from models.base import Facts
from models.document import Document, DocumentAct, DocumentKind
from models.document_edit import DOCUMENTS
from models.document_fields import DOCUMENT_FIELDS
from models.document_filing import documents_folder, filing
from models.document_list import list_documents
from models.known import Known
from models.vocabulary import Confidence

field_options = all_of(
    [
        click.option("--meeting", metavar="SLUG", help="The meeting it came of."),
        mechanism_option("own_mechanisms"),
        click.option(
            "--theme", "themes", multiple=True, metavar="SLUG", help="A theme of the list; repeatable."
        ),
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
        click.option("--summary", help="What it is about, in a sentence or two."),
        click.option("--url", metavar="URL", help="Where to read it elsewhere."),
        click.option(
            "--file",
            metavar="FILE",
            help="A copy to keep here: pdf, docx, xlsx, pptx, odt, txt, png or jpg, 50 MB at most.",
        ),
        click.option("--key/--no-key", "is_key", default=None, help="Whether it stands first."),
        click.option("--date", "day", metavar="DAY", help="Its own date, where that is not the meeting's."),
        click.option("--source", help="Where this is known from."),
        click.option("--confidence", type=Word(Confidence), help="How sure the source is."),
    ]
)


@click.group(name="documents", no_args_is_help=True)
def command() -> None:
    """Keep the documents of the meetings and mechanisms."""


@command.command(name="list")
@mechanism_option("mechanisms")
@click.option("--kind", "kinds", multiple=True, type=Word(DocumentKind), metavar="KIND", help="Repeatable.")
@click.option("--theme", "themes", multiple=True, metavar="SLUG", help="Repeatable.")
@click.option("--meeting", metavar="SLUG", help="Only those of this meeting.")
@click.option("--key", "only_key", is_flag=True, help="Only key documents.")
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
            themes=[known.theme(slug).slug for slug in options["themes"]],
            only_key=options["only_key"],
        )
        rows = [_row(document) for document in documents]
    columns = {"document": ("title", "slug"), "kind": ("kind",), "act": ("act",)}
    print_records(rows, columns=columns, as_json=as_json)


@command.command()
@click.option("--title", required=True)
@field_options
@as_json
def add(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Put a document on record, with its file where one is given, and print its slug."""
    ACTS.add(options, as_json=as_json)


@command.command()
@click.argument("slug")
@click.option("--title")
@field_options
@as_json
def change(slug: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Change what is said of a document; "" empties a field, and takes its file away."""
    ACTS.change(slug, options, as_json=as_json)


@command.command()
@click.argument("slug")
@yes
def delete(slug: str, *, yes: bool) -> None:
    """Take a document off the record, and its file unless another document has the same one.

    Its slug is never given again.
    """
    ACTS.delete(slug, yes=yes)


def _row(document: Document) -> Facts:
    mechanisms = [one.slug for one in document.mechanisms]
    return {"slug": document.slug, **DOCUMENT_FIELDS.facts(document), "mechanisms": mechanisms}


class DocumentActs(Acts[Document]):
    """The acts upon documents: their files are kept and let go with them."""

    @contextmanager
    def writing(
        self, house: House, options: Options, *, slug: str | None = None
    ) -> Iterator[tuple[Session, Facts]]:
        """Take the file in, where one is given, and let go of one that no document names afterwards."""
        fields = given(options)
        file = fields.pop("file", None)
        taken_away: Facts = {"file": None} if options.get("file") == "" else {}
        source = Path(file) if file else None
        folder = documents_folder(house.settings.data_dir)
        with filing(house.database, folder, source=source, slug=slug) as (session, filed):
            yield session, fields | taken_away | filed


ACTS = DocumentActs(DOCUMENTS, _row)
