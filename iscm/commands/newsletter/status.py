"""`iscm newsletter status ISSUE`."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from iscm.commands.context import House

_NUMBERS = ("candidates", "excluded", "included", "accepted", "rejected", "skipped", "in_doubt", "open")


@click.command()
@click.argument("issue")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object; with --follow one a line.")
@click.option("--follow", is_flag=True, help="Look again every second, until nothing is left to be sent.")
def command(issue: str, *, as_json: bool, follow: bool) -> None:
    """Show how far an issue's sending is: its numbers, its hours, how fast it goes and how long yet.

    candidates = included + excluded; included = accepted + rejected + skipped + in_doubt + open.
    """
    from iscm.commands.context import opened
    from iscm.commands.newsletter.following import follow_issue
    from iscm.commands.output import print_json

    with opened() as house:
        if follow:
            follow_issue(house, issue, as_json=as_json)
            return
        facts, hours = _read(house, issue)
    if as_json:
        print_json(facts)
        return
    _print(facts, hours)


def _read(house: "House", issue: str) -> tuple[dict[str, Any], list[str]]:
    from iscm.commands.newsletter.hours import said_hours
    from newsletter.course import find_issue
    from newsletter.progress import facts_of

    with house.database.reading() as session:
        found = find_issue(session, issue)
        return facts_of(session, found, now=house.now), said_hours(found, now=house.now)


def _print(facts: dict[str, Any], hours: list[str]) -> None:
    from iscm.commands.newsletter.numbers import said_pace
    from iscm.commands.output import print_rows

    reason = f": {facts['state_reason']}" if facts["state_reason"] else ""
    click.echo(f"Issue {facts['code']} is {facts['state'].value}{reason}.")
    for sentence in (*hours, said_pace(facts)):
        if sentence:
            click.echo(sentence)
    excluded = ", ".join(f"{number} {name}" for name, number in facts["excluded_by"].items())
    print_rows(
        [
            {"what": name, "letters": facts[name], "note": excluded if name == "excluded" else ""}
            for name in _NUMBERS
        ],
        columns=("what", "letters", "note"),
        as_json=False,
    )
