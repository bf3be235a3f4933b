"""The calendar in a real browser: grid or list, by keyboard, on paper, and the reader's own clock."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlalchemy import extract, select

from models import Database, Meeting, When
from models.mechanism import MechanismType
from models.meeting import MeetingStatus
from tests.web.record import a_mechanism, a_meeting

A4_ON_ITS_SIDE = (842, 595)
BRUSSELS = When.moments(datetime(2027, 6, 9, 21, 30), datetime(2027, 6, 9, 23, 0), "Europe/Brussels")  # noqa: DTZ001 - wall clock


@pytest.fixture
def june(sqlite_database: Database) -> Database:
    """A June with something of everything."""
    with sqlite_database.writing() as session:
        lima = a_mechanism(session)
        forum = a_mechanism(session, "forum", type=MechanismType.GLOBAL)
        a_meeting(session, lima, slug="first-meeting")
        a_meeting(session, forum, slug="timed", when=BRUSSELS, status=MeetingStatus.TENTATIVE)
        a_meeting(session, lima, slug="month-only", when=When.month(2027, 6))
        a_meeting(
            session, lima, slug="off", when=When.days(date(2027, 6, 16), None), status=MeetingStatus.CANCELLED
        )
        for number in range(6):
            a_meeting(session, lima, slug=f"busy-{number}", when=When.days(date(2027, 6, 22), None))
    return sqlite_database


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_month_is_a_grid_on_a_desk_and_a_list_on_a_phone(
    june: Database, serve: Callable[..., str], browser: Browser, width: int, scheme: str
) -> None:
    """By width alone, without script; the list holds every meeting at both; nothing sticks out."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{serve(june)}/calendar/2027/6")
    expect(page.get_by_role("table")).to_be_visible(visible=width == 1280)
    rows = page.locator(".meeting")
    assert rows.count() == 10
    for row in rows.all():
        expect(row).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    context.close()


def test_month_by_keyboard(june: Database, serve: Callable[..., str], page: Page) -> None:
    """Every bar and every count is reached by the tab key, in the order of the days, and can be opened."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{serve(june)}/calendar/2027/6")
    page.get_by_role("navigation", name="Types of mechanism").get_by_role("link", name="Global").focus()
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().split('  ')[0].slice(0, 13)"))
    assert reached[:3] == ["First meeting", "Timed 9 June ", "Off 16 June 2"]
    assert reached[-1].startswith("+2 more")
    page.keyboard.press("Enter")
    expect(page.locator("li.meeting:target")).to_be_visible()


@pytest.mark.parametrize("year", [2017, 2023, 2016])
def test_year_fits_on_a_page_or_two_of_paper(
    sqlite_registry: Database, serve: Callable[..., str], page: Page, year: int
) -> None:
    """Printed, a real year is a sheet or two of A4 on their side with every title whole, and the feed."""
    page.goto(f"{serve(sqlite_registry)}/calendar/{year}")
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) in {1, 2}
    assert {tuple(round(side) for side in one.mediabox[2:]) for one in printed.pages} == {A4_ON_ITS_SIDE}
    text = plain(" ".join(one.extract_text() for one in printed.pages))
    with sqlite_registry.reading() as session:
        titles = session.scalars(
            select(Meeting.title).where(extract("year", Meeting.first_day) == year)
        ).all()
    assert len(titles) in {23, 8}
    assert [title for title in titles if plain(title) not in text] == []
    assert plain("As of 23 November 2026") in text
    assert f"/feeds/archive/{year}.ics" in text
    assert plain("Subscribe to") not in text


def test_month_on_paper_is_the_grid(june: Database, serve: Callable[..., str], page: Page) -> None:
    """Printed from a phone too: the grid with its bars, and the list."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{serve(june)}/calendar/2027/6")
    printed = PdfReader(BytesIO(page.pdf()))
    text = plain(" ".join(one.extract_text() for one in printed.pages))
    assert text.count(plain("First meeting")) == 2


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Brussels", None),
        ("Europe/Paris", None),
        ("Africa/Lusaka", None),
        ("Africa/Nairobi", "9 June.*22:30.*10 June.*00:00 on your clock .East Africa Time."),
        ("Asia/Manila", "^10 June.*03:30.*05:00 on your clock .Philippine Standard Time."),
        ("America/Lima", "^14:30.{1,3}16:00 on your clock .Peru Standard Time."),
    ],
)
def test_meeting_shows_the_readers_own_hours(
    june: Database, serve: Callable[..., str], browser: Browser, zone: str, words: str | None
) -> None:
    """Beside the venue's hours stand the reader's, with the day where it differs; not on one clock."""
    context = browser.new_context(timezone_id=zone)
    page = context.new_page()
    page.goto(f"{serve(june)}/meetings/timed")
    own = page.locator(".own-time")
    if words is None:
        expect(own).to_be_hidden()
    else:
        expect(own).to_be_visible()
        assert re.search(words, own.inner_text())
    expect(page.get_by_text("21:30–23:00 Brussels time")).to_be_visible()
    context.close()


def test_meeting_without_script_shows_the_venues_hours_alone(
    june: Database, serve: Callable[..., str], browser: Browser
) -> None:
    """Nothing is empty or out of place where no script runs."""
    context = browser.new_context(timezone_id="Asia/Manila", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{serve(june)}/meetings/timed")
    expect(page.locator(".own-time")).to_be_hidden()
    expect(page.get_by_text("21:30–23:00 Brussels time")).to_be_visible()
    context.close()


def test_strip_of_the_year_is_reached_by_keyboard_and_fits_a_phone(
    june: Database, serve: Callable[..., str], browser: Browser
) -> None:
    """On a phone the strip is whole; a mark is a link with words, takes the focus and leads on."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(serve(june) + "/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    mark = page.get_by_role("figure").get_by_role("link", name="Timed, 9 June 2027")
    mark.focus()
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Timed")
    page.close()


def plain(text: str) -> str:
    """Text without its white space, which a PDF and a browser set as they like, and with plain quotes."""
    return "".join(text.replace("’", "'").split())
