"""`iscm newsletter correct ISSUE`."""

import click

from iscm.commands.field_options import in_languages


@click.command()
@click.argument("issue")
@click.option(
    "--text",
    metavar="TEXT",
    help="What was not right, in English and Markdown, to stand on top; default: written from what differs.",
)
@in_languages("--text-in", 'The same in another language: fr="...".')
def command(issue: str, text: str | None, text_in: tuple[tuple[str, str], ...]) -> None:
    """Correct an issue that was sent, for those who received it.

    Put the record right first. Prints the code of the draft, such as 2026-C1, which is then edited, checked,
    approved and sent like any issue. Again, while it is a draft, it is compiled anew. Whoever left since
    gets nothing. With --text, a language without one of its own shows the English one, marked as English.
    Once its sending begins, the page of the issue tells of it.
    """
    from iscm.commands.context import opened
    from iscm.letter import options_of
    from newsletter.correcting import correct_issue
    from newsletter.course import find_issue
    from templates.languages import ENGLISH

    with opened() as house, house.database.writing() as session:
        made = correct_issue(
            session,
            find_issue(session, issue, lock=True),
            texts=({} if text is None else {ENGLISH: text}) | dict(text_in),
            options=options_of(house.settings),
            editor=house.editor,
            now=house.now,
        )
    click.echo(made.code)
    click.echo(f"{made.changed} texts say something else; {made.received} received issue {issue}.", err=True)
    if not made.changed and text is None and not text_in:
        click.echo(
            "The record says what it said then. Change the record first, or explain with --text.", err=True
        )
    click.echo(
        f"Edit and check it: iscm newsletter edit {made.code}; iscm newsletter check {made.code}", err=True
    )
