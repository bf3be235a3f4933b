"""`iscm newsletter approve ISSUE`."""

import click

from iscm.commands.newsletter.finding_line import finding_line


@click.command()
@click.argument("issue")
def command(issue: str) -> None:
    """Approve an issue as it stands now.

    The approval holds for exactly this content; any change of it needs a new one. A schedule that stood
    is dropped. Refused when something blocks; tells of the warnings for which no reason is kept.
    """
    from iscm.commands.context import opened
    from iscm.letter import stationery_of
    from newsletter.approval import approve_issue
    from newsletter.course import find_issue
    from newsletter.pdf.paper import NOT_INSTALLED, has_typst
    from newsletter.standing import standing_of, what_is_lost

    with opened() as house, house.database.writing() as session:
        found = find_issue(session, issue, lock=True)
        before = standing_of(found)
        approval, warnings = approve_issue(
            session, found, stationery=stationery_of(house.settings), editor=house.editor, now=house.now
        )
        said = f"Issue {issue} is approved for {approval.audience} readers, content {approval.hash[:12]}."
        lost = what_is_lost(before, standing_of(found))
    click.echo(said)
    for finding in warnings:
        click.echo(finding_line(finding), err=True)
    if warnings:
        click.echo(
            f"To keep why a warning may stand: iscm newsletter check {issue} --override RULE --reason TEXT",
            err=True,
        )
    if not has_typst():
        click.echo(f"No PDF edition was made. {NOT_INSTALLED}", err=True)
    for sentence in lost:
        click.echo(sentence, err=True)
