"""The language at the head of an address: routes, redirects, links and the switch keep to it."""

import re

import pytest
from sqlalchemy import text as sql

from models import Database
from models.page import Page
from tests.web.test_highlights import an_issue
from tests.web.visitor import BASE_URL, NOW, site, visitor
from web.language import in_language

OTHERS = ("fr", "es", "ar")


@pytest.mark.parametrize(
    ("address", "language", "expected"),
    [
        ("/calendar", "fr", "/fr/calendar"),
        ("/", "fr", "/fr"),
        ("/?type=rcp", "ar", "/ar?type=rcp"),
        ("/#now", "ar", "/ar#now"),
        ("/calendar?type=rcp#now", "es", "/es/calendar?type=rcp#now"),
        ("/feeds/all.ics", "fr", "/fr/feeds/all.ics"),
        ("/es/calendar", "fr", "/es/calendar"),
        ("/es", "fr", "/es"),
        ("/en/calendar?page=2", "fr", "/calendar?page=2"),
        ("/en", "fr", "/"),
        ("/en?page=2", "fr", "/?page=2"),
        ("/calendar", "en", "/calendar"),
        ("/static/site.css", "fr", "/static/site.css"),
        ("/mailbox", "fr", "/mailbox"),
        ("/u/token", "fr", "/u/token"),
        ("/updates", "fr", "/fr/updates"),
        ("/privacy", "fr", "/fr/privacy"),
        ("/documents/a", "fr", "/fr/documents/a"),
        ("/documents/a/a.pdf", "fr", "/documents/a/a.pdf"),
        ("/robots.txt", "fr", "/robots.txt"),
        ("//elsewhere.example/", "fr", "//elsewhere.example/"),
        ("https://elsewhere.example/", "fr", "https://elsewhere.example/"),
        ("#content", "fr", "#content"),
    ],
)
def test_address_in_a_language(address: str, language: str, expected: str) -> None:
    """A plain path gets the prefix; what has no language, names one itself or lies elsewhere stays."""
    assert in_language(address, language) == expected


@pytest.mark.parametrize("language", OTHERS)
def test_page_is_in_the_language_of_its_address(sqlite_registry: Database, language: str) -> None:
    """Home, lists and pages of the record say their language and direction; each has its own tag."""
    client = visitor(sqlite_registry)
    direction = "rtl" if language == "ar" else "ltr"
    for path in ("", "/mechanisms", "/mechanisms/bali-process", "/calendar/2017/1", "/search?q=bali"):
        answer = client.get(f"/{language}{path}")
        assert (answer.status_code, answer.headers["content-language"]) == (200, language)
        assert f'<html lang="{language}" dir="{direction}">' in answer.text
        english = client.get(path or "/")
        assert answer.headers["etag"] != english.headers["etag"]
        assert english.headers["content-language"] == "en"


def test_language_is_never_that_of_the_browser_alone(sqlite_registry: Database) -> None:
    """The same address is the same page for everybody."""
    client = visitor(sqlite_registry)
    asked = client.get("/mechanisms", headers={"Accept-Language": "fr"})
    assert asked.content == client.get("/mechanisms").content
    assert "Accept-Language" not in asked.headers.get("vary", "")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/en", "/"),
        ("/en/", "/"),
        ("/en/calendar/2017?type=rcp", "/calendar/2017?type=rcp"),
        ("/en//elsewhere.example/", "/elsewhere.example"),
        ("/fr/", "/fr"),
        ("/fr/?page=1", "/fr?page=1"),
        ("/fr/mechanisms/", "/fr/mechanisms"),
        ("/fr/mechanisms/puebla-process", "/fr/mechanisms/rcm"),
        ("/es/countries/CH", "/es/countries/ch"),
        ("/ar/updates?kind=", "/ar/updates"),
        ("/ar/calendar/2017/01", "/ar/calendar/2017/1"),
    ],
)
def test_redirect_stays_in_its_language(sqlite_registry: Database, path: str, location: str) -> None:
    """Whatever leads to the one form of an address leads to it in the language that was asked for."""
    answer = visitor(sqlite_registry).get(path)
    assert (answer.status_code, answer.headers["location"]) == (308, location)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/site.css",
        "/robots.txt",
        "/sitemap.xml",
        "/healthz",
        "/readyz",
        "/metrics",
        "/favicon.ico",
        "/mailbox",
        "/u/AAAAAAAAAAAAAAAAAAAAAA",
        "/c/AAAAAAAAAAAAAAAAAAAAAA",
        "/p/AAAAAAAAAAAAAAAAAAAAAA",
        "/fr/mechanisms",
        "/nothing",
    ],
)
def test_what_has_no_language_is_not_found_under_one(sqlite_registry: Database, path: str) -> None:
    """Files, probes and readers' own pages have one address; the page that says so is Arabic."""
    answer = visitor(sqlite_registry).get(f"/ar{path}")
    assert (answer.status_code, answer.headers["content-language"]) == (404, "ar")
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert 'href="/ar/mechanisms"' in answer.text


def test_language_that_is_not_offered_is_no_page(sqlite_registry: Database) -> None:
    """Only the languages of the installation have addresses; English alone leaves no choice."""
    alone = site()
    object.__setattr__(alone, "languages", ("en",))
    client = visitor(sqlite_registry, of=alone)
    answer = client.get("/fr/mechanisms")
    assert (answer.status_code, answer.headers["content-language"]) == (404, "en")
    assert visitor(sqlite_registry).get("/de").status_code == 404
    text = client.get("/mechanisms").text
    assert "hreflang" not in text


def test_wrong_method_is_told_in_the_language(sqlite_registry: Database) -> None:
    """405 too is a page of the language of its address."""
    answer = visitor(sqlite_registry).post("/ar/mechanisms")
    assert (answer.status_code, answer.headers["content-language"]) == (405, "ar")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["", "/mechanisms?by=region", "/search?q=a%26b+c", "/updates?kind=gcm&page=1"]
)
def test_switch_stays_on_the_page(sqlite_registry: Database, path: str) -> None:
    """From each language the switch leads to the same page in each, query and all, and says where one is."""
    client = visitor(sqlite_registry)
    plain = path.replace("&page=1", "")
    switch = re.compile(
        r'<li><a lang="(..)" hreflang="(..)" href="([^"]*)"( aria-current="true")?>([^<]*)</a>'
    )
    for here in ("en", *OTHERS):
        asked = plain if here == "en" else f"/{here}{plain}"
        found = switch.findall(client.get(asked or "/").text)
        shown = plain.replace("&", "&amp;")
        assert [(address, one) for one, _, address, _, _ in found] == [
            (shown or "/", "en"),
            *((f"/{other}{shown}", other) for other in OTHERS),
        ]
        assert [one for one, of, _, current, _ in found if current or one != of] == [here]
        assert [name for *_, name in found] == ["English", "français", "español", "العربية"]


def test_alternates_name_each_other(sqlite_registry: Database) -> None:
    """Each language's page names itself as canonical, and all of them as each other's alternates."""
    client = visitor(sqlite_registry)
    named = re.compile(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">')
    for path in ("", "/mechanisms", "/meetings/gfmd-20221122-preparatory", "/updates?page=2"):
        addresses = {one: f"{BASE_URL}/{one}{path}" for one in OTHERS}
        english = f"{BASE_URL}{path or '/'}"
        expected = {"en": english, "x-default": english, **addresses}
        for one in ("en", *OTHERS):
            text = client.get(expected[one].removeprefix(BASE_URL)).text
            assert dict(named.findall(text)) == expected
            assert f'<link rel="canonical" href="{expected[one]}">' in text
            assert f'<meta property="og:url" content="{expected[one]}">' in text


def test_links_of_a_page_stay_in_its_language(sqlite_registry: Database) -> None:
    """No link, form or feed of a French page leads to an English one, but for the switch."""
    text = visitor(sqlite_registry).get("/fr/mechanisms/bali-process").text
    led = re.findall(r'<(?:a|form|link)\b[^>]*?(?:href|action)="(/[^"]*)"[^>]*>', text)
    assert len(led) > 30
    elsewhere = {one for one in led if not re.match(r"/fr(?:[/?#]|$)|/static/", one)}
    assert elsewhere == {
        "/mechanisms/bali-process",
        "/es/mechanisms/bali-process",
        "/ar/mechanisms/bali-process",
    }


def test_defect_is_told_in_the_language(sqlite_registry: Database) -> None:
    """When something breaks, the page that says so is Arabic too."""
    with sqlite_registry.engine.begin() as connection:
        connection.execute(sql("UPDATE mechanisms SET sources = '[7]' WHERE slug = 'igc'"))
    answer = visitor(sqlite_registry, raise_defects=False).get("/ar/mechanisms/igc")
    assert (answer.status_code, answer.headers["content-language"]) == (500, "ar")
    assert '<html lang="ar" dir="rtl">' in answer.text


def test_page_about_iscms_that_is_not_translated_says_it_is_english(sqlite_database: Database) -> None:
    """The page's own text runs from left to right inside the Arabic page around it."""
    with sqlite_database.writing() as session:
        session.add(Page(slug="terms", title="Terms", body="Words.", shown=True, changed_at=NOW))
    text = visitor(sqlite_database).get("/ar/about/terms").text
    assert '<html lang="ar" dir="rtl">' in text
    assert '<div class="lead" lang="en" dir="ltr">' in text
    assert '<div class="prose" lang="en" dir="ltr">' in text


def test_edition_is_that_of_the_address(database: Database) -> None:
    """An issue is shown in the language of its address where it was made in it, else in English, as told."""
    an_issue(database, "2017", languages=("en", "fr"))
    client = visitor(database)
    told = {
        path: (answer.headers["content-language"], answer.headers["link"])
        for path in ("/highlights/2017", "/fr/highlights/2017", "/es/highlights/2017")
        for answer in [client.get(path)]
    }
    english = ("en", f'<{BASE_URL}/highlights/2017>; rel="canonical"')
    assert told == {
        "/highlights/2017": english,
        "/fr/highlights/2017": ("fr", f'<{BASE_URL}/fr/highlights/2017>; rel="canonical"'),
        "/es/highlights/2017": english,
    }


def test_countries_stand_in_the_order_of_the_language(sqlite_registry: Database) -> None:
    """Accents are set aside, and the article of Arabic, so that Jordan is under its own letter."""
    client = visitor(sqlite_registry)
    letter = re.compile(r'<h2[^>]*id="[^"]*"[^>]*>(.)</h2>')
    for language, first in (("fr", "A"), ("es", "A"), ("ar", "ا")):
        letters = letter.findall(client.get(f"/{language}/countries").text)
        assert letters == sorted(set(letters))
        assert letters[0] == first
    text = client.get("/ar/countries").text
    names = ["إثيوبيا", "الأردن", "البحرين", "تونس", "الجزائر", "المغرب"]
    places = [text.index(f">{name}</a>") for name in names]
    assert places == sorted(places)


def test_report_is_about_the_page_in_its_language(sqlite_registry: Database) -> None:
    """The form about an error names the French page, and no address that is none."""
    client = visitor(sqlite_registry)
    text = client.get("/fr/mechanisms/midsa").text
    assert 'href="/fr/report?page=/fr/mechanisms/midsa"' in text
    assert 'value="/fr/mechanisms/midsa"' in client.get("/fr/report?page=/fr/mechanisms/midsa").text
    for path in ("/fr/robots.txt", "/fr/u/AAAAAAAAAAAAAAAAAAAAAA", "/fr/static/site.css", "/en/mechanisms"):
        assert f'value="{path}"' not in client.get(f"/report?page={path}").text
