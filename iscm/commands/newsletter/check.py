"""`iscm newsletter check ISSUE`."""

import click


@click.command()
@click.argument("issue")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def command(issue: str, *, as_json: bool) -> None:
    """Check an issue before it is sent; exit 1 when something blocks.

    Warnings never stop anything.
    """
    from dataclasses import asdict

    from iscm.commands.context import opened
    from iscm.commands.output import print_json
    from iscm.letter import stationery_of
    from newsletter.course import find_issue
    from newsletter.preflight.check import check_issue

    with opened() as house, house.database.reading() as session:
        findings = check_issue(session, find_issue(session, issue), stationery_of(house.settings))
    blocking = [finding for finding in findings if finding.blocks]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in findings:
        line = f"{'blocks' if finding.blocks else 'warns'}: {finding}"
        if finding.blocks or not as_json:
            click.echo(line, err=finding.blocks)
    if blocking:
        raise SystemExit(1)
    if not as_json:
        click.echo(f"Nothing blocks issue {issue}.")
