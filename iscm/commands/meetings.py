"""`iscm meetings`: keep the meetings."""

from typing import Any

import click

from iscm.commands.context import opened
from iscm.commands.field_options import as_json, confirm_deleting, print_one, require_some
from iscm.commands.meeting_options import DATE_FORMS, field_options, meeting_row, written_meeting
from iscm.commands.meetings_clashes import clashes
from iscm.commands.meetings_filter import filter_options, meeting_filter
from iscm.commands.meetings_import import export, import_
from iscm.commands.meetings_moved import moved_by_zones
from iscm.commands.record_table import print_records
from models.known import Known
from models.meeting_add import add_meeting
from models.meeting_change import cancel_meeting, change_meeting, mark_held, postpone_meeting
from models.meeting_delete import delete_meeting
from models.meeting_list import list_meetings


@click.group(name="meetings", no_args_is_help=True)
def command() -> None:
    """Keep the meetings."""


@command.command(name="list")
@filter_options
@as_json
def list_(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """List the meetings by date."""
    with opened() as house, house.database.reading() as session:
        wanted = meeting_filter(options, known=Known(session), today=house.now.date())
        rows = [meeting_row(meeting) for meeting in list_meetings(session, wanted)]
    columns = {
        "date": ("start", "end"),
        "meeting": ("title", "slug"),
        "place": ("city", "country"),
        "": ("status",),
    }
    print_records(rows, columns=columns, as_json=as_json)


@command.command()
@click.option(
    "--mechanism",
    "mechanisms",
    multiple=True,
    required=True,
    metavar="NAME",
    help="Slug, alias or acronym; repeatable, the first one tells of it.",
)
@click.option("--title", required=True)
@click.option(
    "--from", "start", required=True, metavar="DATE", help=f"Its first day or its beginning: {DATE_FORMS}."
)
@field_options
@as_json
def add(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Put a meeting on record and print its slug."""
    with opened() as house, house.database.writing() as session:
        row = meeting_row(add_meeting(session, written_meeting(options), editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=row["slug"])


@command.command()
@click.argument("slug")
@click.option(
    "--mechanism",
    "mechanisms",
    multiple=True,
    metavar="NAME",
    help="Slug, alias or acronym; repeatable, instead of those on record.",
)
@click.option("--title")
@click.option(
    "--from",
    "start",
    metavar="DATE",
    help=f"Its first day or its beginning: {DATE_FORMS}. Alone, it moves the whole meeting.",
)
@field_options
@as_json
def change(slug: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Change what is said of a meeting; "" empties a field.

    New dates put a postponed meeting on again; the dates it had are remembered.
    """
    require_some({name: value for name, value in options.items() if value not in (None, ())})

    with opened() as house, house.database.writing() as session:
        fields = written_meeting(options, before=Known(session).meeting(slug))
        row = meeting_row(change_meeting(session, slug, fields, editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=f"{slug}: changed.")


@command.command()
@click.argument("slug")
@click.option("--reason", help="Why; followers read it.")
@as_json
def postpone(slug: str, *, reason: str | None, as_json: bool) -> None:
    """Say that a meeting will not take place on its dates, and new ones are not known yet.

    `change --from ... --to ...` gives it new ones, and puts it on again.
    """
    with opened() as house, house.database.writing() as session:
        meeting = postpone_meeting(session, slug, reason=reason, editor=house.editor, now=house.now)
        row = meeting_row(meeting)
    print_one(row, as_json=as_json, line=f"{slug}: postponed.")


@command.command()
@click.argument("slug")
@click.option("--reason", help="Why; followers read it.")
@as_json
def cancel(slug: str, *, reason: str | None, as_json: bool) -> None:
    """Say that a meeting will not take place. It stays on record, and followers are told."""
    with opened() as house, house.database.writing() as session:
        row = meeting_row(cancel_meeting(session, slug, reason=reason, editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=f"{slug}: cancelled.")


@command.command()
@click.argument("slug")
@as_json
def held(slug: str, *, as_json: bool) -> None:
    """Say that a meeting took place."""
    with opened() as house, house.database.writing() as session:
        row = meeting_row(mark_held(session, slug, editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=f"{slug}: held.")


@command.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(slug: str, *, yes: bool) -> None:
    """Take a meeting that was entered by mistake off the record; one that will not take place is cancelled.

    Its slug and its UID are never given again.
    """
    with opened() as house:
        with house.database.reading() as session:
            title = Known(session).meeting(slug).title
        confirm_deleting(f"meeting {slug} ({title})", yes=yes)
        with house.database.writing() as session:
            delete_meeting(session, slug, editor=house.editor, now=house.now)
    click.echo(f"{slug}: deleted.")


command.add_command(import_)
command.add_command(export)
command.add_command(clashes)
command.add_command(moved_by_zones)
