"""Text cleaned, joined and turned into addresses."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.text import clean_text, joined, one_line, slugify

anything = st.text(st.characters(codec=None), max_size=80)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Puebla Process", "puebla-process"),
        ("IGAD-RCP", "igad-rcp"),
        ("Türkiye’s Çeşme meeting (2019)", "turkiyes-cesme-meeting-2019"),
        ("Straße – Łódź – Ærø", "strasse-lodz-aero"),
        ("Fakataha ‘a Tonga", "fakataha-a-tonga"),
        ("عملية", ""),
    ],
)
def test_slugify_of_names(text: str, slug: str) -> None:
    """Names of the registry become addresses that can be read out on the telephone."""
    assert slugify(text) == slug


@given(anything)
def test_slugify_gives_only_words_for_addresses(text: str) -> None:
    """Whatever is given, the answer is empty or letters, digits and single hyphens, and stays so."""
    slug = slugify(text)
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert slugify(slug) == slug


@given(anything)
def test_clean_text_can_be_sent_to_any_reader(text: str) -> None:
    """No control character but tab and newline is left, text is in NFC, cleaning twice changes nothing."""
    clean = clean_text(text)
    assert {unicodedata.category(letter) for letter in clean if letter not in "\t\n"} & {"Cc", "Cs"} == set()
    assert unicodedata.is_normalized("NFC", clean)
    assert clean_text(clean) == clean


def test_one_line_of_several() -> None:
    """A title is one line, whatever was pasted into the field."""
    assert one_line("  Round\ttable\r\non\x00 data\u2028 (Nadi)\u202e ") == "Round table on data (Nadi)"


def test_joined_as_in_a_sentence() -> None:
    """Lists have no serial comma, as the United Nations writes."""
    assert [joined(["Chad"]), joined(["Chad", "Mali"]), joined(["Chad", "Mali", "Niger"])] == [
        "Chad",
        "Chad and Mali",
        "Chad, Mali and Niger",
    ]
