"""`iscm newsletter edit ISSUE [--from FILE]`."""

from typing import BinaryIO

import click


@click.command()
@click.argument("issue")
@click.option(
    "--from",
    "file",
    type=click.File("rb"),
    metavar="FILE",
    help="Take this file back (- for standard input).",
)
@click.option(
    "--language",
    default="en",
    metavar="LANG",
    help="Print the file with the texts of this language.",
)
def command(issue: str, *, file: BinaryIO | None, language: str) -> None:
    """Show or change an issue's texts as one readable file.

    Without --from it prints the file. With it, the whole file is taken, or nothing, with the line and the
    reason. The file holds the sections in their order, the layout (alphabetical or by-type), and each text of
    one language; texts of others can be written into it too, each under a line of its own.
    """
    from iscm.commands.context import opened
    from models.refusal import Refusal
    from newsletter.course import find_issue
    from newsletter.editing import print_issue, take_back
    from newsletter.standing import standing_of, what_is_lost

    with opened() as house:
        if file is None:
            with house.database.reading() as session:
                click.echo(print_issue(session, find_issue(session, issue), language=language), nl=False)
            return
        try:
            content = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refusal(
                f"The file is not UTF-8 text ({error.reason} at byte {error.start}). Nothing was changed."
            ) from error
        with house.database.writing() as session:
            found = find_issue(session, issue, lock=True)
            before = standing_of(found)
            revision = take_back(session, found, content, editor=house.editor, now=house.now)
            number, lost = revision.number, what_is_lost(before, standing_of(found))
    click.echo(f"Issue {issue} is at revision {number}.", err=True)
    for sentence in lost:
        click.echo(sentence, err=True)
