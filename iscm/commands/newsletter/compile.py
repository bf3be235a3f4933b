"""`iscm newsletter compile YEAR`."""

from collections.abc import Iterator
from typing import Any

import click


@click.command()
@click.argument("year", type=int)
@click.option(
    "--layout",
    type=click.Choice(["alphabetical", "by-type"]),
    help="How mechanisms stand; kept until another is chosen.",
)
def command(year: int, *, layout: str | None) -> None:
    """Compile a year's issue from the record, in every language of the service.

    Prints the issue's code: the year, or YEAR-2 once an issue of that year was sent. Compiling again keeps
    editors' texts; what changed is told on standard error, and so is an approval or schedule that is gone.
    """
    from iscm.commands.context import opened
    from iscm.letter import options_of
    from newsletter.drafting import compile_issue
    from newsletter.options import Layout

    chosen = {one.word: one for one in Layout}
    with opened() as house, house.database.writing() as session:
        draft = compile_issue(
            session,
            year=year,
            now=house.now,
            options=options_of(house.settings),
            editor=house.editor,
            layout=chosen[layout] if layout else None,
        )
    click.echo(draft.code)
    for change in draft.differences:
        for line in _told(change):
            click.echo(line, err=True)
    for sentence in draft.lost:
        click.echo(sentence, err=True)
    if not draft.is_new:
        click.echo("Nothing changed since it was compiled last.", err=True)


def _told(change: dict[str, Any]) -> Iterator[str]:
    """Tell one difference: where it is, what the record said and says, and an editor's text that stays."""
    where = change["key"] if change["language"] == "en" else f"{change['key']} ({change['language']})"
    yield f"{change['what']}: {where}"
    if change["before"]:
        yield f"  - {change['before']}"
    if change["after"]:
        yield f"  + {change['after']}"
    if change["edited"]:
        yield f"  kept: {change['edited']}"
