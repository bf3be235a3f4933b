"""`iscm updates`: keep the news of the mechanisms."""

from typing import Any

import click

from iscm.commands.context import opened
from iscm.commands.field_options import Word, all_of, as_json, in_languages, mechanism_option, span_of, yes
from iscm.commands.record_table import print_records
from iscm.commands.register_acts import Acts
from models.base import Facts
from models.known import Known
from models.update import DayMeans, Update, UpdateKind
from models.update_edit import UPDATES
from models.update_fields import UPDATE_FIELDS
from models.update_list import list_updates
from models.vocabulary import Confidence

field_options = all_of(
    [
        click.option("--date-is", "day_means", type=Word(DayMeans), help="What the date is the date of."),
        click.option(
            "--kind", type=Word(UpdateKind), metavar="KIND", help=f"One of: {', '.join(UpdateKind)}."
        ),
        in_languages("--title-in", 'The title in another language: fr="...".'),
        click.option("--summary", help="What happened, in a sentence or two."),
        in_languages("--summary-in", "The summary in another language."),
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
@mechanism_option("mechanisms")
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
@mechanism_option("mechanisms", required=True)
@click.option("--date", required=True, metavar="DATE", help="A day or a month: 2027-06-08 or 2027-06.")
@click.option("--title", required=True)
@field_options
@as_json
def add(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Put news on record and print its slug."""
    ACTS.add(options, as_json=as_json)


@command.command()
@click.argument("slug")
@mechanism_option("mechanisms", instead=True)
@click.option("--date", metavar="DATE", help="A day or a month: 2027-06-08 or 2027-06.")
@click.option("--title")
@field_options
@as_json
def change(slug: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Change what is said of news; "" empties a field."""
    ACTS.change(slug, options, as_json=as_json)


@command.command()
@click.argument("slug")
@yes
def delete(slug: str, *, yes: bool) -> None:
    """Take news off the record. Its slug is never given again."""
    ACTS.delete(slug, yes=yes)


def _row(update: Update) -> Facts:
    return {"slug": update.slug, **UPDATE_FIELDS.facts(update), "created_at": update.created_at}


ACTS = Acts(UPDATES, _row)
