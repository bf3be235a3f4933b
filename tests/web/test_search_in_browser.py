"""Searching in a real browser: while one types, by keyboard, and without script."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Request, Route, expect

from models import Database

_TYPING = """(field, text) => {
  for (let end = 1; end <= text.length; end += 1) {
    field.value = text.slice(0, end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


@pytest.fixture
def address(sqlite_registry: Database, serve: Callable[..., str]) -> str:
    """Where the registry is served."""
    return serve(sqlite_registry)


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """The parts that the page's script asks for."""
    found: list[str] = []

    def note(request: Request) -> None:
        if "part=" in request.url:
            found.append(request.url.partition("/search")[2])

    page.on("request", note)
    yield found
    page.remove_listener("request", note)


def test_finds_appear_while_one_types(page: Page, address: str, asked: list[str]) -> None:
    """One question after a pause, told to who listens, in the address, and as one step of the history."""
    page.goto(f"{address}/about")
    page.goto(f"{address}/search")
    field = page.get_by_label("What are you looking for?")
    expect(field).to_be_focused()
    # Letters in one turn of the browser: how busy the machine is does not make pauses between them.
    field.evaluate(_TYPING, "pueb")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Regional Conference on Migration")
    assert asked == ["?q=pueb&part=results"]
    expect(page.get_by_role("status").first).to_have_text(re.compile(r"^\d+ finds for “pueb”$"))
    expect(page).to_have_url(f"{address}/search?q=pueb")
    expect(page).to_have_title(re.compile("^pueb – "))
    field.evaluate(_TYPING, "puebla")
    expect(page).to_have_url(f"{address}/search?q=puebla")
    field.fill("pueb")
    expect(page).to_have_url(f"{address}/search?q=pueb")
    assert asked == ["?q=pueb&part=results", "?q=puebla&part=results"]
    page.go_back()
    expect(page).to_have_url(f"{address}/about")
    page.go_forward()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Regional Conference on Migration")
    expect(page.get_by_label("What are you looking for?")).to_have_value("pueb")


def test_late_answer_does_not_replace_a_newer_one(page: Page, address: str) -> None:
    """Letters typed while an answer is under way make it void."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"q=midsa&part"), hold)
    page.goto(f"{address}/search")
    field = page.get_by_label("What are you looking for?")
    field.fill("midsa")
    expect(page.locator("[data-search-results]")).to_have_attribute("aria-busy", "true")
    field.fill("gfmd")
    expect(page.get_by_role("heading", level=2).first).to_have_text("GFMD")
    (late,) = held
    with suppress(Error):  # the browser has given the request up by then
        late.fulfill(body="<h2>Too late</h2>")
    expect(page.get_by_role("heading", level=2).first).to_have_text("GFMD")
    expect(page).to_have_url(f"{address}/search?q=gfmd")


def test_field_of_the_masthead_shows_the_first_finds(page: Page, address: str, asked: list[str]) -> None:
    """Down and up walk through them, Escape leads back, Enter goes to the find or to all of them."""
    page.goto(f"{address}/privacy")
    field = page.get_by_role("banner").get_by_role("searchbox")
    field.press_sequentially("midsa", delay=10)
    few = page.get_by_role("banner").locator("[data-search-results]")
    expect(few).to_be_visible()
    assert asked == ["?q=midsa&part=few"]
    expect(page.get_by_role("banner").get_by_role("status")).to_have_text(re.compile(r"^Show all \d+ finds$"))
    page.keyboard.press("ArrowDown")
    expect(few.get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(few.get_by_role("link").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(few).to_be_hidden()
    expect(field).to_have_value("midsa")
    expect(page).to_have_url(f"{address}/privacy")
    field.press_sequentially(" minist")
    expect(few.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/search?q=midsa+minist")
    expect(page.get_by_role("banner").get_by_role("searchbox")).to_have_count(0)


def test_first_finds_lead_to_their_page_and_close(page: Page, address: str) -> None:
    """Enter on a find opens it; leaving the field closes them; what finds nothing says so."""
    page.goto(f"{address}/privacy")
    field = page.get_by_role("banner").get_by_role("searchbox")
    few = page.get_by_role("banner").locator("[data-search-results]")
    field.fill("xyzzy")
    expect(few).to_have_text(re.compile("Nothing on record says “xyzzy”"))
    field.fill("")
    expect(few).to_be_hidden()
    field.fill("gfmd")
    expect(few.get_by_role("link").first).to_be_visible()
    page.get_by_role("main").click(position={"x": 1, "y": 1})
    expect(few).to_be_hidden()
    field.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/mechanisms/gfmd")


def test_search_works_without_script(browser: Browser, address: str) -> None:
    """The same finds by going to the page, and from there by kind."""
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/privacy")
    field = page.get_by_role("banner").get_by_role("searchbox")
    field.fill("puebla")
    field.press("Enter")
    expect(page).to_have_url(f"{address}/search?q=puebla")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Regional Conference on Migration")
    page.get_by_role("navigation", name="Kinds of finds").get_by_role("link", name="Meetings").click()
    expect(page).to_have_url(f"{address}/search?q=puebla&kind=meeting")
    expect(page.get_by_role("heading", level=2).first).to_have_text(re.compile("Puebla"))
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_finds_fit_the_screen_and_break_no_rule(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    """Nothing runs out of the screen or against the policy, by day and by night, the few finds too."""
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/search", "/search?q=migration", "/search?q=pueblo"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"{address}/privacy")
    page.get_by_role("banner").get_by_role("searchbox").fill("conference")
    expect(page.locator(".few-all")).to_be_visible()
    box = page.locator(".search-few").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    page.close()
