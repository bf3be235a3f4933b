"""The page and the feed of what changed: words for before and after, filters, and what never shows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from calendar_feed.changes import told_facts
from calendar_feed.publication import publish
from models import Change, Database
from models.change import ChangeKind
from models.mechanism import MechanismType
from models.meeting import Mode
from models.meeting_add import add_meeting
from models.meeting_change import cancel_meeting, change_meeting, postpone_meeting
from models.meeting_delete import delete_meeting
from models.when import When
from tests.calendar_feed.factory import days, meeting
from tests.web.atom import read_atom
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import BASE_URL, NOW, statements, visitor

HOUR = timedelta(hours=1)
LINE = re.compile(
    r'<span class="standing ([a-z_]+)">([^<]+)</span></p>\s*'
    r'<h3 class="update-title">(.*?)</h3>\s*<p>(.*?)</p>'
)
MEETING = {
    "title": "Ministerial Meeting of Lima",
    "title_in": {"fr": "Réunion ministérielle de Lima"},
    "mechanisms": ["lima-process"],
    "kind": "ministerial",
    "status": "planned",
    "city": "Harare",
    "country": "ZW",
    "when": {"precision": "month", "start": "2027-06", "end": None, "zone": None},
}


class Desk:
    """An editor whose acts are each published an hour after the one before."""

    def __init__(self, database: Database) -> None:
        """Publish what there is: it is no news."""
        self.database, self.now = database, NOW
        with database.writing() as session:
            mechanism = a_mechanism(session, "lima-process")
            a_mechanism(session, "rome-dialogue", type=MechanismType.IRF)
            a_meeting(session, mechanism, slug="old-one")
        self.publish()

    def do(self, act: object, *arguments: object, **named: object) -> str:
        """Do one act and publish it."""
        self.now += HOUR
        with self.database.writing() as session:
            slug = act(session, *arguments, editor="Ana", now=self.now, **named).slug  # type: ignore[operator]  # any of the record's acts
        self.publish()
        return str(slug)

    def publish(self) -> None:
        """Publish, as the clock would."""
        with self.database.writing() as session:
            assert publish(session, now=self.now, base_url=BASE_URL).alarms == []


@pytest.fixture
def desk(database: Database) -> Desk:
    """A desk on each database."""
    return Desk(database)


def _dates(first: str, last: str, zone: str | None = None) -> dict[str, object]:
    precision = "moment" if zone else "day"
    return {"when": {"precision": precision, "start": first, "end": last, "zone": zone}}


def _lines(database: Database, path: str = "/changes") -> list[tuple[str, str, str]]:
    text = visitor(database).get(path).text
    return [(shape, kind, " ".join(said.split())) for shape, kind, _, said in LINE.findall(text)]


def test_life_of_a_meeting_reads_from_below(desk: Desk) -> None:
    """Every change with its word, its shape, and before and after in words; the first publishing has none."""
    assert _lines(desk.database) == []
    slug = desk.do(add_meeting, MEETING)
    desk.do(change_meeting, slug, _dates("2027-06-08", "2027-06-10") | {"status": "confirmed"})
    desk.do(change_meeting, slug, _dates("2027-06-15", "2027-06-16"))
    desk.do(change_meeting, slug, {"city": "Lusaka", "country": "ZM"})
    desk.do(change_meeting, slug, _dates("2027-06-15T09:00", "2027-06-16T17:00", "Africa/Lusaka"))
    desk.do(change_meeting, slug, {"notes": "Call them."})
    desk.do(postpone_meeting, slug, reason="Elections")
    desk.do(change_meeting, slug, _dates("2027-09-01", "2027-09-02"))
    desk.do(cancel_meeting, slug, reason="Floods")
    assert _lines(desk.database) == [
        ("cancelled", "Cancelled", "It will not take place; it was announced for 1–2 September 2027."),
        ("moved", "Moved", "Moved from 15–16 June 2027 to 1–2 September 2027."),
        ("confirmed", "Confirmed", "It takes place: 1–2 September 2027."),
        ("postponed", "Postponed", "Announced for 15–16 June 2027; new dates are not known yet."),
        (
            "times",
            "New hours",
            "Now: 15–16 June 2027, 09:00–17:00 Lusaka time. Before: 15–16 June 2027.",
        ),
        ("place", "New place", "Now: Lusaka, Zambia. Before: Harare, Zimbabwe."),
        ("moved", "Moved", "Moved from 8–10 June 2027 to 15–16 June 2027."),
        ("fixed", "Date set", "Now on 8–10 June 2027; only June 2027 had been announced."),
        ("confirmed", "Confirmed", "It takes place: 8–10 June 2027."),
        ("new", "New", "Announced for June 2027: Harare, Zimbabwe."),
    ]
    french = visitor(desk.database).get("/fr/changes").text
    assert "Réunion ministérielle de Lima" in french
    assert f'href="/fr/meetings/{slug}"' in french


def test_feed_tells_the_same_as_the_page(desk: Desk) -> None:
    """Newest first, each change an entry of its own for ever, its time that of the telling."""
    slug = desk.do(add_meeting, MEETING)
    first = read_atom(visitor(desk.database).get("/changes.atom").content)
    desk.do(change_meeting, slug, _dates("2027-06-08", "2027-06-10"))
    feed = read_atom(visitor(desk.database).get("/changes.atom").content)
    assert feed.links == {"self": f"{BASE_URL}/changes.atom", "alternate": f"{BASE_URL}/changes"}
    assert [(one.title, one.content, one.links["alternate"]) for one in feed.entries] == [
        (
            "Date set: Ministerial Meeting of Lima",
            "Now on 8–10 June 2027; only June 2027 had been announced.",
            f"{BASE_URL}/meetings/{slug}",
        ),
        (
            "New: Ministerial Meeting of Lima",
            "Announced for June 2027: Harare, Zimbabwe.",
            f"{BASE_URL}/meetings/{slug}",
        ),
    ]
    assert feed.entries[1] == first.entries[0]
    assert feed.entries[0].categories == {"fixed": "Date set", "lima-process": "Lima Process"}
    assert feed.updated > first.updated


def test_hidden_meeting_leaves_no_trace(desk: Desk) -> None:
    """Neither while it is hidden nor after it is deleted so; one deleted in the open says that it was."""
    secret = desk.do(add_meeting, MEETING | {"title": "A secret thing"})
    opened = desk.do(add_meeting, MEETING | {"title": "An open thing"})
    client = visitor(desk.database)
    before = client.get("/changes.atom")
    assert "A secret thing" in before.text
    desk.do(change_meeting, secret, {"visibility": "hidden"})
    for act in (None, delete_meeting):
        if act:
            desk.do(act, secret)
        for path in ("/changes", "/changes.atom", "/changes?mechanism=lima-process", "/fr/changes"):
            assert "secret" not in client.get(path).text
        by_date = {"If-Modified-Since": before.headers["last-modified"]}
        assert client.get("/changes.atom", headers=by_date).status_code == 200
    desk.do(delete_meeting, opened)
    assert _lines(desk.database)[0] == (
        "cancelled",
        "Taken back",
        "Entered by mistake and deleted; it was announced for June 2027.",
    )
    text = client.get("/changes").text
    assert "An open thing" in text
    assert opened not in text


NARROWED = {
    "": ["Moved", "New", "New"],
    "?kind=moved": ["Moved"],
    "?mechanism=rome-dialogue": ["New"],
    "?type=rcp": ["Moved", "New"],
    "?kind=new&mechanism=lima-process&type=rcp": ["New"],
    "?kind=cancelled": [],
}


def test_changes_are_narrowed_by_every_filter(desk: Desk) -> None:
    """By what changed, by mechanism and by its type, together too."""
    desk.do(add_meeting, MEETING | _dates("2027-03-01", "2027-03-02") | {"mechanisms": ["rome-dialogue"]})
    slug = desk.do(add_meeting, MEETING | _dates("2027-06-08", "2027-06-10"))
    desk.do(change_meeting, slug, _dates("2027-06-15", "2027-06-16"))
    found = {query: [kind for _, kind, _ in _lines(desk.database, f"/changes{query}")] for query in NARROWED}
    assert found == NARROWED


HOSTILE = {
    "/changes?kind=nothing": 404,
    "/changes?type=%00": 404,
    "/changes?mechanism=%27%3B--": 404,
    "/changes?page=2": 404,
    "/changes?page=1e9": 404,
    "/changes?utm_source=x": 308,
    "/changes?type=rcp&kind=new": 308,
    "/changes?kind=" + "x" * 5000: 404,
    "/changes.atom?page=2": 200,
    "/changes.atom/": 308,
}


def test_hostile_queries_are_answered_plainly(database: Database) -> None:
    """Unknown values, pages that are none, more than belongs there."""
    client = visitor(database)
    assert {path: client.get(path).status_code for path in HOSTILE} == HOSTILE


def _places(before: dict[str, object], after: dict[str, object], session: Session) -> None:
    tellings = [told_facts(meeting(when=days("2027-06-08"), **facts)) for facts in (before, after)]
    session.add(Change(uid="u", kind=ChangeKind.PLACE, at=NOW, before=tellings[0], after=tellings[1]))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            {"city": "Lima", "country": "PE"},
            {"city": "Lima", "country": "PE", "venue": "Palace"},
            "Now: Palace, Lima, Peru. Before: Lima, Peru.",
        ),
        (
            {"city": "Lima", "country": "PE"},
            {"city": None, "country": None, "mode": Mode.ONLINE},
            "Now: Online. Before: Lima, Peru.",
        ),
        (
            {"city": None, "country": None},
            {"city": "Lima", "country": "PE"},
            "The place is known now: Lima, Peru.",
        ),
        (
            {"city": "Lima", "country": "PE"},
            {"city": None, "country": None},
            "The place is open again; it was: Lima, Peru.",
        ),
    ],
)
def test_places_are_told_as_far_as_they_are_known(
    sqlite_database: Database, before: dict[str, object], after: dict[str, object], said: str
) -> None:
    """A building, a city, online, or nothing yet."""
    with sqlite_database.writing() as session:
        _places(before, after, session)
    assert [line for *_, line in _lines(sqlite_database)] == [said]


def test_changes_take_as_many_statements_for_a_thousand_as_for_one(database: Database) -> None:
    """The page and the feed; a page shows thirty, the feed a hundred."""
    told = told_facts(meeting(when=When.month(2027, 6)))
    with database.writing() as session:
        mechanism = a_mechanism(session)
        a_meeting(session, mechanism, slug="one")
        mechanism_id = mechanism.id
    numbers = []
    for rows in (1, 1000):
        with database.writing() as session:
            found = session.get(type(mechanism), mechanism_id)
            assert found is not None
            session.add_all(
                Change(
                    uid="uid-of-one",
                    kind=ChangeKind.NEW,
                    at=NOW + timedelta(minutes=rows + number),
                    after=told,
                    mechanisms=[found],
                )
                for number in range(rows)
            )
        client = visitor(database)
        with statements(database) as page:
            shown = len(LINE.findall(client.get("/changes").text))
        with statements(database) as feed:
            entries = len(read_atom(client.get("/changes.atom").content).entries)
        selects = [sum("SELECT" in one for one in sent) for sent in (page, feed)]
        numbers.append((shown, entries, selects))
    (one, single, cheap), (thousand, hundred, dear) = numbers
    assert (one, single, thousand, hundred) == (1, 1, 30, 100)
    assert dear == cheap
