"""The words of the field as feeds write them: kinds of meetings, types of mechanisms, names of feeds."""

from models.mechanism import MechanismType
from models.meeting import Kind
from templates.languages import catalogue


def kind_name(kind: Kind, *, language: str) -> str | None:
    """Return what a kind of meeting is called, or None for the kind that says nothing."""
    sentence = catalogue(language).gettext
    return {
        Kind.SUMMIT: sentence("Summit"),
        Kind.MINISTERIAL: sentence("Ministerial Meeting"),
        Kind.VICE_MINISTERIAL: sentence("Vice-Ministerial Meeting"),
        Kind.SENIOR_OFFICIALS: sentence("Senior Officials' Meeting"),
        Kind.PLENARY: sentence("Plenary Meeting"),
        Kind.JOINT_PLENARY: sentence("Joint Plenary Meeting"),
        Kind.GRCP: sentence("GRCP"),
        Kind.EXTRAORDINARY: sentence("Extraordinary Meeting"),
        Kind.HIGH_LEVEL: sentence("High-Level Meeting"),
        Kind.CONSULTATION: sentence("Consultation"),
        Kind.STEERING_COMMITTEE: sentence("Steering Committee"),
        Kind.WORKING_GROUP: sentence("Working Group"),
        Kind.TECHNICAL: sentence("Technical Meeting"),
        Kind.PREPARATORY: sentence("Preparatory Meeting"),
        Kind.SIDE_EVENT: sentence("Side Event"),
        Kind.WORKSHOP: sentence("Workshop"),
        Kind.TRAINING: sentence("Training"),
        Kind.WEBINAR: sentence("Webinar"),
    }.get(kind)


def type_word(kind: MechanismType, *, language: str) -> str:
    """Return the short word for a type of mechanism."""
    sentence = catalogue(language).gettext
    return {
        MechanismType.RCP: sentence("RCP"),
        MechanismType.IRF: sentence("IRF"),
        MechanismType.GLOBAL: sentence("Global"),
    }[kind]


def type_name(kind: MechanismType, *, language: str) -> str:
    """Return the name of all mechanisms of a type."""
    sentence = catalogue(language).gettext
    return {
        MechanismType.RCP: sentence("Regional consultative processes (RCP)"),
        MechanismType.IRF: sentence("Interregional forums (IRF)"),
        MechanismType.GLOBAL: sentence("Global processes"),
    }[kind]
