"""Subscribing in a real browser: with script and without, by keyboard, on a telephone."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from calendar_feed.publication import publish
from models import Database
from tests.web.axe import above_minor
from tests.web.visitor import BASE_URL, NOW


def _publish(database: Database) -> None:
    with database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL)


def test_it_shows_what_it_holds_while_one_chooses(
    sqlite_registry: Database, serve: Callable[..., str], page: Page
) -> None:
    """With script: ticked, told aloud, kept, changed; the address of the calendar stays the same."""
    _publish(sqlite_registry)
    address = serve(sqlite_registry)
    page.goto(f"{address}/subscribe")
    field = page.get_by_label("Address of this calendar")
    expect(field).to_have_value(re.compile(r"/feeds/all\.ics$"))
    page.get_by_label("MIDSA", exact=True).check()
    expect(field).to_have_value(re.compile(r"/feeds/mechanism/midsa\.ics$"))
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    expect(page.locator("[data-said]")).to_have_text(re.compile(r"\d+ in all"))
    page.get_by_label("Add a State").select_option("th")
    expect(page.get_by_label("Thailand")).to_be_checked()
    expect(page).to_have_url(re.compile(r"\?mechanism=midsa&country=th&language=en$"))
    page.get_by_role("button", name="Keep this choice").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your calendar")
    own = field.input_value()
    assert re.search(r"/feeds/my/[0-9a-z]{12}\.ics$", own)
    expect(page.get_by_label("Link to change this calendar")).to_have_value(page.url)
    assert above_minor(page) == []
    page.get_by_label("Thailand").uncheck()
    expect(page.get_by_text("This is not kept yet.")).to_be_visible()
    page.get_by_role("button", name="Keep the change").click()
    expect(page.get_by_text("The change is kept.")).to_be_visible()
    expect(page.get_by_label("MIDSA", exact=True)).to_be_checked()
    assert (field.input_value(), page.get_by_label("Thailand").count()) == (own, 0)


def test_all_of_it_works_without_script(
    sqlite_registry: Database, serve: Callable[..., str], browser: Browser
) -> None:
    """Chosen, shown by a button, kept, changed, by forms alone, on a telephone."""
    _publish(sqlite_registry)
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(f"{serve(sqlite_registry)}/subscribe")
    page.get_by_label("MIDSA", exact=True).check()
    page.get_by_label("Add a State").select_option("Thailand")
    page.get_by_role("button", name="Show what it holds").click()
    expect(page.get_by_label("Thailand")).to_be_checked()
    page.get_by_role("button", name="Keep this choice").click()
    own = page.get_by_label("Address of this calendar").input_value()
    page.get_by_text("For a telephone: QR code").click()
    expect(page.get_by_role("img", name=re.compile("QR code of the address"))).to_be_visible()
    page.locator("summary", has_text="Only some kinds of meetings").click()
    page.get_by_label("Ministerial", exact=True).check()
    page.get_by_role("button", name="Keep the change").click()
    expect(page.get_by_text("The change is kept.")).to_be_visible()
    expect(page.get_by_label("Ministerial", exact=True)).to_be_checked()
    expect(page.get_by_label("Address of this calendar")).to_have_value(own)
    page.close()


def test_it_can_be_used_by_keyboard_and_heard(
    sqlite_registry: Database, serve: Callable[..., str], page: Page
) -> None:
    """A box by the space bar, the button by Enter, then the focus is where the answer stands."""
    _publish(sqlite_registry)
    page.goto(f"{serve(sqlite_registry)}/subscribe")
    page.get_by_label("MIDSA", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show what it holds").press("Enter")
    expect(page.get_by_role("heading", name="What it holds")).to_be_focused()
    assert above_minor(page) == []
