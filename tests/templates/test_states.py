"""States, and the order of their names."""

from templates.countries import listed_territory_names
from templates.states import first_letter, listing_key, state_codes


def test_states_are_those_of_the_united_nations() -> None:
    """193 Member States and two observers; territories, and Kosovo, are none of them."""
    codes = state_codes()
    assert len(codes) == 195
    assert {"VA", "PS", "CH", "SS", "TL", "ME"} <= codes
    assert codes & {"AS", "CK", "EH", "HK", "NC", "NU", "PF", "TK", "TW", "WF", "XK"} == set()


def test_names_are_listed_by_their_letters() -> None:
    """Marks and capitals do not move a name: Côte d’Ivoire stands before Croatia, Türkiye before Tuvalu."""
    names = listed_territory_names("en")
    codes = ["TV", "TR", "TN", "HR", "CI", "CR", "AX", "AF"]
    assert sorted(codes, key=lambda code: listing_key(names[code])) == [
        "AF", "AX", "CR", "CI", "HR", "TN", "TR", "TV",
    ]  # fmt: skip
    assert [first_letter(names[code]) for code in ("AX", "CI", "TR", "GB")] == ["A", "C", "T", "U"]
