"""The year on one sheet."""

import re
from datetime import date

from models import Database, When
from models.mechanism import MechanismType
from models.meeting import MeetingStatus, Visibility
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import BASE_URL, visitor


def months(text: str) -> dict[str, list[str]]:
    """The meetings under each heading of the sheet."""
    parts = re.split(r"<h2>(?:<a [^>]*>)?([^<]*)", text[text.index('<article class="sheet">') :])[1:]
    link = re.compile(r'href="/meetings/([^"]*)"')
    return {
        name: found
        for name, body in zip(parts[::2], parts[1::2], strict=True)
        if (found := link.findall(body))
    }


def test_year_holds_every_meeting_under_its_month(database: Database) -> None:
    """Days and months stand under their month, quarters and years apart, what goes on there too."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="from-last-year", when=When.days(date(2026, 12, 30), date(2027, 1, 2)))
        a_meeting(session, lima, slug="days")
        a_meeting(session, lima, slug="over", when=When.days(date(2027, 6, 29), date(2027, 7, 2)))
        a_meeting(session, lima, slug="in-june", when=When.month(2027, 6))
        a_meeting(session, lima, slug="in-summer", when=When.quarter(2027, 3))
        a_meeting(session, lima, slug="in-the-year", when=When.year(2027))
        a_meeting(session, lima, slug="next-year", when=When.days(date(2028, 1, 1), None))
        a_meeting(session, lima, slug="hidden", visibility=Visibility.HIDDEN)
        a_meeting(session, lima, slug="undated", when=When.unknown())
    client = visitor(database)
    text = client.get("/calendar/2027").text
    assert months(text) == {
        "January": ["from-last-year"],
        "June": ["days", "over", "in-june"],
        "July": ["over"],
        "In the third quarter of 2027, month not known": ["in-summer"],
        "In 2027, month not known": ["in-the-year"],
    }
    assert '<span aria-hidden="true">8–10</span><span class="unseen">8–10 June 2027</span>' in text
    assert '<span aria-hidden="true">29 June – 2 July</span>' in text
    assert text.count("None announced") == 9
    assert months(client.get("/calendar/2026").text) == {"December": ["from-last-year"]}


def test_year_says_of_when_it_is_and_where_it_stays_true(sqlite_registry: Database) -> None:
    """The sheet bears its day, its address and that of its feed; narrowed to a type, those of the type."""
    client = visitor(sqlite_registry)
    text = client.get("/calendar/2017").text
    assert "<dd>23 November 2026</dd>" in text
    assert f">{BASE_URL}/calendar/2017</a>" in text
    assert f">{BASE_URL}/feeds/archive/2017.ics</a>" in text
    narrowed = client.get("/calendar/2017?type=irf").text
    assert f">{BASE_URL}/calendar/2017?type=irf</a>" in narrowed
    assert f">{BASE_URL}/feeds/type/irf.ics</a>" in narrowed
    assert text.count('<li class="sheet-meeting') == 23
    assert 0 < narrowed.count('<li class="sheet-meeting') < 23


def test_year_says_type_and_state_in_words(sqlite_database: Database) -> None:
    """Hue and stroke are never alone."""
    with sqlite_database.writing() as session:
        forum = a_mechanism(session, type=MechanismType.GLOBAL)
        a_meeting(session, forum, status=MeetingStatus.CANCELLED, city="Lima", country="PE")
    text = visitor(sqlite_database).get("/calendar/2027").text
    assert '<li class="sheet-meeting hue-global is-cancelled">' in text
    assert '<span class="sheet-type">Global</span> · Lima Process · Ministerial · Lima, Peru' in text
    assert '<span class="standing cancelled">Cancelled</span>' in text


def test_year_without_meetings_says_so(sqlite_database: Database) -> None:
    """An empty year is honest."""
    assert "No meeting of 2028 is on record." in visitor(sqlite_database).get("/calendar/2028").text


def test_year_of_very_many_meetings_goes_on_on_a_next_page(sqlite_database: Database) -> None:
    """A sheet stays bounded, and its pages hold every meeting once."""
    with sqlite_database.writing() as session:
        lima = a_mechanism(session)
        for number in range(430):
            day = When.days(date(2027, 1 + number % 12, 1 + number % 28), None)
            a_meeting(session, lima, slug=f"m-{number:03}", when=day)
    client = visitor(sqlite_database)
    found = [
        re.findall(r'class="sheet-title"><a href="/meetings/([^"]*)"', client.get(path).text)
        for path in ("/calendar/2027", "/calendar/2027?page=2")
    ]
    assert [len(one) for one in found] == [400, 30]
    assert sorted(found[0] + found[1]) == [f"m-{number:03}" for number in range(430)]
