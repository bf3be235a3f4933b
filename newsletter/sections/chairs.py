"""Who chairs each mechanism that is at work, and where it can be reached."""

from urllib.parse import urlsplit

from newsletter.facts import ChairFacts, MechanismFacts
from newsletter.highlights import Entry, Link, Node
from newsletter.sections.desk import Desk
from newsletter.wording.dates import term
from newsletter.wording.names import heading
from newsletter.wording.titles import opening
from templates.text import joined


def chairs_and_contacts(desk: Desk) -> tuple[Node, ...]:
    """List chair, secretariat and address of each mechanism that is not dormant.

    What is not known is left out.
    """
    entries = (_entry(desk, mechanism) for mechanism in desk.mechanisms.values() if not mechanism.is_dormant)
    return tuple(entry for entry in entries if entry.text)


def _entry(desk: Desk, mechanism: MechanismFacts) -> Entry:
    site = (urlsplit(mechanism.website).hostname or "").removeprefix("www.") if mechanism.website else ""
    said = [
        _chair(desk, mechanism.chair) if mechanism.chair else "",
        f"Secretariat: {mechanism.secretariat.rstrip('.')}." if mechanism.secretariat else "",
        f"Contact: {mechanism.contact.rstrip('.')}." if mechanism.contact else "",
        f"Website: {site}." if site else "",
    ]
    return Entry(
        key=f"mechanism/{mechanism.slug}/chair",
        label=heading(mechanism),
        type=mechanism.type if mechanism.is_iscm else "",
        text=" ".join(words for words in said if words),
        links=(Link(words=site, address=mechanism.website),) if mechanism.website and site else (),
    )


def _chair(desk: Desk, chair: ChairFacts) -> str:
    """Say who is in the chair as of the issue's year; a term that lies outside it is left out."""
    if (chair.until and int(chair.until[:4]) < desk.year) or (
        chair.since and int(chair.since[:4]) > desk.year
    ):
        return ""
    seats = {
        role: [desk.countries.get(state, state) for state, its in chair.states if its == role]
        for role in dict(chair.states).values()
    }
    shown = opening("; ".join(f"{_seat(role, len(names))}: {joined(names)}" for role, names in seats.items()))
    since = f" since {term(chair.since)}" if chair.since and not chair.until else ""
    span = f" {term(chair.since)} to {term(chair.until)}" if chair.since and chair.until else ""
    return f"{shown}{',' if since or span else ''}{since}{span}."


def _seat(role: str, number: int) -> str:
    return f"{role}s" if number > 1 else role
