"""The pages in a real browser: by keyboard, without script, narrow and wide, by day and by night."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import AddressChange, Database, QueuedMail, Subscriber, SubscriberState
from newsletter.importing import NewReader, add_reader
from newsletter.links import Purpose, make_token
from newsletter.subscription import confirm_token
from templates.languages import catalogue
from tests.web.visitor import KEYS, NOW

PAGES = [
    "/",
    "/mechanisms",
    "/mechanisms/budapest-process",
    "/types/global",
    "/meetings/gfmd-20221122-preparatory",
    "/updates",
    "/subscribe",
    "/newsletter",
    "/highlights",
    "/help/calendar",
    "/privacy",
    "/nothing",
    "/u/AAAAAAAAAAAAAAAAAAAAAA",
]

# The contrast (WCAG 2.2, 1.4.3) of every piece of text with what lies behind it; answers the poor ones.
POOR_CONTRAST = """() => {
  const channel = c => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const parse = s => s.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('.unseen, .trap, .skip, svg')) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...poor];
}"""

# What a screen reader would stumble over: fields without a label, links and buttons without words.
NAMELESS = """() => [...document.querySelectorAll('input:not([type=hidden]), select, a, button')]
  .filter(e => !(e.labels?.length || e.textContent.trim() || e.getAttribute('aria-label')))
  .map(e => e.outerHTML)"""


@pytest.mark.parametrize("width", [390, 768, 1600])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_pages_fit_every_screen_both_ways(
    sqlite_registry: Database, serve: Callable[..., str], browser: Browser, width: int, direction: str
) -> None:
    """Nothing runs out of the screen, from a cheap phone to a wide desk, from left to right and back."""
    address = serve(sqlite_registry)
    page = browser.new_page(viewport={"width": width, "height": 800})
    overflowing = []
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("direction => document.documentElement.dir = direction", direction)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            overflowing.append(path)
    page.close()
    assert overflowing == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read(
    sqlite_registry: Database, serve: Callable[..., str], browser: Browser, scheme: str
) -> None:
    """By day and by night text has contrast 4.5, everything has a name, nothing comes from elsewhere."""
    address = serve(sqlite_registry)
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    requested: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    found = {}
    for path in PAGES:
        page.goto(address + path)
        found[path] = page.evaluate(POOR_CONTRAST) + page.evaluate(NAMELESS)
    page.close()
    assert {path: poor for path, poor in found.items() if poor} == {}
    assert [url for url in requested if not url.startswith(f"{address}/")] == []
    assert [words for words in said if "404" not in words] == []


def test_pages_by_keyboard(sqlite_registry: Database, serve: Callable[..., str], page: Page) -> None:
    """The first key leads past the navigation; from there a reader reaches a meeting and its calendar."""
    page.goto(serve(sqlite_registry) + "/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link", name="Subscribe in your calendar")).to_be_focused()
    page.get_by_role("link", name="15th GFMD Summit").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("15th GFMD Summit")
    calendar = page.get_by_role("link", name="Subscribe to GFMD")
    expect(calendar).to_have_attribute(
        "href", re.compile(r"^webcal://127\.0\.0\.1:\d+/feeds/mechanism/gfmd\.ics$")
    )


def test_letter_is_taken_and_left_without_script(
    sqlite_registry: Database, serve: Callable[..., str], browser: Browser
) -> None:
    """Sign up, confirm, leave and undo, in a browser that runs no script."""
    address = serve(sqlite_registry)
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/newsletter")
    page.get_by_label("Your mail address").fill("delegate@example.org")
    page.get_by_label("Language of the letter").select_option("es")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(address + confirm_path(sqlite_registry))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recibirá ISCM Highlights")
    page.goto(address + leave_path(sqlite_registry))
    assert state(sqlite_registry) is SubscriberState.CONFIRMED
    page.get_by_role("button", name="Darme de baja").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se ha dado de baja")
    assert state(sqlite_registry) is SubscriberState.LEFT
    page.get_by_role("button", name="Deshacer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Su suscripción se ha restablecido")
    assert state(sqlite_registry) is SubscriberState.CONFIRMED
    page.close()


def test_reader_mends_an_address_by_keyboard_without_script(
    sqlite_database: Database, browser: Browser, serve: Callable[..., str]
) -> None:
    """In Arabic on a phone: refused beside the field, which has the focus; mended there, and taken."""
    with sqlite_database.writing() as session:
        new = NewReader(address="delegate@example.org", language="ar")
        add_reader(session, KEYS, new, is_confirmed=True, source="test", now=NOW)
        reader = session.scalars(select(Subscriber)).one()
        token = make_token(KEYS, Purpose.PREFERENCES, row=reader.id, address_key=reader.address_key)
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(f"{serve(sqlite_database)}/p/{token}")
    said = catalogue("ar").gettext
    field = page.get_by_label(said("Your new mail address"))
    field.fill("delegate@localhost")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("delegate@localhost")
    expect(field).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("new@example.org")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=said("Send the letter there"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("status")).to_be_visible()
    page.close()
    with sqlite_database.reading() as session:
        assert session.scalars(select(AddressChange.address)).all() == ["new@example.org"]


def test_wrong_address_is_told_beside_its_field(
    sqlite_database: Database, serve: Callable[..., str], page: Page
) -> None:
    """What the browser lets through and we do not, comes back with the reason and what was typed."""
    page.goto(f"{serve(sqlite_database)}/newsletter")
    field = page.get_by_label("Your mail address")
    field.fill("delegate@localhost")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_contain_text("delegate@localhost")
    expect(field).to_have_value("delegate@localhost")


def test_printed_page_is_the_record_alone(
    sqlite_registry: Database, serve: Callable[..., str], page: Page
) -> None:
    """On paper there is no navigation and no button, and the dates are there."""
    page.goto(f"{serve(sqlite_registry)}/mechanisms/budapest-process")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("link", name="Open in your calendar")).to_be_hidden()
    expect(
        page.get_by_role("heading", name="7th Ministerial Conference of the Budapest Process")
    ).to_be_visible()


def confirm_path(database: Database) -> str:
    """The path of the newest confirmation mail's link."""
    with database.reading() as session:
        mail = session.scalars(select(QueuedMail).order_by(QueuedMail.id.desc())).first()
        assert mail is not None
        return f"/c/{confirm_token(KEYS, mail, session.get_one(Subscriber, mail.subscriber_id))}"


def leave_path(database: Database) -> str:
    """The path of the one reader's link to leave."""
    with database.reading() as session:
        reader = session.scalars(select(Subscriber)).one()
        return f"/u/{make_token(KEYS, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)}"


def state(database: Database) -> SubscriberState:
    """How the one reader stands."""
    with database.reading() as session:
        return session.scalars(select(Subscriber)).one().state
