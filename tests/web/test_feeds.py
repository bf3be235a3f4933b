"""Feeds over HTTP: the contract of calendar.md, section 5, as calendar programs meet it."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest

from calendar_feed.content_line import unfold
from calendar_feed.publication import publish
from models.database import Database
from tests.web.feed_client import INNER, Answer, Ask, ask, pages
from web.feed_watch import FeedWatch
from web.feeds import FeedsFirst

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RCP = "/feeds/type/rcp.ics"
GFMD = "/meetings/gfmd-20200120-summit"
OPEN = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff", "x-robots-tag": "noindex"}
CACHE = "public, max-age=900, stale-while-revalidate=86400, stale-if-error=604800"


@pytest.fixture(scope="module")
def front(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The feeds of the bundled registry in front of pages."""
    file = tmp_path_factory.mktemp("front") / "iscm.db"
    shutil.copy(loaded_sqlite, file)
    database = Database(f"sqlite:///{file}")
    with database.writing() as session:
        publish(session, now=NOW, base_url="https://iscm.example.org")
    watch = FeedWatch(database)
    watch.look()
    yield partial(ask, FeedsFirst(pages, watch=watch))
    database.close()


def _date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _is_passed_on(answer: Answer) -> bool:
    return answer.body == INNER


def test_get_gives_the_calendar_with_all_its_headers(front: Ask) -> None:
    """Every header of the contract, and none beside: no cookie, no encoding, no vary."""
    answer = front(RCP)
    assert answer.status == 200
    assert answer.body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert answer.headers == {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": 'inline; filename="iscm-rcp.ics"',
        "content-length": str(len(answer.body)),
        "etag": f'"{hashlib.sha256(answer.body).hexdigest()}"',
        "last-modified": _date(NOW),
        "cache-control": CACHE,
        "link": '</types/rcp>; rel="alternate"; type="text/html"',
        "access-control-expose-headers": "ETag, Last-Modified",
        **OPEN,
    }


@pytest.mark.parametrize(
    ("path", "file", "page"),
    [
        ("/feeds/all.ics", "iscm-all.ics", "/"),
        ("/feeds/type/irf.ics", "iscm-irf.ics", "/types/irf"),
        ("/feeds/type/global.ics", "iscm-global.ics", "/types/global"),
        ("/feeds/mechanism/grcp.ics", "iscm-grcp.ics", "/mechanisms/grcp"),
        ("/feeds/mechanism/igc.ics", "iscm-igc.ics", "/mechanisms/igc"),
        (f"{GFMD}.ics", "iscm-gfmd-20200120-summit.ics", GFMD),
    ],
)
def test_every_family_has_its_file_and_its_page(front: Ask, path: str, file: str, page: str) -> None:
    """The name a reader saves it under, and where people find the same."""
    headers = front(path).headers
    assert headers["content-disposition"] == f'inline; filename="{file}"'
    assert headers["link"] == f'<{page}>; rel="alternate"; type="text/html"'


@pytest.mark.parametrize("path", [RCP, "/feeds/mechanism/igad-rcp.ics", "/feeds/mechanism/none.ics"])
def test_head_gives_the_headers_of_get_and_no_body(front: Ask, path: str) -> None:
    """The length is that of the body GET would give."""
    got, asked = front(path), front(path, "HEAD")
    assert (asked.status, asked.headers, asked.body) == (got.status, got.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "REPORT", "TRACE"])
def test_any_other_method_is_refused_with_those_that_are_right(front: Ask, method: str) -> None:
    """405 and Allow; a CalDAV client learns that this is a plain calendar."""
    answer = front(RCP, method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", [RCP, "/feeds/mechanism/none.ics"])
def test_options_tell_scripts_elsewhere_what_they_may_do(front: Ask, path: str) -> None:
    """A web calendar of another site may read feeds, conditionally too."""
    answer = front(path, "OPTIONS", origin="https://calendar.example", access_control_request_method="GET")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers == {
        "allow": "GET, HEAD, OPTIONS",
        "access-control-allow-methods": "GET, HEAD, OPTIONS",
        "access-control-allow-headers": "If-None-Match, If-Modified-Since",
        "access-control-max-age": "86400",
        **OPEN,
    }


def _tag(front: Ask) -> str:
    return front(RCP).headers["etag"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ('"other",W/{tag} , "third"', 304),
        ("*", 304),
        ("{bare}", 304),
        ('"other"', 200),
        ('W/"other"', 200),
        ("", 200),
        ('"{bare}x"', 200),
    ],
)
def test_if_none_match_takes_lists_weak_tags_and_the_star(front: Ask, form: str, status: int) -> None:
    """Compared weakly; a proxy that dropped the quotes is forgiven."""
    tag = _tag(front)
    answer = front(RCP, if_none_match=form.format(tag=tag, bare=tag.strip('"')))
    assert answer.status == status


def test_304_repeats_what_a_cache_needs_and_has_no_body(front: Ask) -> None:
    """ETag, Last-Modified and Cache-Control, and leave for scripts to read them."""
    answer = front(RCP, if_none_match=_tag(front))
    assert answer == Answer(
        304, {"etag": _tag(front), "last-modified": _date(NOW), "cache-control": CACHE, **OPEN}, b""
    )
    assert front(RCP, "HEAD", if_none_match=_tag(front)) == answer


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (_date(NOW), 304),
        (_date(NOW + timedelta(days=9)), 304),
        ("Monday, 23-Nov-26 12:00:00 GMT", 304),
        ("Mon Nov 23 12:00:00 2026", 304),
        (_date(NOW - timedelta(seconds=1)), 200),
        ("yesterday", 200),
        ("Mon, 99 Nov 2026 12:00:00 GMT", 200),
        ("2026-11-23T12:00:00Z", 200),
        ("", 200),
        ("Mon, 23 Nov 99999999999999999999 12:00:00 GMT", 200),
    ],
)
def test_if_modified_since_takes_every_form_of_date_and_ignores_the_rest(
    front: Ask, since: str, status: int
) -> None:
    """All three forms of HTTP dates; what cannot be read is as if it had not been sent."""
    assert front(RCP, if_modified_since=since).status == status


def test_if_none_match_wins_over_the_date(front: Ask) -> None:
    """A date says nothing once a tag was given."""
    assert front(RCP, if_none_match='"other"', if_modified_since=_date(NOW)).status == 200
    assert (
        front(RCP, if_none_match=_tag(front), if_modified_since=_date(NOW - timedelta(days=1))).status == 304
    )


@pytest.mark.parametrize("accept", ["", "text/html", "application/json", "*/*;q=0", "text/calendar"])
def test_no_accept_header_is_refused(front: Ask, accept: str) -> None:
    """Google sends none, others send nonsense; there is one form, and everybody gets it."""
    answer = front(RCP, accept=accept, accept_encoding="gzip, br", accept_language="ar")
    assert answer == front(RCP)


def test_an_unknown_feed_is_404_in_plain_words(front: Ask) -> None:
    """Not a page, and not kept for long."""
    answer = front("/feeds/mechanism/colombo-plan.ics")
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.body.decode() == "There is no calendar at this address. Choose one at /subscribe\n"


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/type/regional.ics",
        "/feeds/all",
        "/feeds/all.xml",
        "/feeds/mechanism/",
        "/feeds/../feeds/all.ics",
        "/feeds/mechanism/igad rcp.ics",
        "/fr/feeds/all.ics",
        "/feeds/\x00.ics",
        "/meetings/none.ics",
        "/meetings/midsa-202410-plenary.ics",
    ],
)
def test_what_is_not_published_is_404(front: Ask, path: str) -> None:
    """Other forms and languages come later; a meeting that stands in no feed has no calendar."""
    assert front(path).status == 404


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/feeds/mechanism/igad-rcp.ics", "/feeds/mechanism/mid-igad.ics"),
        ("/feeds/mechanism/puebla-process.ics", "/feeds/mechanism/rcm.ics"),
        ("/feeds/mechanism/IGAD-RCP.ics", "/feeds/mechanism/mid-igad.ics"),
        ("/feeds/mechanism/MIDSA.ics", "/feeds/mechanism/midsa.ics"),
        ("/feeds/type/RCP.ICS", "/feeds/type/rcp.ics"),
        ("//feeds//all.ics", "/feeds/all.ics"),
        ("/feeds/all.ics/", "/feeds/all.ics"),
        ("/Meetings/GFMD-20200120-summit.ics", "/meetings/gfmd-20200120-summit.ics"),
    ],
)
def test_another_name_of_a_feed_answers_308_for_ever(front: Ask, path: str, to: str) -> None:
    """Aliases, capitals and slashes too many; ICSx5 keeps the new address only on a 308."""
    answer = front(path)
    assert (answer.status, answer.headers["location"]) == (308, to)
    assert front(to).status == 200


def test_every_alias_of_the_registry_leads_to_a_feed(front: Ask) -> None:
    """None to another alias, none to nothing, none over a feed that stands."""
    aliases = ("comesa-rcp", "crm", "csm", "dimoi", "intra-regional-forum-on-migration-in-africa")
    for alias in aliases:
        answer = front(f"/feeds/mechanism/{alias}.ics")
        assert answer.status == 308
        assert front(answer.headers["location"]).status == 200


@pytest.mark.parametrize("path", ["/", "/feeds", "/feeds/", GFMD, "/static/feeds/all.ics", "/x.ics"])
def test_everything_else_is_for_the_pages(front: Ask, path: str) -> None:
    """Only calendars are answered here."""
    answer = front(path)
    assert _is_passed_on(answer)
    assert answer.headers == {"x-path": path}


def test_feeds_are_never_compressed_and_never_set_a_cookie(front: Ask) -> None:
    """On no answer of any kind."""
    for path, method in (
        (RCP, "GET"),
        (RCP, "HEAD"),
        (RCP, "POST"),
        (RCP, "OPTIONS"),
        ("/feeds/x.ics", "GET"),
    ):
        headers = front(path, method, accept_encoding="gzip").headers
        assert {"set-cookie", "content-encoding", "vary"} & set(headers) == set()


def test_every_listed_feed_carries_its_own_address(front: Ask) -> None:
    """SOURCE in each calendar is the address it was read from."""
    for path in (RCP, "/feeds/all.ics", "/feeds/mechanism/midsa.ics"):
        lines = unfold(front(path).body).decode().split("\r\n")
        assert f"SOURCE;VALUE=URI:https://iscm.example.org{path}" in lines
