"""Rules on the site that the letter's own links lead to."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from newsletter.preflight.finding import Finding, Inspected
from newsletter.preflight.linked import linked_addresses


def links_lead_to_the_site(issue: Inspected) -> Iterator[Finding]:
    """Find an issue compiled for another address of the site: body and headers would lead apart."""
    own = f"/highlights/{issue.tree.code}"
    if issue.tree.address != f"{issue.base_url}{own}":
        compiled_for = issue.tree.address.removesuffix(own)
        sentence = (
            f"The issue's links lead to {compiled_for}, while the site is at {issue.base_url} now. "
            f"Compile it again: iscm newsletter compile {issue.tree.year}"
        )
        yield Finding("base_url", blocks=True, sentence=sentence)


def links_reach_readers(issue: Inspected) -> Iterator[Finding]:
    """Warn of links to this machine itself in a letter that leaves it: nobody else can open them."""
    if not issue.leaves_the_machine:
        return
    found = [address for address in linked_addresses(issue.letter.html) if _is_loopback(address)]
    if found:
        sentence = (
            f"{len(found)} link(s) lead to this machine, where readers cannot come. "
            f"Set ISCM_BASE_URL and compile again: iscm newsletter compile {issue.tree.year}"
        )
        yield Finding("loopback", blocks=False, sentence=sentence, evidence=found[0])


def _is_loopback(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        # A name, or an address no program could open: neither is this machine.
        return False
