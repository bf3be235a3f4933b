"""Names of mechanisms: as a heading, and in running text."""

from collections.abc import Iterable
from typing import Final

from newsletter.facts import MechanismFacts
from templates.text import joined

# Names of one word are read like names ("MIDSA adopted"), except those that are spelled out letter by letter.
_SPELLED_OUT: Final = frozenset({"GFMD", "IGC", "PIDC", "RCM", "SACM", "ARCP", "CMC", "APC", "MTM"})

TYPE_LABELS: Final = {
    "rcp": "Regional consultative process",
    "irf": "Interregional forum",
    "global": "Global process",
}


def heading(mechanism: MechanismFacts) -> str:
    """Write a mechanism's heading: "Abu Dhabi Dialogue (ADD)".

    No brackets where the acronym is in the name.
    """
    if not mechanism.acronym or mechanism.acronym in mechanism.short_name:
        return mechanism.short_name
    return f"{mechanism.short_name} ({mechanism.acronym})"


def named(mechanism: MechanismFacts) -> str:
    """Write a mechanism in running text: "the Bali Process", "the GFMD", "MIDSA"."""
    name = mechanism.short_name
    return f"the {name}" if " " in name or name in _SPELLED_OUT else name


def named_all(mechanisms: Iterable[MechanismFacts]) -> str:
    """Write several mechanisms: "the Rabat Process and the Khartoum Process"."""
    return joined([named(mechanism) for mechanism in mechanisms])


def type_label(mechanism: MechanismFacts) -> str:
    """Write what a mechanism is; an event series that is not an ISCM (GRCP) has no type."""
    return TYPE_LABELS.get(mechanism.type, "") if mechanism.is_iscm else ""
