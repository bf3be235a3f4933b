"""Titles under their mechanism's heading: without what heading and place say, and never broken."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Kind, Mode, When
from newsletter.facts import MechanismFacts
from newsletter.wording.titles import in_sentence, is_foreign, shown_title, with_the
from tests.newsletter.issue_facts import a_meeting

BALI = MechanismFacts(slug="bali", short_name="Bali Process", name="Bali Process on Smuggling", type="irf")
RCM = MechanismFacts(
    slug="rcm",
    short_name="Regional Conference on Migration",
    name="Regional Conference on Migration (RCM or Puebla Process)",
    type="rcp",
    acronym="RCM",
    aliases=("CRM", "Puebla Process", "Conferencia Regional sobre Migración"),
)
RIAM = MechanismFacts(
    slug="riam", short_name="RIAM", name="Ibero-American Network (RIAM)", type="irf", acronym="RIAM"
)


@pytest.mark.parametrize(
    ("mechanism", "title", "shown"),
    [
        (BALI, "6th Ministerial Conference of the Bali Process", "6th Ministerial Conference"),
        (
            BALI,
            "8th Ministerial Conference of the Bali Process and related meetings",
            "8th Ministerial Conference and related meetings",
        ),
        (
            BALI,
            "1st meeting of the Bali Process Consultation Mechanism",
            "1st meeting of the Bali Process Consultation Mechanism",
        ),
        (BALI, "Bali Process Steering Committee (handover)", "Steering Committee (handover)"),
        (BALI, "Inaugural Ministerial Consultation (Bali Process)", "Inaugural Ministerial Consultation"),
        (BALI, "Conference on Refugees: the Bali Process", "Conference on Refugees"),
        (BALI, "Inaugural Bali Process Business Forum", "Inaugural Bali Process Business Forum"),
        (BALI, "Closing workshop on the Bali Process", "Closing workshop on the Bali Process"),
        (RCM, "XXI Vice-Ministerial Meeting of the RCM", "XXI Vice-Ministerial Meeting"),
        (RCM, "XXII Reunión Viceministerial de la CRM", "XXII Reunión Viceministerial"),
        (RCM, "XXVI Meeting of the Puebla Process, Mexico City", "XXVI Meeting"),
        (RIAM, "7th Congress of RIAM", "7th Congress"),
        (RIAM, "RIAM Congress, Punta Cana", "RIAM Congress, Punta Cana"),
        (RIAM, "12th of RIAM", "12th of RIAM"),
    ],
)
def test_title_loses_only_what_its_heading_says(mechanism: MechanismFacts, title: str, shown: str) -> None:
    """The name goes where it is an apposition, and stays where another noun needs it."""
    assert shown_title(a_meeting(title=title, city="Mexico City"), mechanism) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Senior Officials' Meeting of the Bali Process, Dubai", "Senior Officials' Meeting"),
        ("Senior Officials' Meeting of the Bali Process, Dubai 2016", "Senior Officials' Meeting"),
        ("Extraordinary Meeting, United Arab Emirates", "Extraordinary Meeting"),
        ("Senior Officials' Meeting of the Bali Process (online)", "Senior Officials' Meeting"),
        ("Dubai", "Dubai"),
    ],
)
def test_title_loses_the_place_that_follows_anyway(title: str, shown: str) -> None:
    """Cities, States and "online" at the end of a title are told once."""
    when = When.days(date(2016, 5, 11), date(2016, 5, 12))
    meeting = a_meeting(title=title, city="Dubai", country="AE", when=when, mode=Mode.ONLINE)
    assert shown_title(meeting, BALI, "United Arab Emirates") == shown


@given(st.text(max_size=60))
def test_title_is_never_lost(title: str) -> None:
    """Whatever a title says, something of it is left to name the meeting by."""
    assert bool(shown_title(a_meeting(title=title), BALI)) == bool(title.split())


@pytest.mark.parametrize(
    ("title", "kind", "read"),
    [
        ("Launch meeting of the Process", Kind.PLENARY, "the launch meeting of the Process"),
        ("Meeting of the Consultation Group", Kind.TECHNICAL, "the Meeting of the Consultation Group"),
        ("Consultation on the Global Compact", Kind.CONSULTATION, "the Consultation on the Global Compact"),
        ("Expert-level preparatory meeting", Kind.PREPARATORY, "the expert-level preparatory meeting"),
        ("XXII Vice-Ministerial Meeting", Kind.VICE_MINISTERIAL, "the XXII Vice-Ministerial Meeting"),
        ("MIDWA annual meeting 2016", Kind.PLENARY, "the MIDWA annual meeting 2016"),
        ("The 3rd Meeting", Kind.PLENARY, "the 3rd Meeting"),
        ("Policy Talk: looking into 2025", Kind.WEBINAR, "the Policy Talk “Looking into 2025”"),
        ("3rd meetings: Friends of the Forum", Kind.PREPARATORY, "the 3rd meetings: Friends of the Forum"),
        (
            "XXIII Conferencia Suramericana sobre Migraciones",
            Kind.PLENARY,
            "XXIII Conferencia Suramericana sobre Migraciones",
        ),
        (
            "5e Conférence ministérielle sur la migration",
            Kind.MINISTERIAL,
            "5e Conférence ministérielle sur la migration",
        ),
    ],
)
def test_title_reads_in_the_middle_of_a_sentence(title: str, kind: Kind, read: str) -> None:
    """Articles and small letters are put where English wants them, and never before Spanish or French."""
    assert with_the(title, kind) == read


def test_foreign_titles_are_told_from_english_ones() -> None:
    """A place with a Spanish name does not make an English title Spanish."""
    assert is_foreign("Conferencia Regional sobre Migración")
    assert not is_foreign("Session of the 10th Round, San José Chapter")
    assert not is_foreign("La Paz Declaration Meeting")
    assert in_sentence("Summit", Kind.SUMMIT) == "Summit"
