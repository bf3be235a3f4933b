"""`iscm feeds`: what is published, and whether it is fit to be served."""

import click

from iscm.commands.context import opened
from iscm.commands.output import print_rows


@click.group(name="feeds", no_args_is_help=True)
def command() -> None:
    """List and check the calendar feeds."""


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(*, as_json: bool) -> None:
    """List every stored feed: its address, its events and bytes, and since when it is as it is."""
    from calendar_feed.overview import list_feeds

    with opened() as house, house.database.reading() as session:
        rows = [
            {
                "path": feed.address,
                "url": house.settings.base_url + feed.address,
                "name": feed.name,
                "language": feed.language,
                "events": feed.events,
                "bytes": feed.size,
                "changed_at": feed.changed_at,
            }
            for feed in list_feeds(session)
        ]
    print_rows(rows, columns=("path", "name", "events", "bytes", "changed_at"), as_json=as_json)


@command.command()
def check() -> None:
    """Parse every stored feed anew and look at its bytes; exit 1 with the reasons when one is not fit."""
    from calendar_feed.overview import check_feeds, list_feeds
    from models import Refusal

    with opened() as house, house.database.reading() as session:
        faults = check_feeds(session)
        count = len(list_feeds(session))
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise Refusal("The stored feeds are not sound; what is wrong stands above.")
    click.echo(f"All {count} feeds are sound.")
