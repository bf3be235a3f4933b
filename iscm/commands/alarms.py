"""`iscm alarms`: what the service found wrong by itself, and putting one aside."""

import click

from iscm.commands.context import opened
from iscm.commands.output import print_rows


@click.group(name="alarms", no_args_is_help=True)
def command() -> None:
    """List alarms, and put one aside."""


@command.command(name="list")
@click.option("--all", "every", is_flag=True, help="Also those that are over.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(*, every: bool, as_json: bool) -> None:
    """List the alarms that last: since when, how often seen, when mailed, and what to do."""
    from models.alarm_course import all_alarms, open_alarms

    with opened() as house, house.database.reading() as session:
        rows = [
            {
                "name": alarm.key,
                "sentence": alarm.sentence,
                "since": alarm.raised_at,
                "seen_at": alarm.seen_at,
                "count": alarm.count,
                "told_at": alarm.told_at,
                "over_at": alarm.over_at,
                "closed_by": alarm.closed_by,
            }
            for alarm in (all_alarms(session) if every or as_json else open_alarms(session))
        ]
    columns = ("name", "since", "told_at", "closed_by", "sentence")
    print_rows(rows, columns=(*columns, "over_at") if every else columns, as_json=as_json)


@command.command()
@click.argument("name")
def close(name: str) -> None:
    """Put an alarm aside: it is mailed no more as long as its trouble lasts."""
    from models.alarm_course import close_alarm

    with opened() as house, house.database.writing() as session:
        alarm = close_alarm(session, name, editor=house.editor)
        click.echo(f"{alarm.key} is put aside.")
