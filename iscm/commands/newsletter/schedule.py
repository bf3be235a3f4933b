"""`iscm newsletter schedule ISSUE --at TIME`."""

import click

from iscm.commands.newsletter.policy import in_doubt_option


@click.command()
@click.argument("issue")
@click.option("--at", required=True, metavar="TIME", help='When it is sent, like "2026-12-14 09:00".')
@click.option("--zone", metavar="ZONE", help="The IANA zone of the clock; default: the setting TIME_ZONE.")
@click.option(
    "--not-after", metavar="TIME", help="The latest time it may begin; default: 24 hours after --at."
)
@click.option(
    "--which",
    type=click.Choice(["first", "second"]),
    help="Which of two equal hours in autumn is meant.",
)
@in_doubt_option
def command(  # noqa: PLR0917 - click hands options over by name
    issue: str, at: str, zone: str | None, not_after: str | None, which: str | None, policy: str | None
) -> None:
    """Set when an approved issue is sent."""
    from iscm.commands.context import opened
    from iscm.letter import stationery_of
    from models import InDoubtPolicy
    from newsletter.course import find_issue
    from newsletter.scheduling import UnreadableTime, Which, schedule_issue
    from newsletter.settling import set_policy
    from templates.dates import written_moment

    with opened() as house, house.database.writing() as session:
        clock = zone or house.settings.time_zone
        found = find_issue(session, issue, lock=True)
        try:
            schedule_issue(
                session,
                found,
                at=at,
                zone=clock,
                not_after=not_after,
                which=Which(which) if which else None,
                stationery=stationery_of(house.settings),
                editor=house.editor,
                now=house.now,
            )
        except UnreadableTime as error:
            raise click.UsageError(str(error)) from error
        if policy is not None:
            set_policy(session, found, InDoubtPolicy(policy), editor=house.editor, now=house.now)
        begins, latest = found.scheduled_at, found.not_after
    if begins and latest:
        click.echo(
            f"Issue {issue} is sent on {written_moment(begins, zone=clock)} ({begins:%Y-%m-%d %H:%M} UTC), "
            f"and not after {written_moment(latest, zone=clock)}."
        )
