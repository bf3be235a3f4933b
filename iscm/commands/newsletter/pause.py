"""`iscm newsletter pause ISSUE`."""

import click


@click.command()
@click.argument("issue")
def command(issue: str) -> None:
    """Hold a sending.

    At most the copies on the wire at this moment arrive. One that is scheduled does not start by itself.
    """
    from iscm.commands.context import opened
    from iscm.commands.newsletter.numbers import sentence_of
    from newsletter.course import pause
    from newsletter.deliveries import count

    with opened() as house, house.database.writing() as session:
        changed = pause(session, issue, editor=house.editor, now=house.now)
        session.flush()
        said = sentence_of(issue, count(session, changed))
        reason = changed.state_reason
    click.echo(f"{said} {reason[0].upper()}{reason[1:]}." if reason else said)
