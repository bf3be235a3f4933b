"""The page of a meeting."""

from datetime import date, datetime, timedelta

import pytest

from models import Database, When
from models.document import Document, DocumentAct, DocumentKind
from models.mechanism import MechanismType
from models.meeting import MeetingStatus, Mode, Tombstone, Visibility
from models.rendering import Rendering
from models.vocabulary import Theme, ThemeFamily
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import BASE_URL, NOW, statements, visitor
from web.pages.meeting import Hours, read_meeting
from web.pages.meeting_neighbours import Neighbour, Neighbours

BRUSSELS = When.moments(datetime(2027, 3, 17, 9, 30), datetime(2027, 3, 17, 17, 0), "Europe/Brussels")  # noqa: DTZ001 - wall clock


def test_meeting_shows_hours_on_the_venues_clock_and_in_utc(database: Database) -> None:
    """The hours are those of the venue, named, with UTC beside them."""
    with database.writing() as session:
        a_meeting(
            session, a_mechanism(session), when=BRUSSELS, city="Brussels", country="BE", mode=Mode.HYBRID
        )
    with database.reading() as session:
        view = read_meeting(session, "a-meeting", today=NOW.date(), base_url=BASE_URL)
    assert view is not None
    assert view.hours == Hours(
        at_venue="09:30–17:00 Brussels time",
        in_utc="08:30–16:00 UTC",
        moments=("2027-03-17T08:30Z", "2027-03-17T16:00Z"),
        zone="Europe/Brussels",
    )
    assert (view.line.place, view.line.tile.words) == ("Brussels, Belgium, and online", "17 March 2027")


def test_meeting_of_two_mechanisms_offers_both_feeds(database: Database) -> None:
    """A joint meeting names its mechanisms in stored order and offers the calendar of each."""
    with database.writing() as session:
        rabat = a_mechanism(session, "rabat-process")
        khartoum = a_mechanism(session, "khartoum-process", type=MechanismType.IRF)
        a_meeting(session, khartoum, rabat)
    text = visitor(database).get("/meetings/a-meeting").text
    places = [text.index(f"/feeds/mechanism/{slug}.ics") for slug in ("khartoum-process", "rabat-process")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("status", "when", "words"),
    [
        (MeetingStatus.CANCELLED, BRUSSELS, "Cancelled"),
        (MeetingStatus.POSTPONED, BRUSSELS, "Postponed, new date to be announced"),
        (MeetingStatus.TENTATIVE, BRUSSELS, "Date to be confirmed"),
        (MeetingStatus.PLANNED, When.month(2027, 9), "Day to be announced"),
        (MeetingStatus.PLANNED, When.days(date(2026, 2, 1), None), "Announced; not confirmed as held"),
        (MeetingStatus.HELD, When.month(2017, 9), "Day not known"),
    ],
)
def test_meeting_says_how_it_stands(
    database: Database, status: MeetingStatus, when: When, words: str
) -> None:
    """Each state has its word, on the page and in lists."""
    with database.writing() as session:
        a_meeting(session, a_mechanism(session), status=status, when=when, reason="Because of the election.")
    client = visitor(database)
    assert words in client.get("/meetings/a-meeting").text
    assert words in client.get("/mechanisms/lima-process").text


def test_meeting_shows_what_came_of_it(database: Database) -> None:
    """An outcome document stands with what was done with it, linked where it is online."""
    with database.writing() as session:
        meeting = a_meeting(
            session, a_mechanism(session), when=When.days(date(2017, 5, 2), None), status=MeetingStatus.HELD
        )
        for number, url in enumerate([None, "https://example.org/declaration.pdf"]):
            document = Document(
                slug=f"document-{number}",
                title=f"Declaration {number}",
                kind=DocumentKind.DECLARATION,
                act=DocumentAct.ADOPTED,
                url=url,
            )
            meeting.documents.append(document)
    text = visitor(database).get("/meetings/a-meeting").text
    assert text.count('<span class="act">Adopted</span>') == 2
    assert '<a href="/documents/document-0">Declaration 0</a>' in text
    assert '<a href="https://example.org/declaration.pdf" rel="external"' in text
    assert "The end is not stated." in text


def test_meeting_leads_to_its_states_themes_neighbours_and_report(database: Database) -> None:
    """From a meeting one reaches its State, its themes, the meetings before and after, and the error form."""
    with database.writing() as session:
        lima, other = a_mechanism(session), a_mechanism(session, "other-process")
        tag = Theme(slug="data", name="Data", family=ThemeFamily.OTHER, position=1)
        a_meeting(session, lima, other, country="ZM", host="ZM", theme_tags=[tag])
        a_meeting(session, lima, slug="before", when=When.days(date(2025, 1, 2), None))
        a_meeting(session, lima, slug="long-before", when=When.days(date(2024, 1, 2), None))
        a_meeting(session, lima, slug="after", when=When.month(2028, 2))
        a_meeting(session, other, slug="after-other", when=When.days(date(2027, 7, 1), None))
        off = When.days(date(2027, 6, 20), None)
        a_meeting(session, lima, slug="off", when=off, status=MeetingStatus.CANCELLED)
        a_meeting(session, lima, slug="hidden", when=off, visibility=Visibility.HIDDEN)
        a_meeting(session, lima, slug="undated", when=When.unknown())
    with database.reading() as session:
        view = read_meeting(session, "a-meeting", today=NOW.date(), base_url=BASE_URL)
    assert view is not None
    assert view.neighbours == (
        Neighbours(
            "Lima Process",
            Neighbour("Before", "/meetings/before", "2 January 2025"),
            Neighbour("After", "/meetings/after", "February 2028"),
        ),
        Neighbours("Other Process", None, Neighbour("After other", "/meetings/after-other", "1 July 2027")),
    )
    text = visitor(database).get("/meetings/a-meeting").text
    assert text.count('<a href="/countries/zm">Zambia</a>') == 2
    assert '<a href="/themes/data">Data</a>' in text
    assert '<a href="/report?page=/meetings/a-meeting">Report an error</a>' in text
    assert 'rel="prev"' not in visitor(database).get("/meetings/undated").text


def test_meeting_tells_when_it_was_moved_and_why_it_is_off(database: Database) -> None:
    """The old dates, the day of the move and the reason stand on the page."""
    before = When.days(date(2027, 3, 3), date(2027, 3, 4)).as_json()
    with database.writing() as session:
        a_meeting(
            session,
            a_mechanism(session),
            previous_when=before,
            moved_at=NOW,
            status=MeetingStatus.CANCELLED,
            reason="No quorum could be reached.",
        )
    answer = visitor(database).get("/meetings/a-meeting")
    assert answer.status_code == 200
    assert "From 3–4 March 2027, on 23 November 2026" in answer.text
    assert "No quorum could be reached." in answer.text


def test_meeting_offers_its_own_calendar_only_where_one_is_served(database: Database) -> None:
    """The link to a meeting's .ics stands where the publisher has made one, and nowhere else."""
    with database.writing() as session:
        meeting = a_meeting(session, a_mechanism(session))
        a_meeting(session, slug="not-published")
        session.add(
            Rendering(uid=meeting.uid, language="en", body=b"BEGIN", hash="x" * 64, last_modified=NOW)
        )
    client = visitor(database)
    assert 'href="/meetings/a-meeting.ics"' in client.get("/meetings/a-meeting").text
    assert '.ics" download' not in client.get("/meetings/not-published").text


def test_meeting_takes_as_many_statements_with_a_thousand_others_as_alone(sqlite_database: Database) -> None:
    """Neighbours, documents and themes are read in a fixed number of statements."""
    counts = []
    for number in (1, 1000):
        with sqlite_database.writing() as session:
            mechanism = a_mechanism(session, f"process-{number}")
            for one in range(number + 2):
                day = When.days(date(2027, 1, 1) + timedelta(days=one), None)
                last = a_meeting(session, mechanism, slug=f"{number}-{one}", when=day)
            last.slug = f"last-{number}"
            for one in range(min(number, 20)):
                last.documents.append(
                    Document(slug=f"{number}-paper-{one}", title="Paper", kind=DocumentKind.REPORT)
                )
        with statements(sqlite_database) as sent, sqlite_database.reading() as session:
            read_meeting(session, f"last-{number}", today=NOW.date(), base_url=BASE_URL)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_meeting_entered_by_mistake_is_gone(database: Database) -> None:
    """A deleted meeting's address says so for ever: 410, not 404."""
    with database.writing() as session:
        session.add(Tombstone(uid="gone", slug="gone", title="A misunderstanding", deleted_at=NOW))
    client = visitor(database)
    answer = client.get("/meetings/gone")
    assert (answer.status_code, client.get("/meetings/never").status_code) == (410, 404)
    assert "“A misunderstanding” had been entered by mistake" in answer.text


def test_meeting_cannot_put_markup_on_the_page(database: Database) -> None:
    """Whatever an editor pastes stays text."""
    with database.writing() as session:
        a_meeting(
            session,
            a_mechanism(session),
            title="<script>alert(1)</script>",
            venue='"><img src=x>',
            reason="</p>",
        )
    text = visitor(database).get("/meetings/a-meeting").text
    assert "<script>" not in text
    assert "<img" not in text
    assert text.count("</script>") == text.count("<script ")


def test_every_meeting_of_the_registry_has_its_page(sqlite_registry: Database) -> None:
    """All 159 real meetings can be opened, with Arabic, Cyrillic and Vietnamese letters among them."""
    from sqlalchemy import select

    from models import Meeting

    with sqlite_registry.reading() as session:
        slugs = session.scalars(select(Meeting.slug)).all()
    client = visitor(sqlite_registry)
    assert len(slugs) == 159
    assert [slug for slug in slugs if client.get(f"/meetings/{slug}").status_code != 200] == []
