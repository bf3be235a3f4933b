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
    "--still-good",
    "still_good",
    multiple=True,
    metavar="KEY",
    help="Keep a text that is marked STALE as it is: it is still right. Repeatable.",
)
@click.option(
    "--language",
    default="en",
    metavar="LANG",
    help="Print the file with the texts of this language, or keep its texts.",
)
def command(issue: str, *, file: BinaryIO | None, still_good: tuple[str, ...], language: str) -> None:
    """Show or change an issue's texts as one readable file.

    Without --from it prints the file. With it, the whole file is taken, or nothing, with the line and the
    reason. The file holds the sections in their order, the layout (alphabetical or by-type), and each text of
    one language; texts of others can be written into it too, each under a line of its own.
    """
    if file is not None and still_good:
        raise click.UsageError("Take a file back with --from, or keep texts with --still-good; not both.")
    from iscm.commands.context import opened
    from newsletter.course import find_issue
    from newsletter.editing import keep_as_good, print_issue, take_back
    from newsletter.standing import standing_of, what_is_lost

    with opened() as house:
        if file is None and not still_good:
            with house.database.reading() as session:
                click.echo(print_issue(session, find_issue(session, issue), language=language), nl=False)
            return
        content = _content_of(file) if file is not None else ""
        with house.database.writing() as session:
            found = find_issue(session, issue, lock=True)
            before = standing_of(found)
            if still_good:
                revision = keep_as_good(
                    session, found, still_good, language=language, editor=house.editor, now=house.now
                )
            else:
                revision = take_back(session, found, content, editor=house.editor, now=house.now)
            number, lost = revision.number, what_is_lost(before, standing_of(found))
    click.echo(f"Issue {issue} is at revision {number}.", err=True)
    for sentence in lost:
        click.echo(sentence, err=True)


def _content_of(file: BinaryIO) -> str:
    from models.refusal import Refusal

    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            f"The file is not UTF-8 text ({error.reason} at byte {error.start}). Nothing was changed."
        ) from error
