"""Who chairs each mechanism that is at work, and where it can be reached."""

from urllib.parse import urlsplit

from newsletter.facts import ChairFacts, MechanismFacts
from newsletter.highlights import Entry, Link, Node
from newsletter.sections.desk import Desk
from newsletter.wording.dates import term
from newsletter.wording.names import heading
from templates.languages import ENGLISH
from templates.text import joined
from templates.words import word


def chairs_and_contacts(desk: Desk) -> tuple[Node, ...]:
    """List chair, secretariat and address of each mechanism that is not dormant.

    What is not known is left out.
    """
    entries = (_entry(desk, mechanism) for mechanism in desk.mechanisms.values() if not mechanism.is_dormant)
    return tuple(entry for entry in entries if entry.text)


def _entry(desk: Desk, mechanism: MechanismFacts) -> Entry:
    site = (urlsplit(mechanism.website).hostname or "").removeprefix("www.") if mechanism.website else ""
    secretariat = (mechanism.secretariat or "").rstrip(".")
    contact = (mechanism.contact or "").rstrip(".")
    said = [
        _chair(desk, mechanism.chair) if mechanism.chair else "",
        desk.gettext("Secretariat: %(name)s.", name=secretariat) if secretariat else "",
        desk.gettext("Contact: %(name)s.", name=contact) if contact else "",
        desk.gettext("Website: %(address)s.", address=site) if site else "",
    ]
    return Entry(
        key=f"mechanism/{mechanism.slug}/chair",
        label=heading(mechanism),
        type=mechanism.type if mechanism.is_iscm else "",
        text=" ".join(words for words in said if words),
        links=(Link(words=site, address=mechanism.website),) if mechanism.website and site else (),
        foreign=desk.foreign(secretariat, ENGLISH) + desk.foreign(_in_words(contact), ENGLISH),
        language=mechanism.language if mechanism.language != desk.language else "",
    )


def _in_words(contact: str) -> str:
    """Return a contact that is in words; a bare address is in no language."""
    return contact if " " in contact else ""


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
    shown = "; ".join(_seat(desk, role, names) for role, names in seats.items())
    if desk.language == "ar":
        shown = shown.replace("; ", "؛ ")
    if not chair.since:
        return desk.gettext("%(chair)s.", chair=shown)
    since = term(chair.since, language=desk.language)
    if not chair.until:
        return desk.gettext("%(chair)s, since %(date)s.", chair=shown, date=since)
    until = term(chair.until, language=desk.language)
    return desk.gettext("%(chair)s, %(since)s to %(until)s.", chair=shown, since=since, until=until)


def _seat(desk: Desk, role: str, names: list[str]) -> str:
    number, states = len(names), joined(names, language=desk.language)
    match role:
        case "chair":
            said = desk.ngettext("Chair: %(states)s", "Chairs: %(states)s", number, states=states)
        case "co-chair":
            said = desk.ngettext("Co-chair: %(states)s", "Co-chairs: %(states)s", number, states=states)
        case "vice-chair":
            said = desk.ngettext("Vice-chair: %(states)s", "Vice-chairs: %(states)s", number, states=states)
        case "chair-in-office":
            said = desk.ngettext(
                "Chair-in-office: %(states)s", "Chairs-in-office: %(states)s", number, states=states
            )
        case _:
            said = f"{word('chair role', role, language=desk.language)}: {states}"
    return said
