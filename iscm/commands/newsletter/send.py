"""`iscm newsletter send ISSUE`."""

from typing import TYPE_CHECKING

import click

from iscm.commands.newsletter.policy import in_doubt_option

if TYPE_CHECKING:
    from iscm.commands.context import House


@click.command()
@click.argument("issue")
@click.option("--any-hour", is_flag=True, help="Send it outside of its windows too, from now on.")
@in_doubt_option
def command(issue: str, policy: str | None, *, any_hour: bool) -> None:
    """Send an approved issue now, or go on with what was interrupted.

    Runs until nothing may be tried now. Exit 0 when every letter is accepted, rejected or skipped; 1, with
    the numbers, when some are put off, in doubt, or not tried. Interrupted, it finishes the letters in hand.
    """
    import asyncio
    from contextlib import suppress

    from iscm.commands.context import opened
    from iscm.commands.newsletter.numbers import sentence_of
    from iscm.commands.output import progress
    from iscm.commands.stopping import stopped_by_signals
    from iscm.post_office import open_relay, post_office_of
    from models import InDoubtPolicy, Refusal
    from newsletter.course import find_issue, forget_windows
    from newsletter.sending import send_issue
    from newsletter.settling import set_policy
    from newsletter.summary_mailing import send_summaries
    from newsletter.transport import RelayFaultError

    with opened() as house:
        office = post_office_of(house.settings, house.database)
        waiting = _waiting(house, issue)
        if waiting is None:
            click.echo(f"Issue {issue} has been sent already; nothing was sent.")
            return
        if any_hour:
            with house.database.writing() as session:
                forget_windows(session, issue, editor=house.editor, now=house.now)
        if policy is not None:
            with house.database.writing() as session:
                found = find_issue(session, issue, lock=True)
                set_policy(session, found, InDoubtPolicy(policy), editor=house.editor, now=house.now)
        with (
            open_relay(house.settings) as relay,
            stopped_by_signals() as stop,
            progress(f"Issue {issue}", total=waiting) as advance,
        ):
            sending = asyncio.run(
                send_issue(
                    office,
                    issue,
                    relay=relay,
                    stop=stop,
                    progress=advance,
                    waits_for_others=True,
                    editor=house.editor,
                )
            )
            # Where the server is away just now, `iscm serve` tells the editor later.
            with suppress(RelayFaultError):
                asyncio.run(send_summaries(office, relay=relay, alert_to=house.settings.alert_to))
        with house.database.reading() as session:
            found = find_issue(session, issue)
            reason = found.state_reason if found.resumes_at is not None else None
    said = sentence_of(issue, sending.counts)
    if reason:
        said = f"{said} {reason[0].upper()}{reason[1:]}."
    if not sending.is_complete:
        raise Refusal(f"{sending.fault}. {said}" if sending.fault else said)
    click.echo(said)


def _waiting(house: "House", issue: str) -> int | None:
    """To how many it is still to be sent; None when it has been sent. The preflight holds once more."""
    from models import IssueState
    from newsletter.audience import count_audience
    from newsletter.course import find_issue
    from newsletter.deliveries import count

    with house.database.reading() as session:
        found = find_issue(session, issue)
        if found.state in {IssueState.APPROVED, IssueState.SCHEDULED}:
            from iscm.letter import stationery_of
            from newsletter.preflight.check import require_clear

            stationery = stationery_of(house.settings)
            require_clear(session, found, stationery)
            return count_audience(session, stationery.keys, issue=found)
        return None if found.state is IssueState.SENT else count(session, found).open
