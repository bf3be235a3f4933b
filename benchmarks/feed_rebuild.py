"""A feed after one edit: joined from kept bodies, against rendering every event anew with icalendar."""

import time
from collections.abc import Sequence
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import icalendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.measure import Table, duration, median, seconds_of, times
from benchmarks.records import BASE_URL, NOW, filled
from calendar_feed.addresses import Site
from calendar_feed.calendar import content_hash, header, join
from calendar_feed.compose import compose_event
from calendar_feed.event import EventFacts, body_hash, render_event, stamped
from calendar_feed.facts import KnownRecord, MeetingFacts
from calendar_feed.headings import feed_facts
from calendar_feed.publication import publish
from calendar_feed.reading import in_chunks, meeting_facts, read_meetings
from calendar_feed.spans import Days
from calendar_feed.states import Shown, state_of
from models import Database, Meeting, change_meeting
from templates.languages import ENGLISH

_NOTHING = KnownRecord(mechanisms={}, memberships={}, regions={}, themes={}, countries=(), years=())
SIZES = (100, 1_000, 10_000)

_REMARK = (
    "*Joined* is what DESIGN means by a rebuild: the edited event is rendered, stamped and hashed, the kept "
    "bodies of all others are joined with it and the feed is hashed. *The whole publishing* is what really "
    "happens: one transaction on SQLite that reads the edited meeting, renders it, parses it again, and "
    "brings every stored feed it stands in to its new bytes, checks included. A published feed holds at most "
    "1,000 events."
)


def measure(*, quick: bool) -> list[Table]:
    """Return what one edit costs at each size."""
    rows = []
    for size in SIZES[: 2 if quick else 3]:
        rounds = 3 if size > 1_000 or quick else 7
        with TemporaryDirectory() as folder, filled(Path(folder), meetings=size) as database:
            rows.append(_row(database, size, rounds=rounds))
    return [
        Table(
            "A feed after one edit",
            (
                "events",
                "all rendered with icalendar",
                "one rendered, all joined",
                "ratio",
                "the whole publishing",
                "ratio",
            ),
            rows,
            (_REMARK,),
        )
    ]


def _row(database: Database, size: int, *, rounds: int) -> Sequence[str]:
    with database.reading() as session:
        facts = _facts(session, size)
    shown = [(one, state_of(one, as_of=NOW.date(), language=ENGLISH)) for one in facts]
    events = [_composed(one, state) for one, state in shown if isinstance(state, Shown)]
    anew = median(seconds_of(partial(_with_icalendar, events), rounds=rounds))
    joined = median(seconds_of(_joining(events), rounds=rounds * 3))
    whole = median(_publishings(database, rounds=rounds))
    return (
        f"{size:,}",
        duration(anew),
        duration(joined),
        times(anew / joined),
        duration(whole),
        times(anew / whole),
    )


def _facts(session: Session, size: int) -> list[MeetingFacts]:
    made = select(Meeting.uid).where(Meeting.slug.startswith("made-")).order_by(Meeting.uid).limit(size)
    uids = session.scalars(made).all()
    return [meeting_facts(one) for some in in_chunks(uids) for one in read_meetings(session, some)]


def _composed(facts: MeetingFacts, shown: Shown) -> EventFacts:
    return compose_event(facts, shown=shown, sequence=0, language=ENGLISH, site=Site(BASE_URL))


def _with_icalendar(events: Sequence[EventFacts]) -> bytes:
    """Render a calendar as a publisher without kept bodies does; its facts are handed to it ready made."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//ISCM//Benchmark//EN")
    for facts in events:
        event = icalendar.Event()
        event.add("uid", facts.uid)
        event.add("dtstamp", NOW)
        event.add("created", facts.created_at.astimezone(UTC))
        event.add("last-modified", NOW)
        event.add("sequence", facts.sequence)
        if isinstance(facts.span, Days):
            event.add("dtstart", facts.span.first)
            event.add("dtend", facts.span.last + timedelta(days=1))
        else:
            event.add("dtstart", facts.span.start)
            event.add("dtend", facts.span.end)
        event.add("summary", facts.summary)
        event.add("description", facts.description)
        event.add("location", facts.location or "")
        event.add("url", facts.url)
        event.add("status", facts.status.value)
        event.add("transp", "TRANSPARENT")
        event.add("class", "PUBLIC")
        event.add("categories", list(facts.categories))
        event.add("color", facts.color)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _joining(events: Sequence[EventFacts]) -> partial[bytes]:
    bodies = [stamped(render_event(facts), at=NOW) for facts in events]
    head, tail = header(feed_facts("all", known=_NOTHING, language=ENGLISH, site=Site(BASE_URL)))
    marks = [body_hash(body) for body in bodies]
    return partial(_joined, events, bodies, marks, len(events) // 2, head=head, tail=tail)


def _joined(
    events: Sequence[EventFacts],
    bodies: list[bytes],
    marks: list[str],
    place: int,
    *,
    head: bytes,
    tail: bytes,
) -> bytes:
    bodies[place] = stamped(render_event(events[place]), at=NOW)
    marks[place] = body_hash(bodies[place])
    content_hash(head, tail=tail, marks=marks)
    return join(head, changed_at=NOW, tail=tail, bodies=bodies)


def _publishings(database: Database, *, rounds: int) -> list[float]:
    """Return the seconds of publishings, each after one edit of one meeting."""
    with database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL)
        newest = select(Meeting.slug).where(Meeting.slug.startswith("made-"))
        slug = session.scalars(newest.order_by(Meeting.first_day.desc()).limit(1)).one()
    found: list[float] = []
    for number in range(1, rounds + 1):
        with database.writing() as session:
            change_meeting(session, slug, {"venue": f"Hall {number}"}, editor="bench", now=NOW)
        begun = time.perf_counter()
        with database.writing() as session:
            publish(session, now=NOW + timedelta(seconds=number), base_url=BASE_URL)
        found.append(time.perf_counter() - begun)
    return found
