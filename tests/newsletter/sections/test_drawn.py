"""The two pictures of the year as nodes."""

from datetime import date

import pytest

from models import When
from newsletter.highlights import EditorsText, Highlights, PictureNode
from newsletter.rendering import Imprint, render_letter
from newsletter.tree_json import as_json, from_json
from tests.newsletter.issue_facts import SITE, a_meeting, an_issue

SEPTEMBER = When.days(date(2017, 9, 5), date(2017, 9, 5))
IMPRINT = Imprint(base_url=SITE, postal_address="1 Example Street, 1211 Geneva", has_pdf=True)


def a_year(language: str = "en") -> Highlights:
    """Four meetings: two in one country, one of which only the month is known, one of which not even that."""
    return an_issue(
        a_meeting(),
        a_meeting(uid="m2", mechanisms=("bali-process",), country="ID", when=SEPTEMBER),
        a_meeting(uid="m3", when=When.month(2017, 11)),
        a_meeting(uid="m4", country=None, when=When.year(2017)),
        language=language,
    )


def pictures(tree: Highlights) -> dict[str, PictureNode]:
    """The pictures of an issue by what they show."""
    return {node.shows: node for node in tree.told() if isinstance(node, PictureNode)}


def test_pictures_have_the_same_facts_as_their_tables() -> None:
    """A mark or a bar for each number in the table, the same in a sentence, and what is not shown is said."""
    shown = pictures(a_year())
    assert [(host.name, str(host.meetings)) for host in shown["map"].hosts] == list(shown["map"].rows)
    assert shown["map"].text == "Host countries: Indonesia, Zambia (2)."
    assert "no boundaries" in shown["map"].note
    assert shown["timeline"].columns == ("Month", "Regional", "Interregional")
    assert shown["timeline"].rows == (("June", "1", "0"), ("September", "0", "1"), ("November", "1", "0"))
    assert [(span.type, span.first, span.has_days) for span in shown["timeline"].spans] == [
        ("rcp", "2017-06-08", True),
        ("irf", "2017-09-05", True),
        ("rcp", "2017-11-01", False),
    ]
    assert shown["timeline"].note == (
        "An outline is a meeting of which only the month is known. "
        "1 meeting of which the month is not known is not shown."
    )


def test_pictures_are_kept_as_json() -> None:
    """A revision gives back the very same pictures."""
    tree = a_year("ar")
    assert from_json(as_json(tree)) == tree


def test_no_picture_of_one_country_or_month() -> None:
    """A map with one mark tells nothing that a sentence does not."""
    assert pictures(an_issue()) == {}


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_letter_and_page_show_pictures_with_words(language: str) -> None:
    """The letter names its pictures by cid with words in their place; the page draws them, with tables."""
    tree = a_year(language)
    letter = render_letter(tree, IMPRINT)
    shown = pictures(tree)
    assert [one.shows for one in letter.pictures] == ["timeline", "map"]
    for one in letter.pictures:
        assert f'src="cid:{one.cid}" alt="{shown[one.shows].alt}"' in letter.html
        assert shown[one.shows].note in letter.text
    assert letter.html.count(f'href="{tree.address}.pdf"') == 1
    assert letter.text.count(f"\n{tree.address}.pdf\n") == 1
    assert letter.web.count("<svg ") == letter.web.count("<table>") == 2
    assert "cid:" not in letter.web


def test_emptied_text_leaves_the_picture_out() -> None:
    """An editor who wants no map empties its text, in the letter and everywhere."""
    tree = a_year().with_texts({"figures/hosts": EditorsText(text="", source_hash=None)})
    letter = render_letter(tree, IMPRINT)
    assert [one.shows for one in letter.pictures] == ["timeline"]
    assert "no boundaries" not in letter.text
