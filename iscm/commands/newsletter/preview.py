"""`iscm newsletter preview ISSUE DIR`."""

from pathlib import Path

import click


@click.command()
@click.argument("issue")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def command(issue: str, folder: Path) -> None:
    """Write an issue as HTML, text, mail and PDF into a folder.

    The files are LANG.html, LANG.txt, LANG.eml and LANG.pdf for each language, the pictures of the HTML in
    pictures/ and the pages of the archive in web/; folders are made where there are none. The PDF needs the
    extra pdf.
    """
    from iscm.commands.context import opened
    from iscm.letter import stationery_of
    from models.refusal import Refusal
    from newsletter.course import find_issue
    from newsletter.pdf.paper import NOT_INSTALLED, has_typst
    from newsletter.preview import preview_files

    with opened() as house:
        with house.database.reading() as session:
            found = find_issue(session, issue)
            files = list(preview_files(session, found, stationery_of(house.settings), now=house.now))
        try:
            for name, content in files:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
                click.echo(str(folder / name))
            if not has_typst():
                click.echo(NOT_INSTALLED, err=True)
        except OSError as error:
            raise Refusal(f"The preview cannot be written to {folder}: {error.strerror}.") from error
