"""The page of a search."""

import html
import re
from datetime import date

import pytest

from models import Database, Document, DocumentKind, MeetingStatus, Page
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW, statements, visitor


def links(answer: str) -> list[str]:
    """The addresses that the finds of a page lead to."""
    return re.findall(r'<h2 class="meeting-title"><a href="([^"]*)"', answer)


def test_search_without_a_question_says_what_can_be_found(database: Database) -> None:
    """A field, what it takes, and no find."""
    answer = visitor(database).get("/search")
    assert (answer.status_code, links(answer.text)) == (200, [])
    assert "accents do not matter" in answer.text
    assert "data-search-status" not in answer.text


def test_search_shows_finds_with_what_was_asked_for(registry: Database) -> None:
    """The question in the field, the best find first and marked, the number of each kind as a way to it."""
    answer = visitor(registry).get("/search", params={"q": "Puebla"}).text
    assert '<input id="search-query" type="search" name="q" value="Puebla"' in answer
    assert links(answer)[0] == "/mechanisms/rcm"
    assert "<mark>Puebla</mark> Process" in answer
    ways = re.findall(r'<li><a href="/search\?q=Puebla(?:&amp;kind=([a-z]+))?"', answer)
    assert ways == ["", "mechanism", "meeting", "update", "document"]


def test_search_leads_to_pages_that_stand(registry: Database) -> None:
    """Every find of every kind has a page, and so has every State that is called so."""
    client = visitor(registry)
    for query in ("migration", "Zambia", "declaration"):
        for kind in ("mechanism", "page", "meeting", "update", "document"):
            answer = client.get("/search", params={"q": query, "kind": kind}).text
            wrong = {link for link in links(answer)[:4] if client.get(link).status_code != 200}
            assert wrong == set()
    answer = client.get("/search", params={"q": "zambi"}).text
    assert '<span class="soft">State</span> <a href="/countries/zm">Zambia</a>' in answer


def test_search_is_kept_out_of_indexes(sqlite_registry: Database) -> None:
    """The page and its parts say so."""
    client = visitor(sqlite_registry)
    assert '<meta name="robots" content="noindex">' in client.get("/search?q=midsa").text
    for path in ("/search", "/search?q=midsa", "/search?q=midsa&part=few"):
        assert client.get(path).headers["x-robots-tag"] == "noindex"


def test_search_tells_how_a_meeting_stands(database: Database) -> None:
    """A cancelled meeting is not found as if it took place."""
    with database.writing() as session:
        process = a_mechanism(session)
        a_meeting(session, process, title="Quartz talks", status=MeetingStatus.CANCELLED, reason="No host")
    answer = visitor(database).get("/search?q=quartz").text
    assert '<span class="standing cancelled">Cancelled</span>' in answer
    assert "Cancelled" in visitor(database).get("/search?q=quartz&part=few").text


@pytest.mark.parametrize("part", ["", "results", "few"])
def test_search_escapes_what_was_typed_and_what_was_written(database: Database, part: str) -> None:
    """Neither the question nor the record can put anything into the page but text."""
    with database.writing() as session:
        a_meeting(session, a_mechanism(session), title="<b>Quartz</b> & <script>alert(1)</script>")
    client = visitor(database)
    found = client.get("/search", params={"q": "quartz script", "part": part}).text
    assert "&lt;b&gt;<mark>Quartz</mark>&lt;/b&gt; &amp; &lt;<mark>script</mark>&gt;" in found
    for typed in (
        "<img src=x onerror=alert(1)>",
        '"><script>alert(1)</script>',
        "quartz' onfocus=alert(1) '",
    ):
        answer = client.get("/search", params={"q": typed, "part": part}).text
        assert re.findall(r"<img|<script>|onfocus=alert\(1\) (?!&#39;)", answer) == []


@pytest.mark.parametrize(
    "query", ["\x00\x1f", "%", "'", '"', "\\", "AND", "a" * 10_000, "🙂", "\ud83d", "\u202e", "q=1&part=few"]
)
def test_search_answers_any_question(registry: Database, query: str) -> None:
    """Whole or in part there is an answer, and the field holds what was asked."""
    client = visitor(registry)
    for part in ("", "results", "few"):
        given = {"q": query.encode("utf-8", "surrogatepass"), "part": part}
        assert client.get("/search", params=given).status_code == 200


def test_search_of_no_kind_part_or_page_is_not_found(sqlite_registry: Database) -> None:
    """What the page does not offer is told as such."""
    client = visitor(sqlite_registry)
    for path in ("kind=nothing", "part=nothing", "page=99", "page=0", "page=x", "page=-1"):
        assert client.get(f"/search?q=midsa&{path}").status_code == 404, path


def test_search_is_paged(registry: Database) -> None:
    """Every find stands on one page, and the pages keep the question and the kind."""
    client = visitor(registry)
    first = client.get("/search?q=migration&kind=meeting").text
    number = int(re.findall(r"/search\?q=migration&amp;kind=meeting[^>]*>Meetings <[^>]*>(\d+)<", first)[0])
    found = []
    for page in range(1, -(-number // 20) + 1):
        found += links(client.get(f"/search?q=migration&kind=meeting&page={page}").text)
    assert (len(found), len(set(found))) == (number, number)
    assert 'href="/search?q=migration&amp;kind=meeting&amp;page=2"' in first


def test_search_without_a_find_suggests(sqlite_registry: Database) -> None:
    """The nearest name, the words that find something alone, and where everything is."""
    client = visitor(sqlite_registry)
    answer = client.get("/search?q=pueblo").text
    assert html.unescape(re.sub(r"<[^>]*>", "", answer)).count("Nothing on record says “pueblo”.") == 1
    assert '<a href="/search?q=Puebla+Process">Puebla Process</a>' in answer
    answer = client.get("/search?q=midsa+xyzzy").text
    assert re.search(r'<a href="/search\?q=midsa">midsa</a> <span class="count">\d+</span>', answer)


def test_part_is_the_same_piece_of_the_page(sqlite_registry: Database) -> None:
    """What a script puts in its place is what stands there, and a few are the first ones."""
    client = visitor(sqlite_registry)
    whole, part = client.get("/search?q=gfmd").text, client.get("/search?q=gfmd&part=results").text
    assert part.strip() in whole
    few = client.get("/search?q=gfmd&part=few").text
    assert re.findall(r'<li><a href="([^"]*)">', few) == links(whole)[:6]
    assert "<html" not in part + few


def test_search_takes_the_same_statements_for_one_find_and_for_many(database: Database) -> None:
    """One find of each kind, or two hundred; where all kinds are mixed, no more than that."""
    taken: list[tuple[str, int]] = []
    mixed: list[int] = []
    for number in (1, 200):
        with database.writing() as session:
            process = a_mechanism(session, slug=f"quartz-{number}", short_name=f"Quartz {number}")
            for place in range(number):
                meeting = a_meeting(session, process, slug=f"m-{number}-{place}", title="Quartz")
                an_update(session, process, slug=f"u-{number}-{place}", title="Quartz", day=date(2026, 1, 1))
                session.add(
                    Document(
                        slug=f"d-{number}-{place}", title="Quartz", kind=DocumentKind.OTHER, meeting=meeting
                    )
                )
                session.add(Page(slug=f"p-{number}-{place}", title="Quartz", body="Quartz", changed_at=NOW))
        client = visitor(database)
        for kind in ("mechanism", "page", "meeting", "update", "document"):
            with statements(database) as sent:
                assert client.get(f"/search?q=quartz&kind={kind}").status_code == 200
            taken.append((kind, len(sent)))
        with statements(database) as sent:
            client.get("/search?q=quartz")
        mixed.append(len(sent))
    assert taken[:5] == taken[5:]
    assert mixed[1] <= mixed[0]
