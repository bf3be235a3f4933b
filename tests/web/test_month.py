"""The page of a month."""

import re
from datetime import UTC, date, datetime

import pytest

from models import Database, When
from models.mechanism import MechanismType
from models.meeting import MeetingStatus, Visibility
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import NOW, statements, visitor


def grid(text: str) -> str:
    """The table of the page."""
    return text[text.index('<table class="month-grid">') : text.index("</table>")]


def agenda(text: str) -> str:
    """The list beneath it."""
    return text[text.index('<h2 id="agenda">') : text.index("</main>")]


def test_calendar_leads_to_the_current_month(sqlite_database: Database) -> None:
    """By the house's clock, kept by no cache, the chosen type kept."""
    client = visitor(sqlite_database, now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    answer = client.get("/calendar?type=irf")
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (
        302,
        "/calendar/2026/12?type=irf",
        "no-store",
    )


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/calendar/2027/6", 200, None),
        ("/calendar/2027/06", 308, "/calendar/2027/6"),
        ("/calendar/2027/06?type=rcp", 308, "/calendar/2027/6?type=rcp"),
        ("/calendar/02027/6", 308, "/calendar/2027/6"),
        ("/calendar/2027/0", 404, None),
        ("/calendar/2027/13", 404, None),
        ("/calendar/2027/june", 404, None),
        ("/calendar/2027/٦", 404, None),
        (f"/calendar/2027/{'9' * 5000}", 404, None),
        (f"/calendar/{'9' * 5000}/6", 404, None),
        ("/calendar/2027/6?type=xyz", 404, None),
        ("/calendar/2027/6?type=rcp&type=irf", 404, None),
        ("/calendar/2027/6?page=2", 404, None),
        ("/calendar/2031/12", 200, None),
        ("/calendar/2032/1", 404, None),
        ("/calendar/2024/1", 200, None),
        ("/calendar/2023/12", 404, None),
        ("/calendar/2031", 200, None),
        ("/calendar/2032", 404, None),
        ("/calendar/0", 404, None),
        ("/calendar/02027", 308, "/calendar/2027"),
    ],
)
def test_calendar_has_an_end_on_either_side(
    sqlite_database: Database, path: str, status: int, location: str | None
) -> None:
    """From the year before the first meeting to five years ahead, each page at one address, nothing else."""
    with sqlite_database.writing() as session:
        a_meeting(session, a_mechanism(session), when=When.days(date(2025, 3, 1), None))
    answer = visitor(sqlite_database).get(path)
    assert (answer.status_code, answer.headers.get("location")) == (status, location)


def test_calendar_offers_no_step_beyond_its_ends(sqlite_database: Database) -> None:
    """The first month leads no further back and the last no further on, and so do the years."""
    client = visitor(sqlite_database)
    steps = {
        path: re.findall(r'rel="(prev|next)"', client.get(path).text)
        for path in (
            "/calendar/2025/1",
            "/calendar/2031/12",
            "/calendar/2025",
            "/calendar/2031",
            "/calendar/2027",
        )
    }
    assert steps == {
        "/calendar/2025/1": ["next"],
        "/calendar/2031/12": ["prev"],
        "/calendar/2025": ["next"],
        "/calendar/2031": ["prev"],
        "/calendar/2027": ["prev", "next"],
    }


def test_month_shows_each_meeting_in_the_grid_and_in_the_list(database: Database) -> None:
    """Bars over known days; months, quarters and years apart and said so; hidden ones nowhere."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="days")
        a_meeting(session, lima, slug="over", when=When.days(date(2027, 6, 29), date(2027, 7, 2)))
        a_meeting(session, lima, slug="in-june", when=When.month(2027, 6), status=MeetingStatus.PLANNED)
        a_meeting(session, lima, slug="in-spring", when=When.quarter(2027, 2), status=MeetingStatus.PLANNED)
        a_meeting(session, lima, slug="in-the-year", when=When.year(2027), status=MeetingStatus.PLANNED)
        a_meeting(session, lima, slug="hidden", visibility=Visibility.HIDDEN)
        a_meeting(session, lima, slug="undated", when=When.unknown())
        a_meeting(session, lima, slug="elsewhere", when=When.days(date(2027, 7, 5), None))
    client = visitor(database)
    text = client.get("/calendar/2027/6").text
    link = re.compile(r'<a [^>]*href="/meetings/([^"]*)"')
    assert link.findall(grid(text)) == ["days", "over"]
    assert re.findall(r'<h3 class="month">(.*?)</h3>', agenda(text)) == [
        "June 2027, day not known",
        "Second quarter of 2027, month not known",
        "2027, month not known",
    ]
    assert link.findall(agenda(text)) == ["days", "over", "in-june", "in-spring", "in-the-year"]
    assert "In June 2027, day not known" in text
    july = client.get("/calendar/2027/7").text
    assert link.findall(grid(july)) == ["over", "elsewhere"]
    assert '<td colspan="2"><a class="bar hue-rcp goes-back"' in grid(july)


def test_month_says_type_and_state_in_words(sqlite_database: Database) -> None:
    """Hue and shape are never alone: the type and how a meeting stands are written in its bar."""
    with sqlite_database.writing() as session:
        forum = a_mechanism(session, type=MechanismType.IRF)
        for number, status in enumerate(MeetingStatus):
            day = When.days(date(2027, 6, 1 + number), None)
            a_meeting(session, forum, slug=status.value, when=day, status=status, city="Lima", country="PE")
    bars = re.findall(
        r'<a class="bar ([^"]*)".*?</a>', grid(visitor(sqlite_database).get("/calendar/2027/6").text)
    )
    assert bars == [
        "hue-irf",
        "hue-irf is-tentative",
        "hue-irf",
        "hue-irf is-postponed",
        "hue-irf is-cancelled",
        "hue-irf",
    ]
    text = grid(visitor(sqlite_database).get("/calendar/2027/6").text)
    assert text.count("Interregional · Lima, Peru") == 6
    for words in ("Date to be confirmed", "Postponed, new date to be announced", "Cancelled"):
        assert f'<span class="bar-standing">{words}</span>' in text


def test_month_keeps_the_type_in_its_links(sqlite_database: Database) -> None:
    """Narrowed to a type, a month shows the meetings that one of its mechanisms at least holds."""
    with sqlite_database.writing() as session:
        rabat, global_one = a_mechanism(session), a_mechanism(session, "forum", type=MechanismType.GLOBAL)
        a_meeting(session, rabat, slug="regional")
        a_meeting(session, rabat, global_one, slug="joint")
        a_meeting(session, global_one, slug="global")
    text = visitor(sqlite_database).get("/calendar/2027/6?type=global").text
    assert sorted(set(re.findall(r"/meetings/([a-z]+)", text))) == ["global", "joint"]
    for path in ("/calendar/2027/5", "/calendar/2027/7", "/calendar/2026/11", "/calendar/2027"):
        assert f'href="{path}?type=global"' in text


def test_month_without_meetings_says_so_and_leads_on(sqlite_database: Database) -> None:
    """An empty month is honest, and names the months with a meeting before and after it."""
    with sqlite_database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="before", when=When.days(date(2026, 1, 5), None))
        a_meeting(session, lima, slug="after", when=When.days(date(2027, 3, 5), None))
    client = visitor(sqlite_database)
    ahead, past = client.get("/calendar/2027/1").text, client.get("/calendar/2026/5").text
    assert "No public meeting is announced for January 2027." in ahead
    assert "No meeting in May 2026 is on record." in past
    for text in (ahead, past):
        assert '<a href="/calendar/2026/1">January 2026</a>' in text
        assert '<a href="/calendar/2027/3">March 2027</a>' in text


def test_month_leads_to_each_meeting_without_a_bar(sqlite_database: Database) -> None:
    """What finds no room in the grid is counted, and the count leads to its line in the list, on its page."""
    with sqlite_database.writing() as session:
        lima = a_mechanism(session)
        for number in range(70):
            a_meeting(session, lima, slug=f"m-{number:02}", when=When.days(date(2027, 6, 9), None))
    client = visitor(sqlite_database)
    text = client.get("/calendar/2027/6").text
    (more,) = re.findall(r'<a class="more" href="([^"]*)">\+66 more', text)
    path, _, anchor = more.partition("#")
    assert f'id="{anchor}"' in client.get(path).text
    listed = [
        re.findall(r'<li class="meeting" id="([^"]*)"', client.get(f"/calendar/2027/6{page}").text)
        for page in ("", "?page=2")
    ]
    assert [len(one) for one in listed] == [60, 10]
    assert sorted(listed[0] + listed[1]) == [f"m-{number:02}" for number in range(70)]


def test_month_is_a_table_with_headers(sqlite_database: Database) -> None:
    """Seven days and the week as headers, a caption, each day in a time element, today marked."""
    with sqlite_database.writing() as session:
        a_meeting(session, a_mechanism(session), when=When.days(NOW.date(), None))
    text = grid(visitor(sqlite_database).get("/calendar/2026/11").text)
    assert re.findall(r'<th scope="col"[^>]*><abbr title="(\w+)">', text) == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]  # fmt: skip
    assert re.findall(r'<th scope="rowgroup"[^>]*><span class="unseen">Week </span>(\d+)</th>', text) == [
        "44", "45", "46", "47", "48", "49",
    ]  # fmt: skip
    assert '<td class="today" aria-current="date"><time datetime="2026-11-23">23</time></td>' in text
    assert text.count("<time ") == 30


@pytest.mark.parametrize("path", ["/calendar/2027/6", "/calendar/2027"])
def test_calendar_takes_as_many_statements_for_a_thousand_meetings_as_for_one(
    sqlite_database: Database, path: str
) -> None:
    """The number of statements does not grow with the meetings of a month or a year."""
    client = visitor(sqlite_database)
    counts = []
    for number in (1, 1000):
        with sqlite_database.writing() as session:
            lima = a_mechanism(session, f"process-{number}")
            for one in range(number):
                day = When.days(date(2027, 6, 1 + one % 30), None)
                a_meeting(session, lima, slug=f"{number}-{one}", when=day)
        with statements(sqlite_database) as sent:
            assert client.get(path).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
