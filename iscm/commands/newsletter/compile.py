"""`iscm newsletter compile YEAR`."""

import click


@click.command()
@click.argument("year", type=int)
def command(year: int) -> None:
    """Compile a year's issue from the record.

    Prints the issue's code: the year, or YEAR-2 once an issue of that year was sent. Compiling again keeps
    editors' texts; what changed is told on standard error, and so is an approval or schedule that is gone.
    """
    from iscm.commands.context import opened
    from iscm.letter import options_of
    from newsletter.drafting import compile_issue

    with opened() as house, house.database.writing() as session:
        draft = compile_issue(
            session, year=year, now=house.now, options=options_of(house.settings), editor=house.editor
        )
    click.echo(draft.code)
    for change in draft.differences:
        click.echo(f"{change['what']}: {change['after'] or change['before']}", err=True)
    for sentence in draft.lost:
        click.echo(sentence, err=True)
    if not draft.is_new:
        click.echo("Nothing changed since it was compiled last.", err=True)
