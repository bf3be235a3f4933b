"""Rules on where the letter's links lead."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from newsletter.preflight.finding import Finding, Inspected, InspectedEdition
from newsletter.preflight.linked import linked_addresses
from newsletter.preflight.places import line_of, node_of


def links_lead_to_the_site(issue: Inspected) -> Iterator[Finding]:
    """Find an issue compiled for another address of the site: body and headers would lead apart."""
    compiled_for = _site_of(issue.editions[0])
    if compiled_for != issue.base_url:
        sentence = (
            f"The issue's links lead to {compiled_for}, while the site is at {issue.base_url} now. "
            f"Compile it again: iscm newsletter compile {issue.year}"
        )
        yield Finding("base_url", blocks=True, sentence=sentence)


def links_reach_readers(issue: Inspected) -> Iterator[Finding]:
    """Warn of links to this machine itself in a letter that leaves it: nobody else can open them."""
    if not issue.leaves_the_machine:
        return
    for edition in issue.editions:
        found = [address for address in linked_addresses(edition.letter.html) if _is_loopback(address)]
        if found:
            sentence = (
                f"{len(found)} link(s) lead to this machine, where readers cannot come. "
                f"Set ISCM_BASE_URL and compile again: iscm newsletter compile {issue.year}"
            )
            yield Finding(
                "loopback",
                blocks=False,
                sentence=sentence,
                evidence=found[0],
                edition=edition.language,
                node=node_of(edition, found[0]),
                line=line_of(edition, found[0]),
            )


def links_answer(issue: Inspected) -> Iterator[Finding]:
    """Warn of each link that was asked and is dead; it is told once, in the first edition that has it."""
    told: set[str] = set()
    for edition in issue.editions:
        for address in linked_addresses(edition.letter.html):
            if address in issue.dead_links and address not in told:
                told.add(address)
                yield Finding(
                    "dead_link",
                    blocks=False,
                    sentence=f"A link does not work: {issue.dead_links[address]}",
                    evidence=address,
                    edition=edition.language,
                    node=node_of(edition, address),
                    line=line_of(edition, address),
                )


def _site_of(edition: InspectedEdition) -> str:
    """Return the site an edition was compiled for: what stands before its page, in whichever language."""
    tree = edition.tree
    return re.sub(rf"(?:/{re.escape(tree.language)})?/highlights/{re.escape(tree.code)}$", "", tree.address)


def _is_loopback(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        # A name, or an address no program could open: neither is this machine.
        return False
