"""`iscm newsletter cancel ISSUE`."""

import click


@click.command()
@click.argument("issue")
def command(issue: str) -> None:
    """End an issue's sending for good.

    Whoever has not been sent a copy yet gets none. At most the copies on the wire at this moment arrive.
    """
    from iscm.commands.context import opened
    from iscm.commands.newsletter.numbers import sentence_of
    from newsletter.course import cancel
    from newsletter.deliveries import count

    with opened() as house, house.database.writing() as session:
        changed = cancel(session, issue, editor=house.editor, now=house.now)
        session.flush()
        said = sentence_of(issue, count(session, changed))
    click.echo(said)
