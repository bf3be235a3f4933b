"""One page of each kind, the fullest there is, in chromium: nothing to trip over, nothing too heavy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models import Database
from tests.web.axe import COLOURS, SIZES, above_minor
from tests.web.full_record import fill
from tests.web.test_mailbox import keep_mail

KINDS = [
    "/",
    "/calendar/2027",
    "/calendar/2027/6",
    "/mechanisms",
    "/mechanisms/midsa",
    "/mechanisms/gfmd",
    "/types/rcp",
    "/meetings/midsa-2027-ministerial",
    "/meetings/gfmd-20221122-preparatory",
    "/countries",
    "/countries/zm",
    "/themes",
    "/themes/agenda-2030",
    "/updates",
    "/updates/2026-01-30-abu-dhabi-dialogue-announcement",
    "/documents",
    "/documents/sacm-20251118-plenary-outcome",
    "/search?q=migration",
    "/search?q=nothing+of+the+kind",
    "/about",
    "/about/three-types",
    "/subscribe",
    "/newsletter",
    "/highlights",
    "/highlights/2017",
    "/help/calendar",
    "/report?page=/calendar",
    "/privacy",
    "/mailbox",
    "/nothing",
    "/u/AAAAAAAAAAAAAAAAAAAAAA",
]
ARABIC = [
    "/ar",
    "/ar/calendar/2027/6",
    "/ar/mechanisms/midsa",
    "/ar/meetings/midsa-2027-ministerial",
    "/ar/countries/zm",
    "/ar/search?q=migration",
    "/ar/subscribe",
    "/ar/nothing",
]
DESK = 1280
"""Pixels across a screen that is no phone."""

ON_A_PHONE_ALONE = ("/", "/mechanisms/midsa")
"""Pages with what no desk shows: the folded menu, and `narrow-only` of a mechanism.

No colour depends on the width, so at night everything else is judged at the desk.
"""

HEAVIEST = 100_000
"""Bytes that come over the wire at most when a page is the first one somebody opens."""


@pytest.fixture(scope="module")
def full(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The full record."""
    file = tmp_path_factory.mktemp("full") / "iscm.db"
    shutil.copy(loaded_sqlite, file)
    database = Database(f"sqlite:///{file}")
    fill(database, file.with_name("documents"))
    yield database
    database.close()


@pytest.fixture
def address(full: Database, serve: Callable[..., str], tmp_path: Path) -> str:
    """Where the full record is served, with a mail in its mailbox."""
    keep_mail(tmp_path / "mailbox", "20261123T120000.000001-abcd")
    return serve(full, mailbox=tmp_path / "mailbox")


@pytest.mark.parametrize("width", [390, DESK])
def test_nobody_stumbles(address: str, browser: Browser, width: int) -> None:
    """On a phone and a desk, by day and by night: axe finds nothing above minor, the console stays silent."""
    # What is on its way from one colour to the other would be judged half-way.
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    found = {}
    for path in KINDS:
        page.emulate_media(color_scheme="light")
        page.goto(address + path)
        found[path] = [*above_minor(page), *above_minor(page, SIZES)]
        if width == DESK or path in ON_A_PHONE_ALONE:
            page.emulate_media(color_scheme="dark")
            found[path] += [f"dark: {one}" for one in above_minor(page, COLOURS)]
    page.close()
    assert {path: stumbled for path, stumbled in found.items() if stumbled} == {}
    assert [words for words in said if "404 (Not Found)" not in words] == []


def test_nobody_stumbles_in_arabic(address: str, browser: Browser) -> None:
    """From right to left too: axe finds nothing above minor, and nothing runs out of a phone or a desk."""
    page = browser.new_page(viewport={"width": 390, "height": 900}, reduced_motion="reduce")
    found = {}
    for path in ARABIC:
        page.goto(address + path)
        found[path] = [*above_minor(page), *_too_wide(page)]
        page.set_viewport_size({"width": 1280, "height": 900})
        found[path] += _too_wide(page)
        page.set_viewport_size({"width": 390, "height": 900})
    page.close()
    assert {path: stumbled for path, stumbled in found.items() if stumbled} == {}


def _too_wide(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{over} pixels too wide"] if over else []


@pytest.mark.parametrize(("path", "is_arabic"), [("/", False), ("/fr", False), ("/ar", True)])
def test_letters_come_where_they_are_needed(
    address: str, browser: Browser, path: str, *, is_arabic: bool
) -> None:
    """A page in Latin letters loads no Arabic ones for a word; one in both stays as light as others."""
    with browser.new_context() as context:
        page = context.new_page()
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url))
        page.goto(address + path)
        page.evaluate("document.fonts.ready.then(() => null)")
        assert any("sans-arabic" in one for one in loaded) is is_arabic
    assert 0 < _weight(browser, address + path) < HEAVIEST


def test_first_visit_is_light(address: str, browser: Browser) -> None:
    """Each page with all it brings, fonts and stylesheet and script, comes in less than 100 kB."""
    weights = {path: _weight(browser, address + path) for path in KINDS}
    assert {path: weight for path, weight in weights.items() if not 0 < weight < HEAVIEST} == {}


def test_second_page_brings_itself_alone(address: str, browser: Browser) -> None:
    """What the first page brought is kept: the next one comes without stylesheet and fonts."""
    both = _weight(browser, f"{address}/newsletter", f"{address}/privacy")
    first = _weight(browser, f"{address}/newsletter")
    assert 0 < both - first < 10_000


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_left_by_keyboard(address: str, browser: Browser, width: int) -> None:
    """Tab by tab one comes from the first link to the last, each in sight when it has the focus."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    trapped = {}
    for path in (
        "/",
        "/calendar/2027/6",
        "/mechanisms/midsa",
        "/documents",
        "/subscribe",
        "/about/three-types",
    ):
        page.goto(address + path)
        reached, unseen = _tabbed_through(page)
        last = page.locator("footer a").last.get_attribute("href")
        if reached != last or unseen:
            trapped[path] = (reached, unseen)
    page.close()
    assert trapped == {}


def test_menu_needs_no_script(address: str, browser: Browser) -> None:
    """On a phone the whole navigation is behind one word that opens without script, by keyboard too."""
    page = browser.new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page.goto(address)
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link")).to_have_count(0)
    menu.get_by_text("Menu").press("Enter")
    expect(menu.get_by_role("link")).to_have_text(
        ["Calendar", "Mechanisms", "Updates", "Documents", "Highlights", "About"]
    )
    menu.get_by_role("link", name="Mechanisms").click()
    expect(page).to_have_url(f"{address}/mechanisms")
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_letters_of_twice_the_size_fit(address: str, browser: Browser, width: int) -> None:
    """Text alone at 200 % (WCAG 2.2, 1.4.4), by the browser's own setting, runs out of no screen."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    overflowing = {}
    for path in KINDS:
        page.goto(address + path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            overflowing[path] = over
    page.close()
    assert overflowing == {}


@pytest.mark.parametrize("width", [390, 768, 1600])
def test_masthead_takes_two_rows_at_most(address: str, browser: Browser, width: int) -> None:
    """The head of the page stays calm on every screen."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    tops = page.evaluate(
        "() => [...new Set([...document.querySelector('.masthead-row').children]"
        ".filter(e => e.offsetParent).map(e => Math.round((e.offsetTop + e.offsetHeight / 2) / 24)))]"
    )
    page.close()
    assert len(tops) <= 2


def _weight(browser: Browser, *addresses: str) -> int:
    """Bytes over the wire, headers included, until the last page stands, nothing being kept before."""
    with browser.new_context() as context:
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        weights: list[float] = []
        network.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
        for address in addresses:
            page.goto(address)
            page.evaluate("document.fonts.ready.then(() => null)")
        return round(sum(weights))


def _tabbed_through(page: Page) -> tuple[str | None, list[str]]:
    """Return the last link that Tab leads to, and what had the focus without its being seen."""
    unseen: list[str] = []
    reached = None
    for _ in range(400):
        page.keyboard.press("Tab")
        told = page.evaluate(_FOCUSED)
        if told is None:
            break
        reached = told["href"]
        if not told["seen"]:
            unseen.append(told["html"])
    return reached, unseen


# Null when the focus has left the page; `seen` when it is on the screen and has an outline or a ring.
_FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {
    href: e.getAttribute('href'),
    html: e.outerHTML.slice(0, 120),
    seen: box.width > 0 && box.height > 0 && style.outlineStyle !== 'none' && style.visibility !== 'hidden',
  };
}"""
