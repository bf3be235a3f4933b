"""From the first page a reader reaches every other, and each is whole: links, anchors, HTML."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from starlette.applications import Starlette
from starlette.routing import Match, Route
from starlette.testclient import TestClient

from calendar_feed.publication import publish
from models import Database
from tests.web.crawl import Fetched, crawl, dead_anchors, outside
from tests.web.full_record import BASE_URL, fill
from tests.web.html_validate import invalid
from tests.web.test_mailbox import keep_mail
from tests.web.visitor import NOW, site
from web.application import build_application
from web.feed_watch import FeedWatch
from web.feeds import FeedsFirst
from web.language import divided, has_no_language

UNLINKED = {
    # Their addresses are secrets, and come by mail.
    "/c/{token}",
    "/p/{token}",
    "/u/{token}",
    "/my-edit/{secret}",
    # Machines ask for them by themselves.
    "/favicon.ico",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap/{number:int}.xml",
    "/healthz",
    "/readyz",
    "/metrics",
}

OTHERS = ("fr", "es", "ar")
OF_A_ROUTE = 3
"""Pages of one sort that the short crawl of a language looks at."""

_CHOSEN = {"mechanism=midsa", "country=zm", "theme=agenda-2030", "region=africa"}
_TWO_YEARS = ("/calendar/2026", "/calendar/2027")


@dataclass(frozen=True)
class House:
    """The pages that a crawler reached, those listed, all routes there are, and a client to ask for more."""

    pages: dict[str, Fetched]
    listed: frozenset[str]
    routes: list[Route]
    client: TestClient
    gone: str


@pytest.fixture(scope="module")
def house(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole site before a full record, feeds in front and mailbox behind, crawled once."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(loaded_sqlite, folder / "iscm.db")
    database = Database(f"sqlite:///{folder / 'iscm.db'}")
    gone = fill(database, folder / "documents")
    with database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL, languages=("en", *OTHERS))
    keep_mail(
        folder / "mailbox",
        "20261123T120000.000001-abcd",
        html='<!doctype html><html lang="en"><head><title>A</title></head><body>'
        '<p>Letter <img src="cid:map@iscm" alt="A map"></p></body></html>',
    )
    of = replace(site(base_url=BASE_URL, mailbox=folder / "mailbox"), documents=folder / "documents")
    application = build_application(database=database, site=of, clock=lambda: NOW)
    watch = FeedWatch(database)
    watch.look()
    front = FeedsFirst(application, watch=watch)
    client = TestClient(front, base_url=BASE_URL, follow_redirects=False, raise_server_exceptions=False)
    with client:
        listed = _listed(client)
        yield House(_crawled(client, listed), listed, _routes(application), client, gone)
    database.close()


def _listed(client: TestClient) -> frozenset[str]:
    """The paths of the sitemap, in English."""
    tree = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - it is ours
    named = (found.text or "" for found in tree.iter() if found.tag.endswith("loc"))
    paths = {address.removeprefix(BASE_URL) for address in named}
    return frozenset(path for path in paths if divided(path, languages=OTHERS)[0] == "en")


def _crawled(client: TestClient, listed: frozenset[str]) -> dict[str, Fetched]:
    return crawl(_reader(client), BASE_URL, skip=lambda path: _is_one_of_many(path, listed))


def _reader(client: TestClient) -> Callable[[str], Fetched]:
    def fetch(path: str) -> Fetched:
        answer = client.get(path)
        kind = answer.headers.get("content-type", "")
        location = answer.headers.get("location")
        return Fetched(
            address=BASE_URL + path,
            status=answer.status_code,
            content_type=kind,
            text=answer.text if kind.startswith("text/") else "",
            location=f"{BASE_URL}{location}" if location and location.startswith("/") else location,
        )

    return fetch


def _is_one_of_many(path: str, listed: frozenset[str]) -> bool:
    """Tell pages that are alike but for a value, of which some are enough.

    Every page leads to the form about errors on it. Months lead to the next through all years, and each to
    itself by type: of the empty ones and of the filters those of two years are taken. Mechanisms, States and
    themes each lead to the choice of a calendar with them chosen.
    """
    if path.startswith("/report?"):
        return path != "/report?page=/"
    if path.startswith("/subscribe?"):
        return path.partition("?")[2] not in _CHOSEN
    is_month = path.count("/") == 3 and path.startswith("/calendar/")
    return is_month and not path.startswith(_TWO_YEARS) and path not in listed


def _routes(application: object) -> list[Route]:
    inner = application
    while not isinstance(inner, Starlette):
        inner = inner.app  # type: ignore[attr-defined] # what stands around an application has it so
    return [route for route in inner.routes if isinstance(route, Route)]


def _html(house: House) -> dict[str, Fetched]:
    return {path: page for path, page in house.pages.items() if page.content_type.startswith("text/html")}


def test_crawler_sees_what_is_wrong() -> None:
    """Dead links and anchors and pictures from elsewhere are found, forms and frames are followed."""
    texts = {
        "/": '<a href="/a#there">A</a><form action="/found"></form><img src="https://elsewhere.example/x.png">',
        "/a": '<p id="there"></p><a href="#nowhere">B</a><a href="gone">C</a><iframe src="/frame"></iframe>',
        "/found": '<form method="post" action="/secret"></form><a href="https://elsewhere.example/">D</a>',
        "/frame": "<p>E</p>",
    }

    def fetch(path: str) -> Fetched:
        status = 200 if path in texts else 404
        return Fetched(BASE_URL + path, status, "text/html", texts.get(path, ""))

    pages = crawl(fetch, BASE_URL, skip=lambda _: False)
    assert {path: page.status for path, page in pages.items()} == {**dict.fromkeys(texts, 200), "/gone": 404}
    assert list(dead_anchors(pages, BASE_URL)) == [("/a", f"{BASE_URL}/a#nowhere")]
    assert outside(pages, BASE_URL) == {"https://elsewhere.example/x.png"}


def test_no_link_is_dead(house: House) -> None:
    """Pages, feeds, forms, files, pictures: whatever is linked or loaded within the site is answered."""
    broken = {path: page.status for path, page in house.pages.items() if page.status not in {200, 302, 308}}
    linked = {
        path: sorted(from_ for from_, page in house.pages.items() if BASE_URL + path in page.links)[:3]
        for path in broken
    }
    assert {path: (broken[path], linked[path]) for path in broken} == {}
    assert len(house.pages) > 500


def test_no_anchor_is_dead(house: House) -> None:
    """A link to a place on a page finds it there."""
    assert sorted(set(dead_anchors(house.pages, BASE_URL)))[:20] == []


def test_nothing_is_loaded_from_elsewhere(house: House) -> None:
    """Style, fonts, scripts, pictures and frames of every page are the house's own."""
    assert outside(house.pages, BASE_URL) == set()


def test_every_page_is_reached(house: House) -> None:
    """Each route is met by following links, and each page of the sitemap."""
    reached = {
        route.path
        for path in house.pages
        for route in house.routes
        if route.matches({"type": "http", "method": "GET", "path": path.partition("?")[0]})[0] is Match.FULL
    }
    assert {route.path for route in house.routes} - reached - UNLINKED == set()
    assert house.listed - set(house.pages) == set()


def test_every_listed_page_names_its_own_address(house: House) -> None:
    """What the sitemap lists is there, and says of itself that this is its one address.

    An issue of Highlights is shown as it was approved, and says so by a header.
    """
    wrong = {
        path: page.status
        for path, page in house.pages.items()
        if path in house.listed
        and not path.startswith("/highlights/")
        and (page.status != 200 or f'<link rel="canonical" href="{BASE_URL}{path}">' not in page.text)
    }
    assert wrong == {}
    for path in (one for one in house.listed if one.startswith("/highlights/")):
        assert house.client.get(path).headers["link"] == f'<{BASE_URL}{path}>; rel="canonical"'


def test_every_page_has_one_title_of_its_own(house: House) -> None:
    """Pages can be told from each other in a list of tabs or results."""
    titles: dict[str, list[str]] = {}
    for path, page in _html(house).items():
        if page.status == 200 and "?" not in path:
            titles.setdefault(page.text.partition("<title>")[2].partition("</title>")[0], []).append(path)
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_every_page_is_valid_html(house: House, tmp_path: Path) -> None:
    """html-validate finds nothing, on the pages of failures either."""
    pages = {path: page.text for path, page in _html(house).items()}
    for path in ("/nothing", "/u/AAAAAAAAAAAAAAAAAAAAAA", "/p/AAAAAAAAAAAAAAAAAAAAAA", house.gone):
        pages[path] = house.client.get(path).text
    assert invalid(pages, tmp_path) == {}


def _in(house: House, language: str, *, most: int | None) -> dict[str, Fetched]:
    """Crawl one language from its first page, at most so many pages of each route (None: all)."""
    met: Counter[str] = Counter()

    def skip(path: str) -> bool:
        of, plain = divided(path.partition("?")[0], languages=OTHERS)
        if of != language or _is_one_of_many(path.removeprefix(f"/{language}"), house.listed):
            return True
        kind = _route_of(house, plain)
        met[kind] += 1
        return most is not None and met[kind] > most

    return crawl(_reader(house.client), BASE_URL, skip=skip, start=f"/{language}")


def _route_of(house: House, plain: str) -> str:
    scope = {"type": "http", "method": "GET", "path": plain}
    found = (route.path for route in house.routes if route.matches(scope)[0] is Match.FULL)
    return next(found, plain.rpartition(".")[2])


def _strays(house: House, language: str, pages: dict[str, Fetched]) -> set[tuple[str, str]]:
    """Return the links of pages of a language that lead to pages of another, less those that say so.

    What is the same in every language has one address; a feed of one's own is in the language it was made in.
    """
    return {
        (path, link)
        for path, page in pages.items()
        for link in page.links
        if link.startswith(f"{BASE_URL}/")
        and divided(link.removeprefix(BASE_URL).partition("?")[0], languages=OTHERS)[0] != language
        and not has_no_language(link.removeprefix(BASE_URL))
    }


@pytest.mark.parametrize(
    ("language", "most"),
    [
        ("ar", OF_A_ROUTE),
        *(pytest.param(one, None, marks=pytest.mark.soak) for one in OTHERS),
    ],
)
def test_language_is_kept_from_page_to_page(
    house: House, language: str, most: int | None, tmp_path: Path
) -> None:
    """From the first page of a language its links lead to pages and feeds of that language alone, all whole.

    Only the switch leads out of it, to the same page; both directions of it, and of what search engines are
    told, agree. Each page is valid and says its language and direction.
    """
    pages = _in(house, language, most=most)
    assert {path: page.status for path, page in pages.items() if page.status not in {200, 302, 308}} == {}
    assert len(pages) > 60
    html = {path: page for path, page in pages.items() if page.content_type.startswith("text/html")}
    own = {path: page for path, page in html.items() if not path.startswith(f"/{language}/highlights/")}
    assert _strays(house, language, own) == set()
    away = [page.location for page in pages.values() if page.location and f"/{language}" not in page.location]
    assert away == []
    opening = f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">'
    assert [path for path, page in own.items() if page.status == 200 and opening not in page.text] == []
    for path, page in own.items():
        if page.status == 200:
            assert set(page.switch) == {"en", *OTHERS}, path
            assert page.switch[language] == BASE_URL + path
        if page.canonical:
            assert page.alternates[language] == page.canonical
            assert page.alternates["x-default"] == page.alternates["en"]
            assert [one for one in OTHERS if f"{BASE_URL}/{one}" not in page.alternates[one]] == []
    marks = re.compile("[\ue000\ue001]|ue00[01]|%EE%80%8")
    assert [path for path, page in own.items() if marks.search(page.text)] == []
    assert [one for one in dead_anchors(pages, BASE_URL) if most is None] == []
    assert invalid({path: page.text for path, page in own.items()}, tmp_path) == {}
