"""Names of mechanisms as headings and in sentences, and names of places."""

import pytest

from models import Mode
from newsletter.facts import MechanismFacts
from newsletter.wording.names import heading, named, type_label
from newsletter.wording.places import place
from tests.newsletter.issue_facts import COUNTRIES, SERIES, a_meeting


def _mechanism(short_name: str, acronym: str | None) -> MechanismFacts:
    return MechanismFacts(slug="x", short_name=short_name, name=short_name, type="rcp", acronym=acronym)


@pytest.mark.parametrize(
    ("short_name", "acronym", "written"),
    [
        ("Abu Dhabi Dialogue", "ADD", "Abu Dhabi Dialogue (ADD)"),
        ("Almaty Process", None, "Almaty Process"),
        ("5+5 Dialogue", "5+5", "5+5 Dialogue"),
        ("OCAM", "OCAM", "OCAM"),
        ("AU Horn of Africa Initiative", "AU HoAI", "AU Horn of Africa Initiative (AU HoAI)"),
    ],
)
def test_heading_has_the_acronym_once(short_name: str, acronym: str | None, written: str) -> None:
    """In brackets where there is one that the name does not hold already."""
    assert heading(_mechanism(short_name, acronym)) == written


def test_names_in_sentences_have_their_article() -> None:
    """Names of several words and spelled-out ones have it; those read as words do not."""
    assert [named(_mechanism(name, None)) for name in ("Bali Process", "GFMD", "MIDSA")] == [
        "the Bali Process",
        "the GFMD",
        "MIDSA",
    ]


def test_event_series_has_no_type() -> None:
    """GRCP is not an ISCM, so no type of one stands under it."""
    assert (type_label(SERIES), type_label(_mechanism("OCAM", None))) == ("", "Regional consultative process")


@pytest.mark.parametrize(
    ("city", "country", "mode", "written"),
    [
        ("Colombo", "LK", None, "in Colombo, Sri Lanka"),
        ("Djibouti", "DJ", None, "in Djibouti"),
        ("Manila", "PH", None, "in Manila, Philippines"),
        (None, "PH", None, "in the Philippines"),
        (None, "CD", None, "in the Democratic Republic of the Congo"),
        (None, "PA", None, "in Panama"),
        ("Mahé", None, None, "in Mahé"),
        (None, None, None, ""),
        (None, None, Mode.ONLINE, "online"),
        ("Dubai", "AE", Mode.ONLINE, "online, from Dubai, United Arab Emirates"),
        ("Dubai", "AE", Mode.HYBRID, "in Dubai, United Arab Emirates, and online"),
        ("Apia", "ZZ", None, "in Apia, ZZ"),
    ],
)
def test_place_is_written_as_far_as_it_is_known(
    city: str | None, country: str | None, mode: Mode | None, written: str
) -> None:
    """No "in" without a place, and no article after a city."""
    assert place(a_meeting(city=city, country=country, mode=mode), COUNTRIES) == written
