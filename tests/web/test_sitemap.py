"""The sitemap, and what crawlers are told."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.orm import Session

from models import Database, When
from models.document import Document, DocumentKind
from models.meeting import Visibility
from models.page import Page
from models.revision import Act, Revision
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import BASE_URL, NOW, site, statements, visitor
from web.public_pages import PublicPage, read_public_pages
from web.sitemap import sitemap_of

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def named(body: bytes, *, root: str = "urlset") -> list[str]:
    """The addresses a sitemap or an index names; it has the root of the protocol."""
    tree = ET.fromstring(body)  # noqa: S314 - it is ours
    assert tree.tag == f"{NAMESPACE}{root}"
    return [found.text or "" for found in tree.iter(f"{NAMESPACE}loc")]


def test_sitemap_lists_every_page_once(sqlite_registry: Database) -> None:
    """Each address stands once, at the site's base; test_crawl opens them all."""
    of = site(base_url="https://iscm.example/a&b")
    body = visitor(sqlite_registry, of=of).get("/sitemap.xml").content
    addresses = named(body)
    assert len(addresses) == len(set(addresses)) > 300
    assert {address[: len(of.base_url)] for address in addresses} == {of.base_url}


def test_sitemap_holds_what_is_public_and_when_its_words_changed(database: Database) -> None:
    """What is hidden or in the making is not told; a day is that of the record, or none."""
    with database.writing() as session:
        _small_record(session)
    with database.reading() as session:
        found = {one.path: one.changed for one in read_public_pages(session)}
    told = {
        path: day
        for path, day in found.items()
        if path.count("/") > 1 and not path.startswith(("/types/", "/help/", "/countries/"))
    }
    assert {"/countries/pe", "/countries/ch"} <= set(found)
    assert "/countries/tk" not in found
    assert told == {
        "/mechanisms/lima-process": None,
        "/meetings/changed": date(2026, 12, 1),
        "/meetings/across": NOW.date(),
        "/meetings/undated": NOW.date(),
        "/calendar/2026": None,
        "/calendar/2026/12": None,
        "/calendar/2027": None,
        "/calendar/2027/1": None,
        "/calendar/2027/6": None,
        "/updates/an-update": date(2026, 6, 2),
        "/documents/outcome": None,
        "/about/terms": date(2026, 5, 4),
    }


def test_sitemap_takes_the_same_statements_whatever_it_holds(database: Database) -> None:
    """One meeting or many: the number of statements is the same."""
    counts = []
    for number in (1, 60):
        with database.writing() as session:
            mechanism = a_mechanism(session, slug=f"process-{number}")
            for index in range(number):
                a_meeting(session, mechanism, slug=f"m-{number}-{index}")
        with database.reading() as session, statements(database) as sent:
            read_public_pages(session)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_sitemap_of_too_many_pages_is_an_index() -> None:
    """Past the most that one may hold, the parts together hold each page once; there is no part more."""
    pages = [PublicPage(f"/meetings/m-{number}") for number in range(25)]
    index = sitemap_of(pages, base_url=BASE_URL, most=10)
    assert index is not None
    parts = named(index, root="sitemapindex")
    assert parts == [f"{BASE_URL}/sitemap/{number}.xml" for number in (1, 2, 3)]
    held = [sitemap_of(pages, base_url=BASE_URL, most=10, part=number) for number in (1, 2, 3)]
    assert [address for part in held if part for address in named(part)] == [
        f"{BASE_URL}/meetings/m-{number}" for number in range(25)
    ]
    assert [sitemap_of(pages, base_url=BASE_URL, most=10, part=number) for number in (0, 4)] == [None, None]
    whole = sitemap_of(pages, base_url=BASE_URL, most=25)
    assert whole is not None
    assert len(named(whole)) == 25
    assert sitemap_of(pages, base_url=BASE_URL, most=25, part=1) is None


def test_sitemap_names_each_page_in_every_language() -> None:
    """A page stands once in each language, and each of them names all of them, itself too."""
    body = sitemap_of([PublicPage("/"), PublicPage("/themes")], base_url=BASE_URL, languages=("en", "fr"))
    assert body is not None
    link = "{http://www.w3.org/1999/xhtml}link"
    told = {
        (one.findtext(f"{NAMESPACE}loc") or ""): {
            found.get("hreflang"): found.get("href") for found in one.iter(link)
        }
        for one in ET.fromstring(body)  # noqa: S314 - it is ours
    }
    first = {"en": f"{BASE_URL}/", "fr": f"{BASE_URL}/fr", "x-default": f"{BASE_URL}/"}
    themes = {"en": f"{BASE_URL}/themes", "fr": f"{BASE_URL}/fr/themes", "x-default": f"{BASE_URL}/themes"}
    assert told == {
        f"{BASE_URL}/": first,
        f"{BASE_URL}/fr": first,
        f"{BASE_URL}/themes": themes,
        f"{BASE_URL}/fr/themes": themes,
    }


def test_sitemap_part_that_is_none_is_not_found(sqlite_database: Database) -> None:
    """A sitemap that fits into one has no parts."""
    assert visitor(sqlite_database).get("/sitemap/1.xml").status_code == 404


def test_sitemap_is_sent_small_and_once(sqlite_registry: Database) -> None:
    """Gzipped, tagged, and as XML."""
    client = visitor(sqlite_registry)
    first = client.get("/sitemap.xml", headers={"Accept-Encoding": "gzip"})
    again = client.get("/sitemap.xml", headers={"If-None-Match": first.headers["etag"]})
    assert (first.headers["content-type"], first.headers["content-encoding"]) == (
        "application/xml; charset=utf-8",
        "gzip",
    )
    assert again.status_code == 304


def test_robots_are_let_to_the_feeds_and_shown_the_sitemap(sqlite_database: Database) -> None:
    """Google's calendar obeys robots.txt: feeds are allowed, readers' own addresses are not."""
    answer = visitor(sqlite_database, of=site(base_url="https://iscm.example")).get("/robots.txt")
    lines = answer.text.splitlines()
    assert {"Allow: /feeds/", "Disallow: /c/", "Disallow: /u/", "Disallow: /p/"} <= set(lines)
    assert lines[-1] == "Sitemap: https://iscm.example/sitemap.xml"


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/?utm_source=mail", "/"),
        ("/mechanisms?type=rcp", "/mechanisms"),
        ("/?page=1", "/"),
    ],
)
def test_canonical_address_is_that_of_the_page_alone(
    sqlite_registry: Database, path: str, canonical: str
) -> None:
    """Whatever host and query a page is asked by, its one address is the same, and so are its previews'."""
    client = visitor(sqlite_registry, of=site(base_url="https://iscm.example"))
    text = client.get(path, headers={"Host": "10.0.0.7"}).text
    assert f'<link rel="canonical" href="https://iscm.example{canonical}">' in text
    assert f'<meta property="og:url" content="https://iscm.example{canonical}">' in text
    assert '<meta property="og:image" content="https://iscm.example/static/share.' in text


def _small_record(session: Session) -> None:
    """A mechanism with meetings of every sort, and a page of text that is shown and one that is not."""
    mechanism = a_mechanism(session)
    a_meeting(session, mechanism, slug="changed", country="PE")
    later = datetime(2026, 12, 1, 9, tzinfo=UTC)
    session.add(Revision(at=later, editor="ed", kind="meeting", code="changed", act=Act.CHANGED, changes={}))
    across = When.days(date(2026, 12, 30), date(2027, 1, 2))
    a_meeting(session, mechanism, slug="across", when=across)
    a_meeting(session, mechanism, slug="undated", when=When.unknown())
    a_meeting(session, mechanism, slug="hidden", visibility=Visibility.HIDDEN, country="FR")
    an_update(session, mechanism)
    session.add(Document(slug="outcome", title="Outcome", kind=DocumentKind.SUMMARY))
    day = datetime(2026, 5, 4, tzinfo=UTC)
    for slug, shown in (("terms", True), ("draft", False)):
        session.add(Page(slug=slug, title=slug, body="Text", shown=shown, changed_at=day))
