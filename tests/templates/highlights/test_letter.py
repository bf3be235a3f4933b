"""The letter in its forms: equal in content, built for mail programs, legible, and complete by itself."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from models import MeetingStatus, Mode, When
from models.database import Database
from newsletter.fit import LARGEST
from newsletter.highlights import EditorsText, Highlights
from newsletter.preflight.words import words_of_html, words_of_text
from newsletter.rendering import Letter, render_letter
from templates.hues import HUES
from tests.newsletter.issue_facts import (
    SITE,
    STATIONERY,
    a_meeting,
    an_issue,
    an_issue_of_the_record,
)

FOREWORD = {
    "foreword/text": EditorsText(text="Dear readers,\n\nA year of *talks*:\n\n- one\n- two", source_hash=None)
}
YEARS = (1997, 2000, *range(2013, 2027))


def _letter(tree: Highlights) -> Letter:
    return render_letter(tree, STATIONERY.imprint)


@pytest.fixture
def letters(sqlite_registry: Database) -> Iterator[dict[int, Letter]]:
    """The letters of all years, each with a foreword."""
    with sqlite_registry.reading() as session:
        yield {year: _letter(an_issue_of_the_record(session, year).with_texts(FOREWORD)) for year in YEARS}


class _Document(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [facts for name, facts in self.elements if name == tag]


def test_text_and_html_say_the_same_in_every_year(letters: dict[int, Letter]) -> None:
    """Reduced to words, the two parts are equal: spam filters punish any difference."""
    for year, letter in letters.items():
        assert words_of_text(letter.text) == words_of_html(letter.html), year


def test_text_and_html_say_the_same_of_every_kind_of_node() -> None:
    """Also of what no year of the registry has: called off, to come, undated, noted, written by editors."""
    tree = an_issue(
        a_meeting(
            status=MeetingStatus.CANCELLED, when=When.parse("2026-05-30", "2026-06-02"), reason="Elections"
        ),
        a_meeting(uid="b", status=MeetingStatus.POSTPONED, when=When.parse("2027-01-30", "2027-02-02")),
        a_meeting(uid="c", status=MeetingStatus.PLANNED, when=When.unknown(), city="Pristina", country="XK"),
        a_meeting(
            uid="d", when=When.parse("2026-03"), mode=Mode.HYBRID, mechanisms=("midsa", "bali-process")
        ),
        year=2026,
    ).with_texts(
        FOREWORD | {"chairs/text": EditorsText(text="1. Who\n2. chairs\n\n> said", source_hash=None)}
    )
    letter = _letter(tree)
    words = words_of_text(letter.text)
    assert words == words_of_html(letter.html)
    assert {"Cancelled:", "Postponed:", "Kosovo", "Foreword", "Who"} <= set(words)


def test_every_address_of_the_html_stands_in_the_text(letters: dict[int, Letter]) -> None:
    """Who reads the text part can go wherever the others can."""
    for letter in letters.values():
        linked = {facts["href"] for facts in _Document(letter.html).named("a")}
        assert {address for address in linked if address and address not in letter.text} == set()


def test_headings_stand_on_lines_of_their_own_in_natural_case(letters: dict[int, Letter]) -> None:
    """Sections, the mechanisms' among them, and each mechanism's name."""
    lines = letters[2017].text.splitlines()
    for heading in (
        "ISCM Highlights 2017",
        "2017 in figures",
        "Mechanisms",
        "Abu Dhabi Dialogue (ADD)",
        "Global meeting",
    ):
        assert heading in lines


def test_every_year_fits_with_room(letters: dict[int, Letter]) -> None:
    """The richest year has less than half of what Gmail shows."""
    assert max(len(letter.html.encode()) for letter in letters.values()) < LARGEST // 2


def test_frame_says_language_direction_and_schemes(letters: dict[int, Letter]) -> None:
    """Doctype, lang, dir as attribute and style, charset, color-scheme, title, one h1, no level skipped."""
    html = letters[2017].html
    document = _Document(html)
    assert html.startswith("<!DOCTYPE html>")
    assert html.index("charset") < 100
    assert document.named("html") == [{"lang": "en", "dir": "ltr"}]
    metas = document.named("meta")
    assert [facts["charset"] for facts in metas if "charset" in facts] == ["utf-8"]
    assert [facts["content"] for facts in metas if facts.get("name") == "color-scheme"] == ["light dark"]
    assert "<title>ISCM Highlights 2017</title>" in html
    (article,) = [facts for facts in document.named("div") if facts.get("role") == "article"]
    assert (article["lang"], article["dir"], article["style"]) == ("en", "ltr", "direction: ltr")
    levels = [int(name[1]) for name, _ in document.elements if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_layout_is_of_presentation_tables_of_600_pixels(letters: dict[int, Letter]) -> None:
    """No table is announced as data, and the sheet is as wide as mail programs expect."""
    tables = _Document(letters[2017].html).named("table")
    assert {facts.get("role") for facts in tables} == {"presentation"}
    assert [facts["width"] for facts in tables if facts.get("class") == "sheet"] == ["600"]


def test_nothing_runs_asks_or_is_loaded_from_elsewhere(letters: dict[int, Letter]) -> None:
    """No script, form, font or sheet; pictures travel with the letter, and the page draws its own."""
    for letter in letters.values():
        for html, allowed in ((letter.html, {"img"}), (letter.web, {"link"})):
            document = _Document(html)
            names = {name for name, _ in document.elements} - allowed
            assert names.isdisjoint({"script", "form", "input", "img", "iframe", "link", "object", "video"})
            carried = {f"cid:{one.cid}" for one in letter.pictures}
            assert {facts["src"] for facts in document.named("img")} <= carried
            assert {facts["rel"] for facts in document.named("link")} <= {"alternate"}
            assert re.findall(r"@import|@font-face|url\(", html) == []


def test_no_writing_is_smaller_than_14_pixels(letters: dict[int, Letter]) -> None:
    """But for the coloured bar, which says nothing."""
    sizes = re.findall(r"font(?:-size)?: ?(\d+)px", letters[2017].html)
    assert min({int(size) for size in sizes} - {1}) == 14


def test_reading_order_is_that_of_the_source_and_tiles_are_not_read_twice(letters: dict[int, Letter]) -> None:
    """A tile repeats its sentence's date for the eye alone."""
    html = letters[2017].html
    assert html.count('<td class="when" aria-hidden="true"') == html.count('class="when"') == 23


def test_preheader_is_the_first_thing_read(letters: dict[int, Letter]) -> None:
    """Mailboxes show what comes first beside the subject."""
    said = "15 mechanisms and 23 meetings: what was adopted, endorsed and discussed in 2017."
    assert letters[2017].text.startswith(said)
    assert words_of_html(letters[2017].html)[:3] == ["15", "mechanisms", "and"]


def test_foot_offers_to_leave_and_says_who_writes() -> None:
    """In both parts, with the marks that are filled in for each reader."""
    letter = _letter(an_issue())
    for part in (letter.html, letter.text):
        assert f"{SITE}/u/UNSUBSCRIBE~TOKEN~SLOT" in part
        assert f"{SITE}/p/PREFERENCES~TOKEN~SLOT" in part
        assert f"{SITE}/highlights/2017" in part
        assert "1 Example Street, 1211 Geneva, Switzerland" in part


def test_web_page_tells_the_whole_issue_and_offers_no_leaving() -> None:
    """It is for everybody, so nobody's link stands in it."""
    tree = an_issue().with_texts(FOREWORD)
    web = _letter(tree).web
    assert "SLOT" not in web
    said = " ".join(words_of_html(web))
    for section in tree.shown_sections():
        assert section.heading in said
    assert "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia." in said


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("paper", "inks"),
    [
        ("#ffffff", ["#16212b", "#51606c", "#0a675a", "#a5241c", *(hue.ink for hue in HUES.values())]),
        ("#18222a", ["#e6ebef", "#a3b0bb", "#6fd0be", "#ff9a90", *(hue.night_ink for hue in HUES.values())]),
    ],
)
def test_writing_has_contrast_by_day_and_by_night(paper: str, inks: list[str]) -> None:
    """4.5 to 1 for every ink that the sheet uses (WCAG 2.2, 1.4.3)."""
    assert {ink: round(_contrast(ink, paper), 1) for ink in inks if _contrast(ink, paper) < 4.5} == {}


def test_stylesheet_uses_no_other_inks() -> None:
    """So that the contrasts above are those of the letter."""
    from templates.environment import FOLDER

    sheet = (FOLDER / "highlights" / "letter.css").read_text(encoding="utf-8")
    assert set(re.findall(r"[^-]color: (#[0-9a-f]{6})", sheet)) <= {
        "#16212b", "#51606c", "#0a675a", "#a5241c", "#e6ebef", "#a3b0bb", "#6fd0be", "#ff9a90",
    }  # fmt: skip
