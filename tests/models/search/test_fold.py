"""Folding: which spellings are one to a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.search.fold import fold, placed_fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Türkiye", "turkiye"),
        ("TÜRKİYE", "turkiye"),
        ("ılık", "ilik"),
        ("Straße", "strasse"),
        ("København", "kobenhavn"),
        ("Söderköping", "soderkoping"),
        ("Việt Nam", "viet nam"),
        ("Côte d’Ivoire", "cote d ivoire"),
        ("MID-IGAD", "mid igad"),
        ("Беларусь, Украї́на", "беларусь украіна"),
        ("الهِجْرَة", "الهجره"),
        ("الهجـــرة", "الهجره"),
        ("ٱلْأُرْدُنّ", "الاردن"),
        ("٢٠٢٧", "2027"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a\x00b\x07c", "a b c"),
        ("?! … ()", ""),
        ("  10.7 ", "10 7"),
    ],
)
def test_fold_sets_aside_what_people_write_in_two_ways(written: str, folded: str) -> None:
    """Accents, case, letters without a base form, vowel signs, stretching and digits of other scripts."""
    assert fold(written) == folded


@given(st.text())
def test_fold_twice_is_fold(text: str) -> None:
    """What is folded once stays as it is, and is words with one space between them."""
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())


@given(st.text())
def test_fold_does_not_know_case_or_composition(text: str) -> None:
    """A text folds as it does in capitals' own small letters, composed or taken apart."""
    import unicodedata

    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(text.casefold()) == fold(text)


@given(st.text())
def test_places_lead_back_to_the_text(text: str) -> None:
    """Every folded letter comes from a place that folds to it; places never go back."""
    folded, places = placed_fold(text)
    assert " ".join(folded.split()) == fold(text)
    assert list(places) == sorted(places)
    assert len(places) == len(folded) + 1
    for letter, place in list(zip(folded, places, strict=False))[1:-1]:
        assert letter in placed_fold(text[place])[0]
