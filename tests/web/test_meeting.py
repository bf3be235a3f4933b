"""The page of a meeting."""

from datetime import date, datetime

import pytest

from models import Database, When
from models.document import Document, DocumentAct, DocumentKind
from models.mechanism import MechanismType
from models.meeting import MeetingStatus, Mode, Tombstone
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import NOW, visitor
from web.pages.meeting import read_meeting

BRUSSELS = When.moments(datetime(2027, 3, 17, 9, 30), datetime(2027, 3, 17, 17, 0), "Europe/Brussels")  # noqa: DTZ001 - wall clock


def test_meeting_shows_hours_on_the_venues_clock_and_in_utc(database: Database) -> None:
    """The hours are those of the venue, named, with UTC beside them."""
    with database.writing() as session:
        a_meeting(
            session, a_mechanism(session), when=BRUSSELS, city="Brussels", country="BE", mode=Mode.HYBRID
        )
    with database.reading() as session:
        view = read_meeting(session, "a-meeting", today=NOW.date())
    assert view is not None
    assert (view.hours, view.utc_hours, view.line.place, view.line.tile.words) == (
        "09:30–17:00 Brussels time",
        "08:30–16:00 UTC",
        "Brussels, Belgium, and online",
        "17 March 2027",
    )


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
    assert '<span class="act">Adopted</span> <span>Declaration 0</span>' in text
    link = '<a href="https://example.org/declaration.pdf" rel="external">Declaration 1</a>'
    assert f'<span class="act">Adopted</span> {link}' in text
    assert "The end is not stated." in text


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


def test_every_meeting_of_the_registry_has_its_page(sqlite_registry: Database) -> None:
    """All 159 real meetings can be opened, with Arabic, Cyrillic and Vietnamese letters among them."""
    from sqlalchemy import select

    from models import Meeting

    with sqlite_registry.reading() as session:
        slugs = session.scalars(select(Meeting.slug)).all()
    client = visitor(sqlite_registry)
    assert len(slugs) == 159
    assert [slug for slug in slugs if client.get(f"/meetings/{slug}").status_code != 200] == []
