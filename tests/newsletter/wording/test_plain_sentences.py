"""What is said of a meeting in French, Spanish and Arabic: whole sentences, each fact in its own."""

from datetime import date

import pytest

from models import MeetingStatus, Mode, When
from newsletter.facts import MechanismFacts, MeetingFacts, OutcomeFacts
from newsletter.highlights import Foreign
from newsletter.wording.own_titles import own_title
from newsletter.wording.plain_sentences import PlainTeller
from templates.countries import territory_names
from tests.newsletter.issue_facts import a_meeting

NAMES = {"fr": "Dialogue d’Abou Dhabi", "es": "Diálogo de Abu Dabi", "ar": "حوار أبوظبي"}
TITLES = {
    "fr": "6e Consultation ministérielle du Dialogue d’Abou Dhabi",
    "es": "6.ª Consulta Ministerial del Diálogo de Abu Dabi",
    "ar": "المشاورات الوزارية السادسة لحوار أبوظبي",
}


def _mechanism(language: str, slug: str = "add") -> MechanismFacts:
    name = NAMES[language]
    return MechanismFacts(slug=slug, short_name=name, name=name, type="irf", language=language)


def _consultation(spoken: str, /, **facts: object) -> MeetingFacts:
    own = {"title": TITLES[spoken], "language": spoken, "mechanisms": ("add",), "city": None, "country": "LK"}
    return a_meeting(**{**own, **facts})


def _said(language: str, meeting: MeetingFacts) -> str:
    mechanism = _mechanism(language)
    other = MechanismFacts(slug="bali", short_name="Bali", name="Bali", type="irf")
    teller = PlainTeller(
        language=language,
        mechanism=mechanism,
        mechanisms={"add": mechanism, "bali": other},
        countries=territory_names(language),
    )
    return teller.tell(meeting).sentence


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "6e Consultation ministérielle, 8–10 juin 2017, Sri Lanka."),
        ("es", "6.ª Consulta Ministerial, 8–10 de junio de 2017, Sri Lanka."),
        ("ar", "المشاورات الوزارية السادسة، 8–10 يونيو 2017، سري لانكا."),
    ],
)
def test_title_loses_what_its_heading_says(language: str, said: str) -> None:
    """With the joint of each language; dates and States as it writes them."""
    assert _said(language, _consultation(language)) == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"status": MeetingStatus.CONFIRMED, "mode": Mode.HYBRID, "city": "Colombo"},
            "Annonce\u202f: 6e Consultation ministérielle, 8–10 juin 2017, Colombo (Sri Lanka), et en ligne.",
        ),
        (
            {"status": MeetingStatus.CANCELLED, "reason": "A strike."},
            (
                "6e Consultation ministérielle, date annoncée\u202f: 8–10 juin 2017, Sri Lanka. La réunion a "
                "été annulée. Motif\u202f: A strike."
            ),
        ),
        (
            {"when": When.days(date(2017, 6, 1), None), "mechanisms": ("add", "bali"), "theme": "Work"},
            (
                "6e Consultation ministérielle, à partir du 1er juin 2017 (fin non précisée), Sri Lanka. "
                "Tenue conjointement avec\u202f: Bali. Thème\u202f: Work."
            ),
        ),
        (
            {
                "outcomes": tuple(
                    OutcomeFacts(slug=title, title=title, act="adopted") for title in ("One", "Two")
                )
            },
            "6e Consultation ministérielle, 8–10 juin 2017, Sri Lanka. Documents adoptés\u202f: One et Two.",
        ),
    ],
)
def test_each_fact_has_its_sentence(facts: dict[str, object], said: str) -> None:
    """Announced, called off with its reason, without an end, joint, with documents in the right number."""
    assert _said("fr", _consultation("fr", **facts)) == said


def test_words_without_translation_are_marked() -> None:
    """A title that only exists in English, and a theme."""
    mechanism = _mechanism("fr")
    teller = PlainTeller(language="fr", mechanism=mechanism, mechanisms={"add": mechanism}, countries={})
    told = teller.tell(_consultation("fr", title="6th Consultation", language="en", theme="Work."))
    assert told.foreign == (
        Foreign(words="6th Consultation", language="en"),
        Foreign(words="Work", language="en"),
    )


def test_title_of_which_too_little_would_be_left_stays_whole() -> None:
    """One word is no title, and neither is an English title one of the language."""
    mechanism = _mechanism("fr")
    short = _consultation("fr", title="6e Sommet du Dialogue d’Abou Dhabi")
    assert own_title(short, mechanism, language="fr") == short.title
    english = _consultation("fr", title="Summit of the Dialogue", language="en")
    assert own_title(english, mechanism, language="fr") == "Summit of the Dialogue"
