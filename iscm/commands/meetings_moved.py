"""`iscm meetings moved-by-zones`: meetings whose hour in UTC changed because a country changed its clock."""

import click
from sqlalchemy import select

from iscm.commands.context import opened
from iscm.commands.field_options import as_json as json_option
from iscm.commands.output import print_rows
from models.change import Change, ChangeKind


@click.command(name="moved-by-zones")
@json_option
def moved_by_zones(*, as_json: bool) -> None:
    """List meetings that newer time zone data moved: the hour at the venue as it was, another one in UTC.

    The newest first. Ask the host whether the hour at the venue stands. Calendars tell it already.
    """
    with opened() as house, house.database.reading() as session:
        found = session.scalars(
            select(Change).where(Change.kind == ChangeKind.CLOCK).order_by(Change.at.desc(), Change.id.desc())
        )
        rows = [
            {
                "told_at": change.at,
                "slug": after["slug"],
                "uid": change.uid,
                "title": after["title"],
                "start": after["when"]["start"],
                "zone": after["when"]["zone"],
                "before": before["instants"][0],
                "after": after["instants"][0],
            }
            for change in found
            if (before := change.before) is not None and (after := change.after) is not None
        ]
    columns = ("told_at", "slug", "start", "zone", "before", "after")
    print_rows(rows, columns=columns, as_json=as_json)
