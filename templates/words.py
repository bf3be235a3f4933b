"""The record's own words (types, kinds, modes, states, roles) as people read them, in each language."""

from typing import Final

from templates.languages import ENGLISH, catalogue


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when it is asked for."""
    return sentence


TYPES: Final = {
    "rcp": _("Regional consultative process"),
    "irf": _("Interregional forum"),
    "global": _("Global process"),
}
TYPES_IN_PLURAL: Final = {
    "rcp": _("Regional consultative processes"),
    "irf": _("Interregional forums"),
    "global": _("Global processes"),
}
TYPES_IN_SHORT: Final = {"rcp": _("Regional"), "irf": _("Interregional"), "global": _("Global")}
MECHANISM_STATUSES: Final = {"active": _("Active"), "emerging": _("Emerging"), "dormant": _("Dormant")}
DORMANCIES: Final = {
    "completed": _("mission completed"),
    "inactive": _("inactive, may resume"),
    "converted": _("converted into another body"),
}
KINDS: Final = {
    "summit": _("Summit"),
    "ministerial": _("Ministerial"),
    "vice_ministerial": _("Vice-ministerial"),
    "senior_officials": _("Senior officials’ meeting"),
    "plenary": _("Plenary"),
    "joint_plenary": _("Joint plenary"),
    "grcp": _("Global meeting of processes (GRCP)"),
    "extraordinary": _("Extraordinary meeting"),
    "high_level": _("High-level meeting"),
    "consultation": _("Consultation"),
    "steering_committee": _("Steering committee"),
    "working_group": _("Working group"),
    "technical": _("Technical meeting"),
    "preparatory": _("Preparatory meeting"),
    "side_event": _("Side event"),
    "workshop": _("Workshop"),
    "training": _("Training"),
    "webinar": _("Webinar"),
    "other": _("Meeting"),
}
MODES: Final = {"in_person": _("In person"), "online": _("Online"), "hybrid": _("In person and online")}
ACTS: Final = {
    "adopted": _("Adopted"),
    "endorsed": _("Endorsed"),
    "recommended": _("Recommended"),
    "issued": _("Issued"),
    "expected": _("Expected"),
}
DOCUMENT_KINDS: Final = {
    "declaration": _("Declaration"),
    "agreement": _("Agreement"),
    "resolution": _("Resolution"),
    "communique": _("Communiqué"),
    "statement": _("Statement"),
    "summary": _("Summary"),
    "action_plan": _("Action plan"),
    "recommendations": _("Recommendations"),
    "strategy": _("Strategy"),
    "report": _("Report"),
    "guide": _("Guide"),
    "agenda": _("Agenda"),
    "other": _("Document"),
}
UPDATE_KINDS: Final = {
    "established": _("Founding"),
    "chair_handover": _("Chair"),
    "outcome": _("Outcome"),
    "institutional": _("Institution"),
    "meeting_held": _("Meeting held"),
    "gcm": _("Global Compact"),
    "announcement": _("Announcement"),
    "other": _("Other news"),
}
IOM_ROLES: Final = {
    "member": _("member"),
    "observer": _("observer"),
    "technical_secretariat": _("technical secretariat"),
    "secretariat_support": _("support to the secretariat"),
    "administrative_host": _("administrative host"),
    "interim_secretariat": _("interim secretariat"),
    "coordinator": _("coordinator"),
}
CHAIR_ROLES: Final = {
    "chair": _("Chair"),
    "co-chair": _("Co-chair"),
    "vice-chair": _("Vice-chair"),
    "chair-in-office": _("Chair-in-office"),
    "pro tempore presidency": _("Pro tempore presidency"),
}

_ALL: Final = {
    "type": TYPES,
    "types": TYPES_IN_PLURAL,
    "short type": TYPES_IN_SHORT,
    "mechanism status": MECHANISM_STATUSES,
    "dormancy": DORMANCIES,
    "kind": KINDS,
    "mode": MODES,
    "act": ACTS,
    "document kind": DOCUMENT_KINDS,
    "update kind": UPDATE_KINDS,
    "iom role": IOM_ROLES,
    "chair role": CHAIR_ROLES,
}


def word(table: str, value: str, *, language: str = ENGLISH) -> str:
    """Return the reading of one of the record's words; `table` is a key such as `kind` or `iom role`.

    A value the table does not hold comes back in plain letters (`round_table` as `Round table`), so that a
    new word in the record is never an error on a page. Raises KeyError for an unknown table.
    """
    known = _ALL[table].get(value)
    if known is None:
        return value.replace("_", " ").capitalize()
    return catalogue(language).gettext(known)
