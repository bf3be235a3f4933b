"""`iscm updates`: keep the news of the mechanisms."""

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
    span_of,
)
from iscm.commands.record_table import print_records
from models.base import Facts
from models.known import Known
from models.update import DayMeans, Update, UpdateKind
from models.update_edit import add_update, change_update, delete_update, find_update
from models.update_fields import UPDATE_FIELDS
from models.update_list import list_updates
from models.vocabulary import Confidence

field_options = all_of(
    [
        click.option("--date-is", "day_means", type=Word(DayMeans), help="What the date is the date of."),
        click.option(
            "--kind", type=Word(UpdateKind), metavar="KIND", help=f"One of: {', '.join(UpdateKind)}."
        ),
        click.option("--summary", help="What happened, in a sentence or two."),
        click.option("--url", metavar="URL", help="Where to read more."),
        click.option(
            "--language", "source_language", metavar="CODE", help="The language of that page, like fr."
        ),
        click.option(
            "--tag", "themes", multiple=True, metavar="SLUG", help="A theme of the list; repeatable."
        ),
        click.option("--source", help="Where this is known from."),
        click.option("--confidence", type=Word(Confidence), help="How sure the source is."),
    ]
)


@click.group(name="updates", no_args_is_help=True)
def command() -> None:
    """Keep the news of the mechanisms."""


@command.command(name="list")
@click.option(
    "--mechanism", "mechanisms", multiple=True, metavar="NAME", help="Slug, alias or acronym; repeatable."
)
@click.option("--kind", "kinds", multiple=True, type=Word(UpdateKind), metavar="KIND", help="Repeatable.")
@click.option("--year", type=click.IntRange(1900, 2199), help="Only news of this year.")
@click.option("--from", "since", metavar="DATE", help="Only news of this day or later.")
@click.option("--to", "until", metavar="DATE", help="Only news of this day or earlier.")
@as_json
def list_(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """List the news, the newest first."""
    first, last = span_of(options)
    with opened() as house, house.database.reading() as session:
        updates = list_updates(
            session,
            mechanisms=Known(session).mechanism_slugs(options["mechanisms"]),
            kinds=[UpdateKind(word) for word in options["kinds"]],
            since=first,
            until=last,
        )
        rows = [_row(update) for update in updates]
    columns = {"date": ("date",), "news": ("title", "slug"), "kind": ("kind",)}
    print_records(rows, columns=columns, as_json=as_json)


@command.command()
@click.option(
    "--mechanism",
    "mechanisms",
    multiple=True,
    required=True,
    metavar="NAME",
    help="Slug, alias or acronym; repeatable.",
)
@click.option("--date", required=True, metavar="DATE", help="A day or a month: 2027-06-08 or 2027-06.")
@click.option("--title", required=True)
@field_options
@as_json
def add(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Put news on record and print its slug."""
    with opened() as house, house.database.writing() as session:
        row = _row(add_update(session, given(options), editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=row["slug"])


@command.command()
@click.argument("slug")
@click.option(
    "--mechanism", "mechanisms", multiple=True, metavar="NAME", help="Instead of those on record; repeatable."
)
@click.option("--date", metavar="DATE", help="A day or a month: 2027-06-08 or 2027-06.")
@click.option("--title")
@field_options
@as_json
def change(slug: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Change what is said of news; "" empties a field."""
    fields = given(options)
    require_some(fields)
    with opened() as house, house.database.writing() as session:
        row = _row(change_update(session, slug, fields, editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=f"{slug}: changed.")


@command.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(slug: str, *, yes: bool) -> None:
    """Take news off the record. Its slug is never given again."""
    with opened() as house:
        with house.database.reading() as session:
            title = find_update(session, slug).title
        confirm_deleting(f"update {slug} ({title})", yes=yes)
        with house.database.writing() as session:
            delete_update(session, slug, editor=house.editor, now=house.now)
    click.echo(f"{slug}: deleted.")


def _row(update: Update) -> Facts:
    return {"slug": update.slug, **UPDATE_FIELDS.facts(update), "created_at": update.created_at}
