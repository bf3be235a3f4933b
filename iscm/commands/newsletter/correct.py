"""`iscm newsletter correct ISSUE`."""

import click


@click.command()
@click.argument("issue")
@click.option(
    "--text",
    metavar="TEXT",
    help="What was not right, in English and Markdown, to stand on top; default: written from what differs.",
)
def command(issue: str, text: str | None) -> None:
    """Correct an issue that was sent, for those who received it.

    Put the record right first. Prints the code of the draft, such as 2026-C1, which is then edited, checked,
    approved and sent like any issue. Again, while it is a draft, it is compiled anew. Whoever left since
    gets nothing. Once its sending begins, the page of the issue tells of it.
    """
    from iscm.commands.context import opened
    from iscm.letter import options_of
    from newsletter.correcting import correct_issue
    from newsletter.course import find_issue

    with opened() as house, house.database.writing() as session:
        made = correct_issue(
            session,
            find_issue(session, issue, lock=True),
            text=text,
            options=options_of(house.settings),
            editor=house.editor,
            now=house.now,
        )
    click.echo(made.code)
    click.echo(f"{made.changed} texts say something else; {made.received} received issue {issue}.", err=True)
    if not made.changed and text is None:
        click.echo(
            "The record says what it said then. Change the record first, or explain with --text.", err=True
        )
    click.echo(
        f"Edit and check it: iscm newsletter edit {made.code}; iscm newsletter check {made.code}", err=True
    )
