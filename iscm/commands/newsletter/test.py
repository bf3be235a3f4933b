"""`iscm newsletter test ISSUE --to ADDRESS`."""

import click


@click.command()
@click.argument("issue")
@click.option("--to", required=True, metavar="ADDRESS", help="Who gets the copy.")
@click.option("--edition", "language", metavar="LANG", help="Only the edition in this language.")
def command(issue: str, to: str, language: str | None) -> None:
    """Send one copy of an issue to an address of your own.

    It is one of each edition, unless --edition names one.

    Once an issue is approved, the copy has the very bytes its readers get. Nothing is counted.
    """
    import asyncio

    from iscm.commands.context import opened
    from iscm.letter import stationery_of
    from iscm.post_office import open_relay, require_sender
    from models.refusal import Refusal
    from newsletter.course import find_issue
    from newsletter.handing import hand_over
    from newsletter.transport import Fate
    from newsletter.trial import trial_parcels

    with opened() as house:
        stationery = stationery_of(house.settings)
        require_sender(house.settings)
        with house.database.reading() as session:
            found = find_issue(session, issue)
            parcels = list(trial_parcels(session, found, stationery, to=to, now=house.now, language=language))
        with open_relay(house.settings) as relay:
            outcomes = asyncio.run(hand_over(parcels, relay=relay))
    for outcome in outcomes:
        if outcome.fate is not Fate.ACCEPTED:
            raise Refusal(f"The mail server did not take it: {outcome.code or ''} {outcome.reply}")
    number = "1 edition" if len(parcels) == 1 else f"{len(parcels)} editions"
    click.echo(f"Sent to {parcels[0].recipient}: {number}.")
