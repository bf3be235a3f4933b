"""Who tells of meetings in an edition's language."""

from newsletter.facts import MechanismFacts
from newsletter.sections.desk import Desk
from newsletter.wording.plain_sentences import PlainTeller
from newsletter.wording.sentences import Teller
from templates.languages import ENGLISH


def teller_of(desk: Desk, mechanism: MechanismFacts) -> Teller | PlainTeller:
    """Return who tells of a mechanism's meetings under its heading."""
    if desk.language == ENGLISH:
        return Teller(mechanism=mechanism, mechanisms=desk.mechanisms, countries=desk.countries)
    return PlainTeller(
        language=desk.language, mechanism=mechanism, mechanisms=desk.mechanisms, countries=desk.countries
    )
