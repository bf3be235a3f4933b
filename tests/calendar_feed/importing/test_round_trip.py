"""What we write is read back whole: exports with every field, and the feeds themselves."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from calendar_feed.asked import Asked, Form
from calendar_feed.content_line import unfold
from calendar_feed.importing.baseline import facts_of_fields
from calendar_feed.importing.entries import read_entries
from calendar_feed.importing.export_csv import write_csv
from calendar_feed.importing.export_ics import Exported, write_ics
from calendar_feed.importing.mechanisms_named import MechanismNames
from calendar_feed.importing.plan import Outcome, plan_import
from calendar_feed.importing.reading_entry import Reading
from calendar_feed.importing.source_file import UnreadableFile
from calendar_feed.publication import publish
from calendar_feed.reading import mechanism_facts
from calendar_feed.served import read_feed
from models.database import Database
from models.known import Known
from models.meeting import Kind, MeetingStatus, Mode, Visibility
from models.meeting_fields import MEETING_FIELDS
from models.refusal import Refusal
from models.vocabulary import Confidence
from models.when import When
from tests.calendar_feed.desk import MEETING, NOW, Desk, dates
from tests.calendar_feed.factory import BASE_URL

TODAY = NOW.date()
SHARP = ["=1+1", "'quoted", "''=x", "-", "a,b;c\\n", '"', "TBC: x", "CANCELLED: y", "شاهد", "e\u0301"]
ZONES = ["Africa/Casablanca", "Asia/Kathmandu", "America/New_York", "UTC", "Pacific/Apia"]
UID = "3d2b1e70-07c4-4c55-8a1e-5a4b9e0c7d02"

NOTHING: dict[str, Any] = {**dict.fromkeys(MEETING_FIELDS), "themes": [], "sessions": []}


def _kept(name: str, value: object) -> bool:
    """Whether a record keeps this value of a field."""
    try:
        MEETING_FIELDS.check({name: value})
    except Refusal:
        return False
    return True


def _lines(name: str, most: int) -> st.SearchStrategy[str]:
    plain = st.text(min_size=1, max_size=most)
    sharp = st.sampled_from(SHARP)
    return st.one_of(plain, sharp).filter(lambda text: bool(text.strip()) and _kept(name, text))


@st.composite
def whens(draw: st.DrawFn) -> When:
    """Any time that a record keeps."""
    first = draw(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
    last = first + timedelta(days=draw(st.integers(0, 40)))
    match draw(st.integers(0, 5)):
        case 0:
            return When.unknown()
        case 1:
            return When.quarter(first.year, (first.month + 2) // 3)
        case 2:
            return When.month(first.year, first.month, last.year, last.month)
        case 3:
            return When.days(first, draw(st.sampled_from([None, last])))
        case 4:
            return When.year(first.year)
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    start = datetime.combine(first, draw(st.times(max_value=time(23, 58))).replace(second=0, microsecond=0))
    # An hour that the clock skips becomes the one it shows instead.
    start = start.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
    end = draw(st.sampled_from([None, datetime.combine(last, time(23, 59))]))
    return When.moments(start, end, zone.key)


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """All fields of a meeting, each with any value that a record keeps."""

    def maybe(strategy: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - any field
        return draw(st.none() | strategy)

    point = maybe(st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    address = st.sampled_from(["https://example.org/a,b;c?d=1", "http://[::1]/x", "https://пример.example/"])
    names = ("reason", "venue", "city", "theme", "local_times", "interpretation", "source", "notes")
    written = {
        **{name: maybe(_lines(name, 60)) for name in names},
        "title": draw(_lines("title", 80)),
        "title_in": draw(st.dictionaries(st.sampled_from(["ar", "fr"]), _lines("title", 40))),
        "mechanisms": draw(st.lists(st.sampled_from(["midsa", "igc", "grcp"]), min_size=1, unique=True)),
        "when": draw(whens()),
        "previous_when": maybe(whens()),
        "moved_at": maybe(st.just("2026-11-20T09:15:00.250000+00:00")),
        "kind": draw(st.sampled_from(Kind)).value,
        "status": draw(st.sampled_from(MeetingStatus)).value,
        "mode": maybe(st.sampled_from([one.value for one in Mode])),
        "country": maybe(st.sampled_from(["ZM", "XK", "CD", "DJ"])),
        "host": maybe(st.sampled_from(["CH", "CD"])),
        "latitude": point and point[0],
        "longitude": point and point[1],
        "join_link": maybe(address),
        "url": maybe(address),
        "themes": draw(st.lists(st.sampled_from(["return", "climate"]), unique=True)),
        "sessions": draw(st.lists(_lines("title", 40), max_size=3)),
        "confidence": draw(st.sampled_from(Confidence)).value,
        "visibility": draw(st.sampled_from(Visibility)).value,
    }
    return MEETING_FIELDS.check(written)


def test_export_of_any_meeting_is_read_back_whole(sqlite_registry: Database) -> None:
    """Every field, with any text that a record keeps, comes back from both files as it was."""
    with sqlite_registry.reading() as session:
        known = Known(session)
        mechanisms = {slug: mechanism_facts(one) for slug, one in known.mechanisms.items()}
        reading = Reading(known, mechanisms, MechanismNames(mechanisms), given=None)

        @settings(max_examples=120)
        @given(fields())
        def holds(said: dict[str, Any]) -> None:
            facts = facts_of_fields(said, uid=UID, slug="midsa-2027-meeting", mechanisms=mechanisms)
            exported = [Exported(facts, said)]
            ics = b"".join(write_ics(exported, base_url="https://iscm.example.org", now=NOW))
            assert len(Calendar.from_ical(ics).subcomponents) >= 1
            for name, data in (("x.ics", ics), ("x.csv", b"".join(write_csv(exported)))):
                (entry,), notes = read_entries(data, name=name, today=TODAY)
                assert (entry.refusal, entry.uid, entry.slug, notes) == (None, UID, "midsa-2027-meeting", [])
                back, warnings = reading.new(entry)
                assert warnings == [] or name == "x.csv"
                assert MEETING_FIELDS.check({**NOTHING, **back}) == said

        holds()


def test_feeds_read_back_change_nothing(desk: Desk) -> None:
    """Our own feed, of any language and every state of a meeting, says nothing that is not on record."""
    from models import add_meeting, cancel_meeting, postpone_meeting

    clock = When.parse("2027-03-17 09:30", "2027-03-17 17:00", "Europe/Paris").as_json()
    others: tuple[dict[str, Any], ...] = (
        {"status": "tentative", "mode": "hybrid", "venue": "Hall", "latitude": -15.4, "longitude": 28.3},
        {"when": clock, "mode": "online", "join_link": "https://meet.example.org/x", "city": None},
        {"when": {**clock, "end": "2027-03-19T17:00"}, "mechanisms": ["midsa", "midwa"], "status": "planned"},
        dates("2027-09", precision="month"),
        dates("2027-07-01"),
    )
    for number, other in enumerate(others):
        desk.do(add_meeting, {**MEETING, "title": f"Meeting {number} of MIDSA", **other})
    for act, day in ((cancel_meeting, "2027-01-11"), (postpone_meeting, "2027-01-12")):
        slug = desk.do(add_meeting, {**MEETING, "title": "A Workshop", **dates(day)})
        desk.do(act, slug, reason="A storm, and more")
    with desk.database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL, languages=("en", "fr", "es", "ar"))
    with desk.database.reading() as session:
        for path, feed in desk.served("all").items():
            if not path.endswith("/feeds/all.ics"):
                continue
            entries, notes = read_entries(feed.body, name="all.ics", today=TODAY)
            plan = plan_import(session, entries, mechanism=None, source="all.ics", notes=notes, now=NOW)
            strange = [one for one in plan.meetings if one.outcome is not Outcome.UNCHANGED]
            assert [(one.title, one.outcome, one.changes, one.reason) for one in strange] == []
            assert len(plan.meetings) > 100
        assert set(desk.served("all")) >= {f"{one}/feeds/all.ics" for one in ("", "/fr", "/es", "/ar")}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_what_was_changed_in_a_feed_of_another_language_is_read(desk: Desk, language: str) -> None:
    """A title is the title in that language, and the English one stays; a city is the one on record."""
    from models import add_meeting

    slug = desk.do(add_meeting, {**MEETING, "city": "Cairo", "country": "EG"})
    with desk.database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL, languages=("en", language))
    feed = unfold(desk.feed("mechanism/midsa", language=language)).decode()
    place = {"fr": "Le Caire\\, Égypte", "ar": "القاهرة، مصر"}[language]
    assert place in feed
    changed = feed.replace("8th Ministerial Meeting", "La huitième").replace(
        f"LOCATION;LANGUAGE={language}:", f"LOCATION;LANGUAGE={language}:Hall\\, "
    )
    entries, _ = read_entries(changed.encode(), name="midsa.ics", today=TODAY)
    with desk.database.reading() as session:
        plan = plan_import(session, entries, mechanism=None, source="midsa.ics", now=NOW)
    (meeting,) = [one for one in plan.meetings if one.slug == slug]
    assert {name: after for name, (_, after) in meeting.changes.items() if name != "source"} == {
        "title_in": {language: "La huitième"},
        "venue": "Hall",
    }


def test_feed_read_into_an_empty_record_gives_its_meetings_back(desk: Desk) -> None:
    """Where nothing is known of a meeting, our feed's title, state, place and days are still understood."""
    from sqlalchemy import text

    from models import add_meeting, cancel_meeting

    desk.do(add_meeting, {**MEETING, "mode": "hybrid", "venue": "Mulungushi Centre"})
    workshop = {**MEETING, "title": "Workshop on Data", "kind": "workshop", **dates("2027-01-11")}
    gone = desk.do(add_meeting, workshop)
    desk.do(cancel_meeting, gone, reason="No host")
    desk.do(add_meeting, {**MEETING, "title": "Plenary", **dates("2027-09", precision="month")})
    desk.publish(NOW)
    feed = desk.feeds()["/feeds/mechanism/midsa.ics"]
    with desk.database.writing() as session:
        session.execute(text("DELETE FROM meetings"))
    entries, _ = read_entries(feed, name="midsa.ics", today=TODAY)
    with desk.database.reading() as session:
        plan = plan_import(session, entries, mechanism=None, source="midsa.ics", now=NOW)
    ahead = {
        one.written["title"]: one.written for one in plan.meetings if one.written["when"].first.year == 2027
    }
    assert ahead == {
        "8th Ministerial Meeting": {
            "title": "8th Ministerial Meeting",
            "when": When.parse("2027-06-08", "2027-06-10"),
            "status": "confirmed",
            "kind": "ministerial",
            "mode": "hybrid",
            "venue": "Mulungushi Centre",
            "city": "Lusaka",
            "country": "ZM",
            "mechanisms": ["midsa"],
            "source": "midsa.ics",
        },
        "Workshop on Data": {
            "title": "Workshop on Data",
            "when": When.parse("2027-01-11", "2027-01-11"),
            "status": "cancelled",
            "reason": "No host",
            "kind": "workshop",
            "city": "Lusaka",
            "country": "ZM",
            "mechanisms": ["midsa"],
            "source": "midsa.ics",
        },
        "Plenary": {
            "title": "Plenary",
            "when": When.parse("2027-09"),
            "kind": "ministerial",
            "city": "Lusaka",
            "country": "ZM",
            "mechanisms": ["midsa"],
            "source": "midsa.ics",
        },
    }


def test_the_table_of_a_feed_is_no_record(desk: Desk) -> None:
    """Its titles are those that calendars show: brought in they would be taken for the meetings' own."""
    with desk.database.reading() as session:
        table = read_feed(session, Asked("mechanism/midsa", form=Form.CSV))
    assert table is not None
    with pytest.raises(UnreadableFile, match=r"is the table of a calendar feed.* Import the feed's \.ics"):
        read_entries(table.body.removeprefix(b"\xef\xbb\xbf"), name="iscm-midsa.csv", today=TODAY)
