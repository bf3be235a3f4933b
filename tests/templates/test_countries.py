"""Names of States and territories."""

import pytest

from templates.countries import (
    listed_territory_names,
    territory_names,
    territory_note,
    territory_spellings,
)


def test_names_follow_united_nations_usage() -> None:
    """Names that CLDR writes otherwise are those of the United Nations."""
    names = territory_names("en")
    assert {
        code: names[code] for code in ("TR", "SZ", "MK", "CZ", "VN", "MD", "LA", "CD", "PS", "RU", "KR")
    } == {
        "TR": "Türkiye",
        "SZ": "Eswatini",
        "MK": "North Macedonia",
        "CZ": "Czechia",
        "VN": "Viet Nam",
        "MD": "Republic of Moldova",
        "LA": "Lao PDR",
        "CD": "Democratic Republic of the Congo",
        "PS": "State of Palestine",
        "RU": "Russian Federation",
        "KR": "Republic of Korea",
    }


@pytest.mark.parametrize(
    ("language", "place", "listed"),
    [
        ("ar", ["تركيا", "تشيكيا", "جمهورية تنزانيا المتحدة"], "بوليفيا (دولة - المتعددة القوميات)"),
        ("es", ["Türkiye", "Chequia", "República Unida de Tanzanía"], "Bolivia (Estado Plurinacional de)"),
        ("fr", ["Türkiye", "Tchéquie", "République-Unie de Tanzanie"], "Bolivie (État plurinational de)"),
    ],
)
def test_names_follow_united_nations_usage_in_each_language(
    language: str, place: list[str], listed: str
) -> None:
    """As in English; the same States and territories are named in every language."""
    names = territory_names(language)
    assert [names[code] for code in ("TR", "CZ", "TZ")] == place
    assert listed_territory_names(language)["BO"] == listed
    assert set(names) == set(territory_names("en"))


def test_spellings_hold_the_names_that_are_not_shown() -> None:
    """A State is found by the name people use, whichever the United Nations writes."""
    assert {"Russian Federation", "Russia", "Fédération de Russie", "Russie"} == set(
        territory_spellings("RU", languages=("en", "fr"))
    )
    assert territory_spellings("ZZ", languages=("en", "fr", "es", "ar")) == ()


def test_names_in_lists_are_the_full_ones_and_sort_by_country() -> None:
    """After a city a name is short; in a list of members it is the full one, the country's own name first."""
    place, listed = territory_names("en"), listed_territory_names("en")
    assert [(place[code], listed[code]) for code in ("BO", "LA", "FR")] == [
        ("Bolivia", "Bolivia (Plurinational State of)"),
        ("Lao PDR", "Lao People’s Democratic Republic"),
        ("France", "France"),
    ]


def test_names_cover_territories_and_nothing_that_is_no_place() -> None:
    """ISO 3166-1 assigns 249 codes; with Kosovo there are 250, and no group or test locale among them."""
    names = territory_names("en")
    assert len(names) == 250
    assert {"AS", "CK", "NC", "NU", "PF", "TK", "WF", "XK"} <= set(names)
    assert not {"EU", "UN", "ZZ", "XA"} & set(names)
    assert [name for name in names.values() if "&" in name or "St." in name] == []


def test_kosovo_carries_its_note() -> None:
    """Wherever Kosovo is named the resolution is cited; no other name has a note."""
    noted = {code for code in territory_names("en") if territory_note(code, language="en")}
    assert noted == {"XK"}
    assert "1244 (1999)" in (territory_note("XK", language="fr") or "")


def test_names_are_the_callers_own() -> None:
    """Changing what was given changes nothing for the next caller."""
    territory_names("en").clear()
    assert territory_names("en")["CH"] == "Switzerland"
