"""The home page."""

from datetime import UTC, date, datetime

from models import Database, When
from models.mechanism import MechanismType
from models.meeting import MeetingStatus, Visibility
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import NOW, noon, statements, visitor
from web.pages.home import read_home


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
    assert [month.name for month in home.coming][:3] == ["October 2017", "November 2017", "May 2018"]
    days = [line.tile.datetime for month in home.coming for line in month.lines]
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
    coming = [(month.name, [line.title for line in month.lines]) for month in home.coming]
    assert coming == [("November 2026", ["Month", "Going on", "Today"]), ("June 2027", ["Cancelled"])]
    assert [line.title for line in home.undated] == ["Postponed", "Undated"]
    assert [line.title for line in home.past] == ["Yesterday"]
    standings = {
        line.title: [one.words for one in line.standing] for month in home.coming for line in month.lines
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


def test_home_takes_as_many_statements_for_three_meetings_as_for_one(database: Database) -> None:
    """The number of statements does not grow with the record."""
    counts = []
    for number in range(3):
        with database.writing() as session:
            mechanism = a_mechanism(session, f"process-{number}", type=list(MechanismType)[number])
            a_meeting(session, mechanism, slug=f"coming-{number}")
            a_meeting(session, mechanism, slug=f"past-{number}", when=When.days(date(2026, 2, 1), None))
        with statements(database) as sent, database.reading() as session:
            read_home(session, today=NOW.date())
        counts.append(len(sent))
    assert counts[0] == counts[2]


def test_home_shows_two_years_in_three_rows(registry: Database) -> None:
    """Each type has a row; a mark for each meeting with a known day or month, none over its neighbour."""
    with registry.reading() as session:
        strip = read_home(session, today=date(2017, 10, 12)).strip
    assert strip is not None
    assert (strip.years, strip.days, [row.type for row in strip.rows]) == (
        "2017–2018",
        730,
        ["rcp", "irf", "global"],
    )
    assert sum(len(row.marks) for row in strip.rows) == strip.number == 35
    for row in strip.rows:
        ends = [mark.at + mark.width for mark in row.marks]
        assert [mark for mark, end in zip(row.marks[1:], ends, strict=False) if mark.at <= end - 1] == []
    assert strip.today == (datetime(2017, 10, 12, tzinfo=UTC) - datetime(2017, 1, 1, tzinfo=UTC)).days
