"""`iscm newsletter check ISSUE`."""

from typing import TYPE_CHECKING

import click

from iscm.commands.newsletter.finding_line import finding_line

if TYPE_CHECKING:
    from iscm.commands.context import House
    from newsletter.preflight.finding import Finding


@click.command()
@click.argument("issue")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.option("--links", is_flag=True, help="Ask every address that the letter links to whether it answers.")
@click.option("--override", "rule", metavar="RULE", help="Let the warnings of a rule stand; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why they may stand. It is kept and shown.")
@click.option("--edition", metavar="LANG", help="Only in the edition of this language.")
@click.option("--withdraw", metavar="RULE", help="Let the warnings of a rule count again.")
def command(
    issue: str,
    rule: str | None,
    reason: str | None,
    edition: str | None,
    withdraw: str | None,
    *,
    as_json: bool,
    links: bool,
) -> None:
    """Check an issue before it is sent; exit 1 when something blocks.

    Every edition is checked. Warnings never stop anything; one that may stand gets a reason, which holds as
    long as the rule finds exactly that, also when the issue is compiled again. docs/preflight.md tells of
    each rule.
    """
    if (rule is None) != (reason is None):
        raise click.UsageError("--override RULE and --reason TEXT go together.")
    if edition is not None and rule is None:
        raise click.UsageError("--edition goes with --override.")
    from iscm.commands.context import opened
    from iscm.commands.output import print_json

    with opened() as house:
        dead = _dead_links(house, issue) if links else {}
        if withdraw is not None:
            _withdraw(house, issue, withdraw)
        if rule is not None:
            _override(house, issue, dead, rule=rule, reason=reason or "", edition=edition)
        findings = _findings(house, issue, dead)
    if as_json:
        print_json([_plain(finding) for finding in findings])
    for finding in findings:
        if finding.blocks or not as_json:
            click.echo(finding_line(finding), err=finding.blocks)
    if any(finding.blocks for finding in findings):
        raise SystemExit(1)
    if not as_json:
        click.echo(f"Nothing blocks issue {issue}.")


def _findings(house: "House", issue: str, dead: dict[str, str]) -> "list[Finding]":
    from iscm.letter import stationery_of
    from newsletter.course import find_issue
    from newsletter.preflight.check import check_issue

    with house.database.reading() as session:
        found = find_issue(session, issue)
        return check_issue(session, found, stationery_of(house.settings), dead_links=dead)


def _override(
    house: "House", issue: str, dead: dict[str, str], *, rule: str, reason: str, edition: str | None
) -> None:
    from newsletter.course import find_issue
    from newsletter.preflight.overrides import override

    findings = _findings(house, issue, dead)
    with house.database.writing() as session:
        number = override(
            session,
            find_issue(session, issue, lock=True),
            findings,
            rule=rule,
            reason=reason,
            edition=edition,
            editor=house.editor,
            now=house.now,
        )
    click.echo(f"{number} warning(s) of the rule {rule} may stand.", err=True)


def _withdraw(house: "House", issue: str, rule: str) -> None:
    from newsletter.course import find_issue
    from newsletter.preflight.overrides import withdraw

    with house.database.writing() as session:
        number = withdraw(
            session, find_issue(session, issue, lock=True), rule=rule, editor=house.editor, now=house.now
        )
    click.echo(f"{number} warning(s) of the rule {rule} count again.", err=True)


def _dead_links(house: "House", issue: str) -> dict[str, str]:
    """Ask the addresses; tell of those of which nothing can be said."""
    from iscm.letter import stationery_of
    from newsletter.contents import newest_revision
    from newsletter.course import find_issue
    from newsletter.letters import letters_of
    from newsletter.preflight.linked import linked_addresses
    from newsletter.preflight.reaching import look_at_links

    imprint = stationery_of(house.settings).imprint
    with house.database.reading() as session:
        letters = list(letters_of(newest_revision(session, find_issue(session, issue)), imprint))
    addresses = [address for letter in letters for address in linked_addresses(letter.html)]
    looked = look_at_links(addresses, own_site=house.settings.base_url)
    for address, why in looked.unjudged.items():
        click.echo(f"not judged: {address} ({why})", err=True)
    return looked.dead


def _plain(finding: "Finding") -> dict[str, object]:
    from dataclasses import asdict

    return asdict(finding)
