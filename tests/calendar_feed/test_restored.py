"""After a restore no calendar program is stuck: all it is told is newer than all it may have been told."""

import re
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import select, update

from calendar_feed.asked import Asked
from calendar_feed.keys import own_key
from calendar_feed.overview import check_feeds
from calendar_feed.restored import AHEAD, LEAST_STEP, ToldSince, raise_stamps, read_told, sequence_step
from calendar_feed.served import ServedFeed, read_feed
from models import add_meeting, change_meeting
from models.choice import Choice
from models.database import Database
from models.meeting import Meeting
from models.publication import Publication
from models.rendering import Feed, Rendered, Rendering
from models.saved_choice_keeping import keep_choice
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, dates
from tests.calendar_feed.factory import BASE_URL
from web.conditional import is_unchanged

LATER = NOW + 5 * HOUR
_SEQUENCE = re.compile(rb"^SEQUENCE:(\d+)\r$", re.MULTILINE)


def _restore(database: Database, *, told: ToldSince | None = None, now: datetime = LATER) -> None:
    with database.writing() as session:
        done = raise_stamps(session, taken_at=NOW, now=now, told=told or ToldSince(), base_url=BASE_URL)
    assert done.alarms == []


def _served(database: Database) -> dict[str, ServedFeed]:
    return Desk(database).served()


def _knows(client: ServedFeed, feed: ServedFeed) -> tuple[bool, bool]:
    """Whether a program is told that what it has is still true: by its tag, and by its date."""
    tag = [(b"if-none-match", f'"{client.etag}"'.encode())]
    date = [(b"if-modified-since", format_datetime(client.last_modified, usegmt=True).encode())]
    return tuple(
        is_unchanged(headers, etag=feed.etag, last_modified=feed.last_modified) for headers in (tag, date)
    )  # type: ignore[return-value]  # two of them


def test_every_feed_is_told_anew_whatever_a_program_holds(registry: Database) -> None:
    """By tag or by date, of the time before the backup or since: each program gets fresh bytes."""
    desk = Desk(registry)
    desk.do(add_meeting, MEETING)
    desk.publish()
    before = _served(registry)
    with registry.reading() as session:
        stamps = dict(session.execute(select(Rendering.uid, Rendering.last_modified)).all())
        sequences = dict(session.execute(select(Rendered.uid, Rendered.sequence)).all())
    _restore(registry)
    after = _served(registry)
    assert after.keys() == before.keys()
    for address, feed in after.items():
        assert feed.last_modified > LATER > before[address].last_modified
        assert _knows(before[address], feed) == (False, False), address
    with registry.reading() as session:
        for row in session.scalars(select(Rendering)):
            assert row.last_modified > LATER > stamps[row.uid] or row.body == b""
        step = sequence_step(taken_at=NOW, now=LATER)
        found = dict(session.execute(select(Rendered.uid, Rendered.sequence)).all())
        assert found == {uid: sequence + step for uid, sequence in sequences.items()}
        assert check_feeds(session) == []
    assert {int(one) for one in _SEQUENCE.findall(after["/feeds/all.ics"].body)} <= set(found.values())
    assert not desk.is_due()


def test_programs_told_of_edits_since_the_backup_hear_of_the_older_state(registry: Database) -> None:
    """A meeting moved five times since, once a second, is moved back in every calendar."""
    desk = Desk(registry)
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    at_backup = _rows(registry)
    moment = NOW + HOUR
    for day in range(11, 16):
        moment += timedelta(seconds=1)
        desk.do(change_meeting, slug, dates(f"2027-06-{day}"), now=moment)
        desk.publish(moment)
    told = _served(registry)["/feeds/mechanism/midsa.ics"]
    _put_back(registry, at_backup)
    _restore(registry)
    feed = _served(registry)["/feeds/mechanism/midsa.ics"]
    assert b"DTSTART;VALUE=DATE:20270608" in feed.body
    assert _knows(told, feed) == (False, False)
    assert min(map(int, _SEQUENCE.findall(feed.body))) > max(map(int, _SEQUENCE.findall(told.body)))


def test_what_the_replaced_database_told_is_surpassed_however_much_it_was(registry: Database) -> None:
    """Where it can still be read nothing is guessed: its latest stamp and each SEQUENCE are known."""
    desk = Desk(registry)
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    with registry.reading() as session:
        uid = session.scalars(select(Meeting.uid).where(Meeting.slug == slug)).one()
    told = ToldSince(LATER + HOUR, {uid: 5_000_000}, 9_000_000)
    _restore(registry, told=told)
    with registry.reading() as session:
        assert session.get_one(Rendered, uid).sequence == 5_000_001
        assert min(session.scalars(select(Feed.changed_at))) >= LATER + HOUR - timedelta(seconds=1)
        assert session.scalars(select(Publication.record_revision)).one() > 9_000_000


def test_a_meeting_not_yet_published_at_the_backup_starts_above_what_was_told_since(
    registry: Database,
) -> None:
    """It was added just before the backup and published, and moved, only after it."""
    desk = Desk(registry)
    desk.publish()
    slug = desk.do(add_meeting, MEETING)
    _restore(registry)
    with registry.reading() as session:
        uid = session.scalars(select(Meeting.uid).where(Meeting.slug == slug)).one()
        assert session.get_one(Rendered, uid).sequence == sequence_step(taken_at=NOW, now=LATER)
    assert b"8th Ministerial Meeting" in _served(registry)["/feeds/mechanism/midsa.ics"].body


def test_what_was_told_is_read_from_the_database_that_is_replaced(registry: Database) -> None:
    """Its latest stamp, each SEQUENCE, and its revision; nothing from one without these tables."""
    desk = Desk(registry)
    desk.do(add_meeting, MEETING)
    desk.publish()
    with registry.reading() as session:
        told = read_told(session)
        assert told.stamp == max(session.scalars(select(Feed.changed_at)))
        assert told.sequences.keys() == set(session.scalars(select(Rendered.uid)))
        assert told.revision > 0


@pytest.mark.parametrize(
    ("apart", "step"),
    [
        (timedelta(), LEAST_STEP),
        (timedelta(seconds=0.2), LEAST_STEP + 1),
        (timedelta(days=1), LEAST_STEP + 86_400),
        (timedelta(days=-1), LEAST_STEP),
        (timedelta(days=365 * 50), LEAST_STEP + 365 * 50 * 86_400),
    ],
)
def test_sequence_rises_by_a_second_each_and_ten(apart: timedelta, step: int) -> None:
    """More often nobody moves a meeting; fifty years fit in 32 bits, a clock put back does no harm."""
    assert sequence_step(taken_at=NOW, now=NOW + apart) == step < 2**31


def test_sequences_never_leave_32_bits(registry: Database) -> None:
    """One that is near the end stays there, and is still published."""
    desk = Desk(registry)
    desk.do(add_meeting, MEETING)
    desk.publish()
    with registry.writing() as session:
        session.execute(update(Rendered).values(sequence=2**31 - 2**20 - 5))
    _restore(registry)
    with registry.reading() as session:
        assert set(session.scalars(select(Rendered.sequence))) == {2**31 - 2**20}
        assert min(session.scalars(select(Feed.changed_at))) >= LATER.replace(microsecond=0) + AHEAD


def _rows(database: Database) -> dict[type, list[dict[str, object]]]:
    """What the record and the rendering say of meetings now."""
    with database.reading() as session:
        return {
            table: [
                {column.key: getattr(row, column.key) for column in table.__table__.columns}
                for row in session.scalars(select(table))
            ]
            for table in (Meeting, Rendered, Rendering, Feed)
        }


def _put_back(database: Database, rows: dict[type, list[dict[str, object]]]) -> None:
    with database.writing() as session:
        for table, kept in rows.items():
            session.execute(update(table), kept)


def test_a_calendar_of_ones_own_is_told_anew_too(desk: Desk) -> None:
    """What was saved is there, at the same address, above any stamp it can have had since."""
    with desk.database.writing() as session:
        choice = Choice.of({"mechanisms": ["midsa", "gfmd"]}, language="en")
        keep_choice(session, choice, code="own", secret="a secret of a test", now=NOW)
    asked = Asked(own_key("own"))
    with desk.database.reading() as session:
        before = read_feed(session, asked)
    _restore(desk.database)
    with desk.database.reading() as session:
        after = read_feed(session, asked)
    assert before is not None
    assert after is not None
    assert after.last_modified > LATER > before.last_modified
    assert _knows(before, after) == (False, False)
