"""The strip of the year: its rows, its marks, and what it does when there are very many."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from models import Database, When
from models.mechanism import MechanismType
from models.meeting import MeetingStatus, Visibility
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import NOW, statements, visitor
from web.pages.year_marks import MONTH, ROW, Marked, marks_of_month
from web.pages.year_strip import year_strip

JUNE = date(2027, 6, 1)
spans = st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 45)), max_size=12)


@given(spans)
def test_marks_stay_in_their_month_and_row_and_never_lie_over_another(found: list[tuple[int, int]]) -> None:
    """Whatever meets when, each meeting that touches the month has its mark, or one mark stands for all."""
    meetings = [
        Marked(
            str(number),
            str(number),
            When.days(first := JUNE + timedelta(days=start), first + timedelta(days=length)),
        )
        for number, (start, length) in enumerate(found)
    ]
    marks = marks_of_month(meetings, MechanismType.IRF, JUNE, row=1)
    inside = [one for one in meetings if one.first <= date(2027, 6, 30) and one.last >= JUNE]
    assert len(marks) in {len(inside), 1}
    for mark in marks:
        assert mark.at >= 0
        assert mark.at + mark.width <= MONTH
        assert ROW < mark.top < mark.top + mark.height < 2 * ROW
    for one, other in combinations(marks, 2):
        beside = one.at + one.width <= other.at or other.at + other.width <= one.at
        assert beside or one.top + one.height <= other.top or other.top + other.height <= one.top


def test_strip_shows_two_real_years_in_three_rows(registry: Database) -> None:
    """2017 and 2018 of the registry: a year each, three types, a mark for each meeting known to the month."""
    with registry.reading() as session:
        strip = year_strip(session, today=date(2017, 10, 12))
    assert strip is not None
    assert (strip.span, strip.number) == ("2017–2018", 35)
    assert [kind for kind, _ in strip.rows] == ["rcp", "irf", "global"]
    marked = {mark.address for year in strip.years for month in year.months for mark in month.marks}
    assert len(marked) == 35
    assert [month.today for month in strip.years[0].months].count(None) == 11
    assert strip.years[0].months[9].today == 11


def test_strip_links_each_mark_in_words(database: Database) -> None:
    """A mark is a link to its meeting that says which one and when, and a month one to its page."""
    with database.writing() as session:
        a_meeting(session, a_mechanism(session))
    text = visitor(database).get("/").text
    assert (
        '<a href="/meetings/a-meeting"><title>A meeting, 8–10 June 2027</title><rect class="fill-rcp"' in text
    )
    assert '<a class="strip-month" href="/calendar/2027/6">June<span class="unseen"> 2027</span></a>' in text


def test_strip_leaves_out_what_does_not_take_place(database: Database) -> None:
    """Hidden, cancelled and postponed meetings have no mark, nor have those without a month."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="off", status=MeetingStatus.CANCELLED)
        a_meeting(session, lima, slug="later", status=MeetingStatus.POSTPONED)
        a_meeting(session, lima, slug="hidden", visibility=Visibility.HIDDEN)
        a_meeting(session, lima, slug="vague", when=When.year(2027))
    with database.reading() as session:
        assert year_strip(session, today=NOW.date()) is None


def test_strip_of_very_many_meetings_has_one_mark_a_month(database: Database) -> None:
    """Past what can be seen, a month of a type is one link to its page that says how many there are."""
    with database.writing() as session:
        lima = a_mechanism(session)
        for number in range(300):
            a_meeting(
                session, lima, slug=f"one-{number}", when=When.days(date(2027, 6, 1 + number % 28), None)
            )
    with statements(database) as sent, database.reading() as session:
        strip = year_strip(session, today=NOW.date())
    assert strip is not None
    marks = [mark for year in strip.years for month in year.months for mark in month.marks]
    assert [(mark.address, mark.words) for mark in marks] == [
        ("/calendar/2027/6?type=rcp", "Regional: 300 meetings, June 2027")
    ]
    assert len([one for one in sent if one != "BEGIN"]) == 2
