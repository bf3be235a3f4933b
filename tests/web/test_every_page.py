"""What holds for every page alike."""

import re
from itertools import pairwise

import pytest

from models import Database
from tests.web.visitor import BASE_URL, dump, site, visitor
from web.assets import FOLDER

PAGES = [
    "/",
    "/mechanisms",
    "/mechanisms/bali-process",
    "/mechanisms/grcp",
    "/mechanisms/igc",
    "/types/rcp",
    "/types/irf",
    "/types/global",
    "/meetings/gfmd-20221122-preparatory",
    "/meetings/budapest-process-19971014-ministerial",
    "/updates",
    "/changes",
    "/clashes",
    "/updates?kind=gcm",
    "/updates/2014-11-28-khartoum-process-established",
    "/documents",
    "/documents/joint-valletta-action-plan",
    "/report",
    "/subscribe",
    "/newsletter",
    "/highlights",
    "/help/calendar",
    "/privacy",
]
OTHERS = [
    "/robots.txt",
    "/healthz",
    "/readyz",
    "/nothing",
    "/mechanisms/puebla-process",
    "/mechanisms/nobody",
    "/meetings/nothing",
    "/types/xyz",
    "/highlights/2017",
    "/c/AAAAAAAAAAAAAAAAAAAAAA",
    "/u/AAAAAAAAAAAAAAAAAAAAAA",
    "/u/short",
    "/p/AAAAAAAAAAAAAAAAAAAAAA",
    "/favicon.ico",
]

# Whatever a browser loads by itself; links that a reader follows may lead anywhere.
LOADED = re.compile(
    r"""<(?:img|script|iframe|source|link|video|audio|object|embed)\b[^>]*?(?:src|href|data)="([^"]*)\""""
)


def test_pages_stand_on_both_databases(registry: Database) -> None:
    """Every page answers, in HTML, with one h1, its language, and no heading skipped."""
    client = visitor(registry)
    found = {}
    for path in PAGES:
        answer = client.get(path)
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", answer.text)]
        found[path] = (
            answer.status_code,
            answer.headers["content-type"],
            answer.headers["content-language"],
            answer.text.count('<html lang="en" dir="ltr">'),
            levels[:1] + [level for level in levels[1:] if level == 1],
            [after for before, after in pairwise(levels) if after > before + 1],
        )
    assert found == dict.fromkeys(PAGES, (200, "text/html; charset=utf-8", "en", 1, [1], []))


def test_pages_load_nothing_from_elsewhere(sqlite_registry: Database) -> None:
    """No third-party address is loaded, none is named in the style, and the policy would refuse one."""
    client = visitor(sqlite_registry)
    loaded = {address for path in PAGES for address in LOADED.findall(client.get(path).text)}
    assert loaded
    assert [address for address in loaded if not address.startswith(("/", BASE_URL))] == []
    sheet = next(address for address in loaded if address.endswith(".css"))
    named = re.findall(r"url\(([^)]*)\)|@import (.*?);", client.get(sheet).text)
    assert [found for found in named if not found[0].startswith('"/static/')] == []


def test_pages_set_no_cookie_and_run_nothing_inline(sqlite_registry: Database) -> None:
    """Readers are not followed: no cookie; no script or style in the page, which the policy would refuse."""
    client = visitor(sqlite_registry)
    for path in PAGES + OTHERS:
        answer = client.get(path)
        assert "set-cookie" not in answer.headers
        assert (
            re.findall(r"<script(?! type=\"application/ld|[^>]* src=)|\son[a-z]+=|\sstyle=", answer.text)
            == []
        )


def test_every_answer_is_guarded(sqlite_registry: Database) -> None:
    """The security headers stand on pages, errors, static files and probes alike."""
    client = visitor(sqlite_registry, raise_defects=False)
    for path in ["/", "/nothing", "/healthz", "/robots.txt", "/static/nothing.css"]:
        headers = client.get(path).headers
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "; script-src 'self'; connect-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_reading_changes_nothing(registry: Database) -> None:
    """GET and HEAD of every address leave every row of every table as it was."""
    before = dump(registry)
    client = visitor(registry)
    for path in PAGES + OTHERS:
        client.get(path)
        client.head(path)
    assert dump(registry) == before


@pytest.mark.parametrize("path", ["/", "/mechanisms/bali-process", "/updates"])
def test_page_is_sent_once(sqlite_registry: Database, path: str) -> None:
    """A browser that has the page is told so; HEAD says what GET would."""
    client = visitor(sqlite_registry)
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    head = client.head(path)
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == first.headers


def test_pages_are_the_same_in_every_process(sqlite_registry: Database) -> None:
    """The same data on the same day gives the same bytes, from another application too."""
    pages = [[visitor(sqlite_registry).get(path).content for path in PAGES] for _ in range(2)]
    assert pages[0] == pages[1]


def test_links_of_pages_lead_somewhere(sqlite_registry: Database) -> None:
    """Every link inside the site is answered, less those to feeds, which stand before the pages."""
    client = visitor(sqlite_registry, of=site(mailbox=None))
    links = {
        link.partition("#")[0].removeprefix(BASE_URL)
        for path in PAGES
        for link in re.findall(r'<a [^>]*href="([^"]*)"', client.get(path).text)
    }
    inside = sorted(link for link in links if link.startswith("/") and not link.startswith("/feeds/"))
    assert len(inside) > 80
    # The calendar has no page of its own: it leads to the month that it is.
    answers = {link: client.get(link).status_code for link in inside}
    assert {
        link: code for link, code in answers.items() if code != (302 if link == "/calendar" else 200)
    } == {}


def test_browser_wears_the_colours_of_the_page(sqlite_database: Database) -> None:
    """The bar of a phone's browser has the paper's colour, by day and by night; the icons are there."""
    client = visitor(sqlite_database)
    text = client.get("/").text
    paper = re.findall(r"--paper: (#[0-9a-f]{6});", (FOLDER / "site" / "02-tokens.css").read_text())
    assert re.findall(r'name="theme-color" content="(#[0-9a-f]{6})"', text) == paper
    icons = re.findall(r'rel="(?:icon|apple-touch-icon)" href="([^"]*)"', text)
    kinds = [client.get(icon).headers["content-type"] for icon in [*icons, "/favicon.ico"]]
    assert kinds == ["image/svg+xml", "image/png", "image/svg+xml"]
