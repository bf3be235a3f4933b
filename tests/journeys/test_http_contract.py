"""The HTTP contract of feeds, held against the running server by table: every odd request there is."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.journeys.house import House, Serving, until
from tests.journeys.raw_http import Exchange, exchange
from tests.journeys.test_feeds import whole
from tests.journeys.test_trouble import administrate

FEED = b"/feeds/type/rcp.ics"
METHODS = "GET, HEAD, OPTIONS"
FORMS = ("all.ics", "all.json", "all.jcal", "all.csv", "all.atom", "v/utc/all.ics", "v/busy/type/irf.json")
CONTENT_TYPES = {
    "ics": "text/calendar; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "jcal": "application/calendar+json; charset=utf-8",
    "csv": "text/csv; charset=utf-8; header=present",
    "atom": "application/atom+xml; charset=utf-8",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, loaded_sqlite: Path) -> House:
    """A house for all the questions of this file."""
    folder = tmp_path_factory.mktemp("contract")
    (folder / "data").mkdir()
    shutil.copy(loaded_sqlite, folder / "data" / "iscm.db")
    return House(folder, languages=None)


@pytest.fixture(scope="module")
def serving(house: House) -> Iterator[Serving]:
    """The service, its feeds published."""
    with house.serving() as serving:
        whole(house)
        until(lambda: ask(house, b"/feeds/v/utc/all.ics").status == 200, seconds=20, what="variants")
        yield serving


def ask(house: House, target: bytes, *lines: bytes, method: bytes = b"GET") -> Exchange:
    """Ask once."""
    return exchange(house.port, target, *lines, method=method)


class Question(NamedTuple):
    """What is asked by GET, and the status and Location that must come back."""

    target: bytes
    status: int
    location: str | None = None


QUESTIONS = (
    Question(b"/feeds/all.ics", 200),
    Question(b"/feeds/all.ics?x=1&y=%00", 200),
    Question(b"/feeds/all.ics?", 200),
    Question(b"http://127.0.0.1/feeds/all.ics", 200),
    # One feed has one address; every other way of writing it leads there for ever.
    Question(b"//feeds///all.ics", 308, "/feeds/all.ics"),
    Question(b"/feeds/all.ics/", 308, "/feeds/all.ics"),
    Question(b"/feeds/all.ics//", 308, "/feeds/all.ics"),
    Question(b"/FEEDS/ALL.ICS", 308, "/feeds/all.ics"),
    Question(b"/feeds/Mechanism/MIDSA.ics", 308, "/feeds/mechanism/midsa.ics"),
    Question(b"/feeds/mechanism/igad-rcp.ics", 308, "/feeds/mechanism/mid-igad.ics"),
    Question(b"/feeds/v/utc/busy/all.ics", 308, "/feeds/v/busy/utc/all.ics"),
    Question(b"/feeds/v/utc/utc/all.ics", 308, "/feeds/v/utc/all.ics"),
    Question(
        b"/feeds/v/tbc-omit/sessions/busy/type/rcp.atom", 308, "/feeds/v/busy/sessions/tbc-omit/type/rcp.atom"
    ),
    Question(b"/feeds/v/UTC/mechanism/igad-rcp.json", 308, "/feeds/v/utc/mechanism/mid-igad.json"),
    Question(b"/en/feeds/all.ics", 308, "/feeds/all.ics"),
    Question(b"/EN/feeds/v/utc/busy/all.csv/", 308, "/feeds/v/busy/utc/all.csv"),
    # Percent-encoding of what need not be encoded is another spelling of it (RFC 3986, 6.2.2.2).
    Question(b"/feeds/%61ll.ics", 200),
    Question(b"/%66eeds/type/r%63p%2Eics", 200),
    Question(b"/feeds%2Fall.ics", 200),
    Question(b"/feeds/ALL%2eics", 308, "/feeds/all.ics"),
    # What names nothing is 404, in plain words.
    Question(b"/feeds/v/all.ics", 404),
    Question(b"/feeds/v/loud/all.ics", 404),
    Question(b"/feeds/v/utc/loud/all.ics", 404),
    Question(b"/feeds/all/utc/v.ics", 404),
    Question(b"/xx/feeds/all.ics", 404),
    Question(b"/feeds/all.ICS.gz", 404),
    Question(b"/feeds/country/xx.ics", 404),
    Question(b"/feeds/country/zmb.ics", 404),
    Question(b"/feeds/archive/1492.ics", 404),
    Question(b"/feeds/archive/99999.ics", 404),
    Question(b"/feeds/theme/.ics", 404),
    Question(b"/feeds/.ics", 404),
    Question(b"/feeds/my/nobody.ics", 404),
    Question(b"/feeds/%00.ics", 404),
    Question(b"/feeds/all%00.ics", 404),
    Question(b"/feeds/all.ics%00", 404),
    Question(b"/feeds/%ff%fe.ics", 404),
    Question(b"/feeds/%c0%ae%c0%ae/all.ics", 404),
    Question(b"/feeds/%zz.ics", 404),
    Question(b"/feeds/%.ics", 404),
    Question(b"/feeds/all.ics%0d%0aSet-Cookie:%20a=b", 404),
    Question(b"/feeds/MECHANISM%0d%0aX:%20y.ics", 404),
    Question(b"/feeds/../feeds/all.ics", 404),
    Question(b"/feeds/./all.ics", 404),
    Question(b"/feeds/%2e%2e/feeds/all.ics", 404),
    Question(b"/feeds/mechanism/..%2f..%2fiscm.db", 404),
    Question(b"/feeds/mechanism/%F0%9F%98%80.ics", 404),
    Question(b"/meetings/none.ics", 404),
    Question(b"/meetings/%00.ics", 404),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.target.decode("latin-1")[:60])
def test_every_way_of_writing_an_address_is_answered(
    house: House, serving: Serving, question: Question
) -> None:
    """By a feed, by the one address of it, or by 404; HEAD has the same headers, none sets a cookie."""
    answer = ask(house, question.target)
    assert (answer.status, answer.headers.get("location")) == (question.status, question.location)
    head = ask(house, question.target, method=b"HEAD")
    assert (head.status, _undated(head), head.body) == (answer.status, _undated(answer), b"")
    assert {"set-cookie", "content-encoding", "vary"} & set(answer.headers) == set()
    if answer.status == 200:
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    else:
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    if question.location is not None:
        assert ask(house, question.location.encode()).status == 200


def _undated(answer: Exchange) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


@pytest.mark.parametrize("length", [1_000, 8_000, 64_000, 300_000])
def test_very_long_addresses_end_in_a_refusal(house: House, serving: Serving, length: int) -> None:
    """Below /feeds/, of any length: a 4xx at once, and the next reader is served."""
    for target in (
        b"/feeds/" + b"a" * length + b".ics",
        b"/feeds/v/" + b"utc/" * (length // 4) + b"none.ics",
    ):
        try:
            status = ask(house, target).status
        except (ConnectionError, OSError):  # turned away before all of it was read
            status = 400
        assert status in {400, 404, 414, 431}
    assert ask(house, FEED).status == 200


@pytest.mark.parametrize("path", FORMS)
def test_every_form_has_its_type_its_tag_and_its_time(house: House, serving: Serving, path: str) -> None:
    """And 304 to each of them."""
    target = f"/feeds/{path}".encode()
    answer = ask(house, target)
    assert (answer.status, answer.headers["content-type"]) == (200, CONTENT_TYPES[path.rpartition(".")[2]])
    tag, since = answer.headers["etag"], answer.headers["last-modified"]
    assert tag == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    for line in (f"If-None-Match: {tag}", f"If-Modified-Since: {since}"):
        again = ask(house, target, line.encode())
        assert (again.status, again.body) == (304, b"")
        assert (again.headers["etag"], again.headers["last-modified"]) == (tag, since)


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "REPORT", "MKCALENDAR"]
)
@pytest.mark.parametrize(
    "path", ["/feeds/all.ics", "/feeds/none.ics", "/fr/feeds/x.ics", "/meetings/none.ics"]
)
def test_other_methods_are_refused(house: House, serving: Serving, method: str, path: str) -> None:
    """405 and what is allowed, whatever the address names; OPTIONS says the same."""
    answer = ask(house, path.encode(), method=method.encode())
    assert (answer.status, answer.headers["allow"]) == (405, METHODS)
    options = ask(house, path.encode(), method=b"OPTIONS")
    assert (options.status, options.headers["allow"], options.body) == (204, METHODS, b"")


def _dates(moment: datetime) -> tuple[bytes, ...]:
    """The three forms of a date in HTTP (RFC 9110, 5.6.7)."""
    return (
        format_datetime(moment, usegmt=True).encode(),
        f"{moment:%A, %d-%b-%y %H:%M:%S} GMT".encode(),
        f"{moment:%a %b} {moment.day:2d} {moment:%H:%M:%S %Y}".encode(),
    )


def test_conditions_by_tag(house: House, serving: Serving) -> None:
    """Lists, weak tags, the star, two lines; what is no tag at all is as good as another."""
    tag = ask(house, FEED).headers["etag"].encode()
    many = b", ".join(b'"%064d"' % number for number in range(100))
    table = {
        tag: 304, b"W/" + tag: 304, b"*": 304, b" * ": 304, b'"a",' + tag: 304, many + b", " + tag: 304,
        b'"a" , W/' + tag + b' ,"b"': 304, tag.strip(b'"'): 304, b'"a"': 200, b"W/": 200, b'"': 200, b"": 200,
        b",,,": 200,
        tag[:-2] + b'"': 200, tag.upper(): 200, b"\xff\xfe": 200, many: 200, b'"*"': 200,
    }  # fmt: skip
    told = {condition: ask(house, FEED, b"If-None-Match: " + condition).status for condition in table}
    assert told == table
    assert ask(house, FEED, b'If-None-Match: "a"', b"If-None-Match: " + tag).status == 304
    stale = _dates(datetime.now(UTC) + timedelta(days=9))[0]
    assert ask(house, FEED, b'If-None-Match: "a"', b"If-Modified-Since: " + stale).status == 200


def test_conditions_by_date(house: House, serving: Serving) -> None:
    """Three forms of dates; one that cannot be read is as if none had been sent."""
    modified = parsedate_to_datetime(ask(house, FEED).headers["last-modified"])
    second = timedelta(seconds=1)
    table = {
        **dict.fromkeys(_dates(modified), 304),
        **dict.fromkeys(_dates(modified + second), 304),
        **dict.fromkeys(_dates(modified - second), 200),
        **dict.fromkeys(_dates(modified.replace(year=modified.year - 40)), 200),
        b"": 200, b"0": 200, b"-1": 200, b"now": 200, b"\xff": 200, b"2030-01-01T00:00:00Z": 200,
        b"Mon, 99 Nov 2026 12:00:00 GMT": 200, b"Mon, 31 Feb 2030 12:00:00 GMT": 200,
        b"Mon, 01 Jan 99999 12:00:00 GMT": 200, b"Mon, 01 Jan 2030 12:00:00 +9999": 200, b"1" * 5000: 200,
    }  # fmt: skip
    told = {date: ask(house, FEED, b"If-Modified-Since: " + date).status for date in table}
    assert told == table


@pytest.mark.parametrize(
    "line",
    [
        b"Range: bytes=0-9",
        b"Range: bytes=9-0, x",
        b"If-Range: *",
        b'If-Match: "a"',
        b"If-Unmodified-Since: Mon, 01 Jan 1990 00:00:00 GMT",
        b"Accept: text/html;q=0, */*;q=0",
        b"Accept: ;;;",
        b"Accept-Encoding: gzip, br, identity;q=0",
        b"Accept-Charset: utf-7",
        b"Accept-Language: ar",
        b"Cache-Control: no-store",
        b"Expect: 200-ok",
        b"X-HTTP-Method-Override: DELETE",
        b"X-Forwarded-Host: evil.example",
        b"X-Original-URL: /console",
        b"Cookie: " + b"a=b; " * 800,
    ],
)
def test_no_other_header_changes_the_answer(house: House, serving: Serving, line: bytes) -> None:
    """A feed has one form and is given whole to whoever asks."""
    plain, other = ask(house, FEED), ask(house, FEED, line)
    assert (other.status, _undated(other), other.body) == (200, _undated(plain), plain.body)


@pytest.mark.parametrize("number", [1_000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_thousands_of_codes_of_own_calendars_cost_no_memory(
    house: House, serving: Serving, number: int
) -> None:
    """All of them unknown: 404 each, and no process is bigger than before."""

    def ask_for(codes: range) -> None:
        with closing(HTTPConnection("127.0.0.1", house.port, timeout=20)) as caller:
            for code in codes:
                word = hashlib.sha256(b"%d" % code).hexdigest()
                caller.request("GET", f"/feeds/my/{word}.ics")
                answer = caller.getresponse()
                assert (answer.status, len(answer.read()) > 0) == (404, True)

    # While the service warms up it grows; what is kept of each code would make it grow for ever.
    for begin in range(0, 20 * number, number):
        before = {process: _resident(process) for process in serving.children()}
        ask_for(range(begin, begin + number))
        grown = {process: _resident(process) - size for process, size in before.items()}
        if max(grown.values()) < 50 * number:
            return
    pytest.fail(f"every {number} codes the processes grow: {grown}")


def _resident(process: int) -> int:
    """Return the bytes of memory that a process holds."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


UNASKED = (
    b"/feeds/v/busy/sessions/utc/kind/ministerial.jcal",
    b"/feeds/my/nobody.ics",
    b"/meetings/none.ics",
)
"""What no process holds in memory, the last two because they are nowhere."""


def test_feeds_outlive_a_server_that_is_gone(postgresql_house: House) -> None:
    """What was asked for before is served on, with 304; what was not is to wait, also what may not exist."""
    with postgresql_house.serving():
        whole(postgresql_house)
        known = _asked_before(postgresql_house)
        administrate(postgresql_house, "ALTER DATABASE {} ALLOW_CONNECTIONS false")
        _still_served(postgresql_house, known)
        for target in UNASKED:
            answer = ask(postgresql_house, target)
            assert (answer.status, answer.headers.get("retry-after")) == (503, "30")
        assert ask(postgresql_house, b"/feeds/none.ics").status == 404
        administrate(postgresql_house, "ALTER DATABASE {} ALLOW_CONNECTIONS true")
        answers = [ask(postgresql_house, target).status for target in UNASKED]
        assert answers == [200, 404, 404]


def test_feeds_outlive_a_file_that_is_gone(house: House, serving: Serving) -> None:
    """The last test of this file, since the file is removed: nobody is told that a feed does not exist."""
    known = _asked_before(house)
    for file in (house.folder / "data").glob("iscm.db*"):
        file.unlink()
    _still_served(house, known)
    # What has the file open reads on in it; whoever opens it now finds nothing.
    assert ask(house, UNASKED[0]).status in {200, 503}


def _asked_before(house: House) -> dict[bytes, Exchange]:
    return {target: ask(house, target) for target in (f"/feeds/{path}".encode() for path in FORMS)}


def _still_served(house: House, known: dict[bytes, Exchange]) -> None:
    for target, before in known.items():
        after = ask(house, target)
        assert (after.status, after.body, _undated(after)) == (200, before.body, _undated(before))
        assert ask(house, target, f"If-None-Match: {before.headers['etag']}".encode()).status == 304
