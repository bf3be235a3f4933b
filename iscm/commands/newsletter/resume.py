"""`iscm newsletter resume ISSUE`."""

import click


@click.command()
@click.argument("issue")
def command(issue: str) -> None:
    """Go on with a sending that was held."""
    from iscm.commands.context import opened
    from iscm.commands.newsletter.numbers import sentence_of
    from newsletter.course import resume
    from newsletter.deliveries import count

    with opened() as house, house.database.writing() as session:
        changed = resume(session, issue, editor=house.editor, now=house.now)
        session.flush()
        said = sentence_of(issue, count(session, changed))
        reason = changed.state_reason
    click.echo(f"{said} {reason[0].upper()}{reason[1:]}." if reason else said)
