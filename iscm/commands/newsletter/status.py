"""`iscm newsletter status ISSUE`."""

import click


@click.command()
@click.argument("issue")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(issue: str, *, as_json: bool) -> None:
    """Show how far an issue's sending is.

    candidates = included + excluded; included = accepted + rejected + skipped + in_doubt + open.
    """
    from dataclasses import asdict

    from iscm.commands.context import opened
    from iscm.commands.output import print_json, print_rows
    from newsletter.course import find_issue
    from newsletter.deliveries import count

    with opened() as house, house.database.reading() as session:
        found = find_issue(session, issue)
        counts, reason = count(session, found), found.state_reason
    if as_json:
        print_json(asdict(counts))
        return
    excluded = ", ".join(f"{number} {name}" for name, number in counts.excluded_by.items())
    numbers = {name: value for name, value in asdict(counts).items() if name not in {"state", "excluded_by"}}
    click.echo(f"Issue {issue} is {counts.state.value}{f': {reason}' if reason else ''}.")
    print_rows(
        [
            {"what": name, "letters": value, "note": excluded if name == "excluded" else ""}
            for name, value in numbers.items()
        ],
        columns=("what", "letters", "note"),
        as_json=False,
    )
