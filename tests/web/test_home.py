"""The home page."""

from datetime import date, timedelta

from models import Database, When
from models.document import Document, DocumentAct, DocumentKind
from models.meeting import MeetingStatus, Visibility
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW, noon, statements, visitor
from web.pages.home import read_home
from web.pages.home_choice import COMING, ROUGH, UNDATED
from web.pages.home_meetings import Later


def test_home_says_honestly_that_nothing_is_announced(registry: Database) -> None:
    """With the bundled registry no meeting is ahead today: the page says so, and which was the last."""
    text = visitor(registry).get("/").text
    last = "8th Ministerial Consultation of the Abu Dhabi Dialogue"
    assert f"No public meeting is announced. The last one was “{last}”, 1 February 2026." in text
    assert "The last meetings" in text


def test_home_on_a_day_with_meetings_ahead(registry: Database) -> None:
    """On a day in 2017 the real meetings after it stand by month, those before it as just happened."""
    with registry.reading() as session:
        home = read_home(session, today=date(2017, 10, 12))
    assert [month.name for month in home.coming.months][:3] == ["October 2017", "November 2017", "May 2018"]
    days = [line.tile.datetime for month in home.coming.months for line in month.lines]
    assert days == sorted(days)
    assert home.past[0].tile.datetime <= "2017-10-12" <= days[0]
    assert home.is_recent


def test_home_of_an_empty_record(database: Database) -> None:
    """Before the registry is loaded the page still stands."""
    answer = visitor(database).get("/")
    assert answer.status_code == 200
    assert "No public meeting is announced." in answer.text
    assert "No meeting is on record yet." in answer.text


def test_home_sorts_meetings_by_what_is_known(database: Database) -> None:
    """What goes on is coming, what has no date stands apart, what is cancelled is marked and not hidden."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="going-on", when=When.days(date(2026, 11, 21), date(2026, 11, 24)))
        a_meeting(session, lima, slug="today", when=When.days(date(2026, 11, 23), None))
        a_meeting(session, lima, slug="month", when=When.month(2026, 11), status=MeetingStatus.PLANNED)
        a_meeting(session, lima, slug="cancelled", status=MeetingStatus.CANCELLED)
        a_meeting(session, lima, slug="postponed", status=MeetingStatus.POSTPONED)
        a_meeting(session, lima, slug="undated", when=When.unknown(), status=MeetingStatus.PLANNED)
        a_meeting(session, lima, slug="yesterday", when=When.days(date(2026, 11, 20), date(2026, 11, 22)))
        a_meeting(
            session, lima, slug="off", when=When.days(date(2026, 11, 2), None), status=MeetingStatus.CANCELLED
        )
        a_meeting(session, lima, slug="secret", visibility=Visibility.HIDDEN)
    with database.reading() as session:
        home = read_home(session, today=NOW.date())
    coming = [(month.name, [line.title for line in month.lines]) for month in home.coming.months]
    assert coming == [("November 2026", ["Month", "Going on", "Today"]), ("June 2027", ["Cancelled"])]
    assert [line.title for line in home.coming.undated] == ["Postponed", "Undated"]
    assert [line.title for line in home.past] == ["Yesterday"]
    standings = {
        line.title: [one.words for one in line.standing]
        for month in home.coming.months
        for line in month.lines
    }
    assert standings == {
        "Month": ["Day to be announced"],
        "Going on": [],
        "Today": [],
        "Cancelled": ["Cancelled"],
    }


def test_home_never_shows_what_is_hidden(database: Database) -> None:
    """A hidden meeting is on no page, not even by its own address."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="hidden-round", title="Hidden round", visibility=Visibility.HIDDEN)
    client = visitor(database)
    pages = ["/", "/mechanisms", "/mechanisms/lima-process", "/types/rcp", "/meetings/hidden-round"]
    answers = [client.get(path) for path in pages]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 404]
    assert [path for path, answer in zip(pages, answers, strict=True) if "Hidden round" in answer.text] == []


def test_home_tells_of_a_moved_meeting(database: Database) -> None:
    """A meeting at new dates says from when it moved, until it has been held."""
    before = When.days(date(2027, 3, 3), date(2027, 3, 4)).as_json()
    with database.writing() as session:
        a_meeting(session, a_mechanism(session), previous_when=before, moved_at=noon(date(2026, 11, 18)))
    text = visitor(database).get("/").text
    assert "Moved from 3–4 March 2027" in text


def test_home_keeps_what_is_only_roughly_known_apart(database: Database) -> None:
    """A quarter or a year is no month: such meetings stand under their own heading, after the months."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="in-the-year", when=When.year(2027), status=MeetingStatus.PLANNED)
        a_meeting(session, lima, slug="in-spring", when=When.quarter(2027, 2), status=MeetingStatus.PLANNED)
        a_meeting(session, lima, slug="in-may", when=When.month(2027, 5), status=MeetingStatus.PLANNED)
    with database.reading() as session:
        coming = read_home(session, today=NOW.date()).coming
    assert [(period.name, period.address) for period in coming.months + coming.rough] == [
        ("May 2027", "/calendar/2027/5"),
        ("2027, month not known", "/calendar/2027"),
        ("Second quarter of 2027, month not known", "/calendar/2027"),
    ]


def test_home_tells_what_just_happened_and_what_came_of_it(database: Database) -> None:
    """Meetings of the last two months stand with a link to their outcome; older ones are not called so."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(
            session, lima, slug="old", when=When.days(date(2026, 9, 1), None), status=MeetingStatus.HELD
        )
        new = a_meeting(
            session, lima, slug="new", when=When.days(date(2026, 11, 2), None), status=MeetingStatus.HELD
        )
        new.documents.append(
            Document(
                slug="declaration",
                title="Lima Declaration",
                kind=DocumentKind.DECLARATION,
                act=DocumentAct.ADOPTED,
                url="https://example.org/declaration.pdf",
            )
        )
    text = visitor(database).get("/").text
    past = text[text.index('id="past"') :]
    assert "Just happened" in past
    assert '<a href="https://example.org/declaration.pdf" rel="external">Lima Declaration</a>' in past
    assert "/meetings/old" not in past
    later = visitor(database, now=noon(date(2027, 3, 1))).get("/").text
    assert "The last meetings" in later
    assert "No public meeting of the past two months is on record." in later


def test_home_leaves_a_month_that_would_be_cut_to_its_page(database: Database) -> None:
    """The next months stand in full; beyond them one link says how many more there are, and from when."""
    with database.writing() as session:
        lima = a_mechanism(session)
        for number in range(COMING - 1):
            a_meeting(session, lima, slug=f"near-{number}", when=When.days(date(2026, 12, 1), None))
        for number in range(5):
            a_meeting(session, lima, slug=f"far-{number}", when=When.days(date(2027, 3, 1 + number), None))
        for number in range(UNDATED + 2):
            a_meeting(session, lima, slug=f"open-{number}", when=When.unknown())
        for number in range(ROUGH + 3):
            a_meeting(session, lima, slug=f"rough-{number}", when=When.year(2028))
    with database.reading() as session:
        coming = read_home(session, today=NOW.date()).coming
    assert [(month.name, len(month.lines)) for month in coming.months] == [("December 2026", COMING - 1)]
    assert coming.later == Later(5, "March 2027", "/calendar/2027/3")
    assert coming.later_rough == Later(3, "2028", "/calendar/2028")
    assert (len(coming.undated), coming.more_undated) == (UNDATED, 2)
    text = visitor(database).get("/").text
    assert '<a href="/calendar/2027/3">5 more meetings, from March 2027 on</a>' in text


def test_home_cuts_a_month_that_alone_is_too_long(database: Database) -> None:
    """Where the first month holds more than the page, what fits is shown, and its page holds the rest."""
    with database.writing() as session:
        lima = a_mechanism(session)
        for number in range(COMING + 7):
            a_meeting(session, lima, slug=f"near-{number}", when=When.days(date(2026, 12, 1), None))
    with database.reading() as session:
        coming = read_home(session, today=NOW.date()).coming
    assert [len(month.lines) for month in coming.months] == [COMING]
    assert coming.later == Later(7, "December 2026", "/calendar/2026/12")


def test_home_takes_as_many_statements_for_a_thousand_meetings_as_for_one(sqlite_database: Database) -> None:
    """Neither the number of statements nor the number of lines grows with the record."""
    counts, lines = [], []
    for number in (1, 1000):
        with sqlite_database.writing() as session:
            lima = a_mechanism(session, f"process-{number}")
            for one in range(number):
                day = NOW.date() + timedelta(days=one % 300)
                a_meeting(session, lima, slug=f"coming-{number}-{one}", when=When.days(day, None))
                past = When.days(NOW.date() - timedelta(days=1 + one), None)
                a_meeting(session, lima, slug=f"past-{number}-{one}", when=past)
                a_meeting(session, lima, slug=f"open-{number}-{one}", when=When.unknown())
                a_meeting(session, lima, slug=f"rough-{number}-{one}", when=When.year(2028))
                if one < 10:
                    an_update(session, lima, slug=f"update-{number}-{one}")
        with statements(sqlite_database) as sent, sqlite_database.reading() as session:
            home = read_home(session, today=NOW.date())
        counts.append(len(sent))
        lines.append(sum(len(month.lines) for month in home.coming.months))
    assert counts[0] == counts[1]
    assert lines[1] <= COMING
