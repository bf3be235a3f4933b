"""`iscm newsletter schedule ISSUE --at TIME`."""

import click

from iscm.commands.newsletter.policy import in_doubt_option


@click.command()
@click.argument("issue")
@click.option("--at", required=True, metavar="TIME", help='When it is sent, like "2026-12-14 09:00".')
@click.option("--zone", metavar="ZONE", help="The IANA zone of the clock; default: the setting TIME_ZONE.")
@click.option(
    "--not-after",
    metavar="TIME",
    help="The latest time; past it nothing more is sent. Default: 24 hours after --at, with windows a week "
    "after the first opens.",
)
@click.option(
    "--which",
    type=click.Choice(["first", "second"]),
    help="Which of two equal hours in autumn is meant.",
)
@click.option(
    "--window",
    "windows",
    multiple=True,
    metavar="WINDOW",
    help='Send only in these hours, like "weekdays 08-18 Europe/Zurich", "mon,wed-fri 08:30-17:45" or '
    '"daily 22-06 UTC"; the zone is that of --zone where none is named. Can be given several times.',
)
@in_doubt_option
def command(  # noqa: PLR0917 - click hands options over by name
    issue: str,
    at: str,
    zone: str | None,
    not_after: str | None,
    which: str | None,
    windows: tuple[str, ...],
    policy: str | None,
) -> None:
    """Set when an approved issue is sent, and in which hours.

    Outside of its windows a sending rests, and goes on when the next one opens.
    """
    from iscm.commands.context import opened
    from iscm.commands.newsletter.hours import said_schedule
    from iscm.letter import stationery_of
    from models import InDoubtPolicy
    from newsletter.course import find_issue
    from newsletter.scheduling import Wish, schedule_issue
    from newsletter.settling import set_policy
    from newsletter.wall_clock import UnreadableTime, Which

    with opened() as house, house.database.writing() as session:
        found = find_issue(session, issue, lock=True)
        wish = Wish(
            at=at,
            zone=zone or house.settings.time_zone,
            not_after=not_after,
            which=Which(which) if which else None,
            windows=windows,
        )
        try:
            schedule_issue(
                session,
                found,
                wish,
                stationery=stationery_of(house.settings),
                editor=house.editor,
                now=house.now,
            )
        except UnreadableTime as error:
            raise click.UsageError(str(error)) from error
        if policy is not None:
            set_policy(session, found, InDoubtPolicy(policy), editor=house.editor, now=house.now)
        said = said_schedule(found)
    for sentence in said:
        click.echo(sentence)
