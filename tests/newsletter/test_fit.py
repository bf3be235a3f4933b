"""A year that is too rich for a letter: the weightiest stays, the rest is on the web."""

from models import Kind
from newsletter.fit import ROOM, fitted_letter
from newsletter.highlights import EditorsText, Highlights
from newsletter.preflight.words import words_of_html, words_of_text
from newsletter.rendering import render_letter
from tests.newsletter.issue_facts import STATIONERY, a_meeting, an_issue


def _rich_year(number: int) -> Highlights:
    kinds = (Kind.MINISTERIAL, Kind.WEBINAR)
    return an_issue(
        *(
            a_meeting(
                uid=f"meeting-{place:03}",
                slug=f"m{place:03}",
                title=f"Meeting number {place:03}",
                kind=kinds[place % 2],
            )
            for place in range(number)
        )
    )


def test_letter_that_fits_is_left_whole() -> None:
    """Nothing is left out without need."""
    tree = _rich_year(4)
    assert fitted_letter(tree, STATIONERY.imprint) == render_letter(tree, STATIONERY.imprint)


def test_letter_that_is_too_large_keeps_the_weightiest_and_says_so() -> None:
    """All ministerials stay before one webinar does; parts stay equal; the web page has everything."""
    letter = fitted_letter(_rich_year(260), STATIONERY.imprint)
    told = {
        kind: sum(f"number {place:03}," in letter.text for place in range(start, 260, 2))
        for start, kind in enumerate(("ministerial", "webinar"))
    }
    left_out = 260 - sum(told.values())
    assert len(letter.html.encode()) <= ROOM
    assert told["ministerial"] == 130
    assert 0 < told["webinar"] < 130
    assert f"{left_out} more meetings are told in the full edition on the web." in letter.text
    assert words_of_html(letter.html) == words_of_text(letter.text)
    assert letter.web.count('class="meeting') == 260


def test_letter_keeps_room_filled() -> None:
    """One meeting more would be too many."""
    letter = fitted_letter(_rich_year(260), STATIONERY.imprint)
    assert ROOM - len(letter.html.encode()) < 800


def test_what_an_editor_wrote_is_never_left_out() -> None:
    """Light as the meeting may be."""
    tree = _rich_year(260).with_texts(
        {"meeting/meeting-259/told": EditorsText(text="An editor's words.", source_hash=None)}
    )
    assert "An editor's words." in fitted_letter(tree, STATIONERY.imprint).text
