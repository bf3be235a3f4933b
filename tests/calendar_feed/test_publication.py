"""Publishing: a change goes out once, newly stamped, in exactly its feeds; nothing else moves."""

from datetime import UTC, datetime

from sqlalchemy import select

from calendar_feed.content_line import unfold
from calendar_feed.publication import Published
from calendar_feed.selfcheck import feed_faults
from models.mechanism_change import change_mechanism
from models.meeting import Meeting
from models.meeting_add import add_meeting
from models.meeting_change import cancel_meeting, change_meeting, postpone_meeting
from models.meeting_delete import delete_meeting
from models.rendering import Rendered, Rendering
from tests.calendar_feed.desk import (
    HOUR,
    MEETING,
    MIDSA_FEEDS,
    NOW,
    Act,
    Desk,
    changed,
    dates,
    events_of,
    value,
)


def test_the_first_publishing_makes_every_feed_of_the_registry(any_desk: Desk) -> None:
    """Everything, types, mechanisms and the other families, each sound; 158 of 159 meetings are shown."""
    done = any_desk.publish()
    feeds = any_desk.feeds()
    assert done.alarms == []
    assert (done.rendered, len(done.changed), len(done.feeds)) == (159, 158, 322)
    assert [fault for data in feeds.values() for fault in feed_faults(data)] == []
    assert len(feeds) == 39
    assert len(events_of(feeds["/feeds/all.ics"])) == 158


def test_announced_meetings_of_the_past_say_so_and_an_old_month_is_absent(desk: Desk) -> None:
    """Of the meetings a page only announced, all with a day say it; MIDSA's October 2024 is not shown."""
    desk.publish()
    events = events_of(desk.feeds()["/feeds/all.ics"])
    said = [event for event in events.values() if r"Announced\; not confirmed as held." in event]
    with desk.database.reading() as session:
        unheld = session.scalars(select(Meeting).where(Meeting.status != "held")).all()
        silent = [meeting.slug for meeting in unheld if meeting.uid not in events]
    assert silent == ["midsa-202410-plenary"]
    assert len(said) == len(unheld) - 1
    assert {value(event, "STATUS") for event in said} == {"CONFIRMED"}


def test_a_summit_that_was_moved_stands_at_its_new_dates(desk: Desk) -> None:
    """GFMD's summit of November 2019 took place in January 2020."""
    desk.publish()
    event = desk.event("gfmd-20200120-summit")
    assert (value(event, "DTSTART"), value(event, "DTEND")) == ("20200120", "20200125")
    assert value(event, "SUMMARY") == "GFMD – 12th Summit Meeting (Quito)"


def test_a_joint_meeting_is_one_event_in_both_feeds(desk: Desk) -> None:
    """The same bytes under the same UID, in each of its mechanisms' feeds."""
    desk.publish()
    feeds = desk.feeds()
    rabat, khartoum = (
        events_of(feeds[f"/feeds/mechanism/{slug}-process.ics"]) for slug in ("rabat", "khartoum")
    )
    (shared,) = set(rabat) & set(khartoum)
    assert rabat[shared] == khartoum[shared] == desk.event("rabat-process-20181114-senior_officials")


def test_a_mechanism_without_public_meetings_has_a_valid_empty_feed(desk: Desk) -> None:
    """IGC: a header, one zone, no event."""
    desk.publish()
    data = desk.feeds()["/feeds/mechanism/igc.ics"]
    assert feed_faults(data) == []
    assert data.count(b"BEGIN:VTIMEZONE") == 1
    assert events_of(data) == {}


def test_nothing_is_done_where_nothing_changed(any_desk: Desk) -> None:
    """A second publishing finds nothing, renders nothing and moves no byte, at whatever time."""
    any_desk.publish()
    before = any_desk.served()
    assert not any_desk.is_due()
    assert any_desk.publish(NOW + 100 * HOUR) == Published()
    assert any_desk.served() == before


def test_rendering_everything_again_moves_no_stamp(desk: Desk) -> None:
    """Code, words or zones may be new; events that say the same keep their stamps, and so do feeds."""
    desk.publish()
    before = desk.served()
    for values in ({"renderer": "older"}, {"zone_release": "2020.1"}):
        desk.write_publication(**values)
        assert desk.is_due()
        done = desk.publish(NOW + HOUR)
        assert (done.rendered, done.changed, done.feeds) == (159, set(), [])
    assert desk.served() == before


def test_another_address_of_the_site_is_a_change_of_every_event(desk: Desk) -> None:
    """Events and headers carry the site's address, so moving the site is published without a hand."""
    desk.publish()
    assert desk.is_due(base_url="https://new.example.org")
    done = desk.publish(NOW + HOUR, base_url="https://new.example.org")
    assert (len(done.changed), len(done.feeds)) == (158, 322)


def test_a_new_meeting_comes_into_exactly_its_feeds(desk: Desk) -> None:
    """Sequence 0, stamped with the whole second of its publishing; every other event stays as it was."""
    desk.publish()
    before = desk.feeds()
    slug = desk.do(add_meeting, MEETING)
    desk.publish(NOW + HOUR)
    after, event = desk.feeds(), desk.event(slug)
    assert changed(before, after) == MIDSA_FEEDS
    assert value(event, "SEQUENCE") == "0"
    assert value(event, "DTSTAMP") == value(event, "LAST-MODIFIED") == "20261123T130000Z"
    for path in MIDSA_FEEDS:
        assert list(events_of(after[path]).values()) == [*events_of(before[path]).values(), event]


def test_moving_a_meeting_raises_its_sequence_and_changes_nothing_else(any_desk: Desk) -> None:
    """Same UID, SEQUENCE + 1, new stamps, the old dates told; in its three feeds and nowhere else."""
    slug = any_desk.do(add_meeting, MEETING, now=NOW - HOUR)
    any_desk.publish()
    before, old = any_desk.feeds(), any_desk.event(slug)
    any_desk.do(change_meeting, slug, dates("2027-06-15", "2027-06-17"))
    done = any_desk.publish(NOW + HOUR)
    after, new = any_desk.feeds(), any_desk.event(slug)
    assert done.rendered == 1
    assert changed(before, after) == MIDSA_FEEDS
    assert new == (
        old.replace("SEQUENCE:0", "SEQUENCE:1")
        .replace("VALUE=DATE:20270608", "VALUE=DATE:20270615")
        .replace("VALUE=DATE:20270611", "VALUE=DATE:20270618")
        .replace("8–10 June 2027.", r"15–17 June 2027.\nMoved from 8–10 June 2027.")
        .replace("20261123T120000Z", "20261123T130000Z")
    )
    for path in MIDSA_FEEDS:
        assert list(events_of(after[path]).values()) == [
            new if event == old else event for event in events_of(before[path]).values()
        ]


def test_a_title_changes_the_stamp_and_not_the_sequence(desk: Desk) -> None:
    """A corrected title is no new appointment."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    desk.do(change_meeting, slug, {"title": "9th Ministerial Meeting of MIDSA"})
    desk.publish(NOW + HOUR)
    event = desk.event(slug)
    assert (value(event, "SEQUENCE"), value(event, "LAST-MODIFIED")) == ("0", "20261123T130000Z")


def test_what_no_feed_tells_moves_no_byte(desk: Desk) -> None:
    """An editor's note is rendered, compared and found to say nothing new."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    before, revision = desk.served(), desk.publication().feed_revision
    desk.do(change_meeting, slug, {"notes": "Ask the secretariat."})
    done = desk.publish(NOW + HOUR)
    assert (done.rendered, done.changed, done.feeds) == (1, set(), [])
    assert desk.served() == before
    assert desk.publication().feed_revision == revision


def test_a_meeting_goes_through_its_life_with_one_uid(desk: Desk) -> None:
    """Month, day, postponed, on again, cancelled: one event; its sequence counts what must be noted anew."""
    month = dates("2027-09", precision="month") | {"status": "planned"}
    slug = desk.do(add_meeting, MEETING | month)
    desk.publish()
    told = [desk.event(slug)]
    acts: list[tuple[Act, tuple[object, ...], dict[str, str]]] = [
        (change_meeting, (slug, dates("2027-09-21", "2027-09-22")), {}),
        (postpone_meeting, (slug,), {"reason": "Elections"}),
        (change_meeting, (slug, dates("2027-11-02", "2027-11-03")), {}),
        (cancel_meeting, (slug,), {"reason": "Flooding"}),
    ]
    for number, (act, arguments, named) in enumerate(acts, start=1):
        desk.do(act, *arguments, now=NOW + number * HOUR, **named)
        desk.publish(NOW + number * HOUR)
        told.append(desk.event(slug))
    title = "MIDSA – 8th Ministerial Meeting (Lusaka)"
    assert {value(event, "UID") for event in told} == {desk.uid(slug)}
    names = ("SEQUENCE", "STATUS", "DTSTART", "LAST-MODIFIED", "SUMMARY")
    assert [tuple(value(event, name) for name in names) for event in told] == [
        ("0", "TENTATIVE", "20270901", "20261123T120000Z", f"Date TBC (September 2027): {title}"),
        ("1", "CONFIRMED", "20270921", "20261123T130000Z", title),
        ("2", "TENTATIVE", "20270921", "20261123T140000Z", f"POSTPONED: {title}"),
        ("3", "CONFIRMED", "20271102", "20261123T150000Z", title),
        ("4", "CANCELLED", "20271102", "20261123T160000Z", f"CANCELLED: {title}"),
    ]
    assert "Moved from 21–22 September 2027." in told[3]


def test_stamps_grow_by_a_second_where_the_clock_does_not(desk: Desk) -> None:
    """Two changes in one second, or under a clock put back: the later one still has the later stamp."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    stamps = []
    for city, now in (("Livingstone", NOW), ("Ndola", NOW - 24 * HOUR)):
        desk.do(change_meeting, slug, {"city": city})
        desk.publish(now)
        stamps.append(
            (value(desk.event(slug), "LAST-MODIFIED"), desk.served()["/feeds/all.ics"].last_modified)
        )
    assert stamps == [
        ("20261123T120001Z", datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)),
        ("20261123T120002Z", datetime(2026, 11, 23, 12, 0, 2, tzinfo=UTC)),
    ]


def test_a_deleted_meeting_leaves_and_last_modified_still_grows(any_desk: Desk) -> None:
    """Apple revalidates by date: a feed that only lost an event must look newer all the same."""
    slug = any_desk.do(add_meeting, MEETING)
    any_desk.publish()
    before, uid, revision = any_desk.served(), any_desk.uid(slug), any_desk.publication().feed_revision
    any_desk.do(delete_meeting, slug)
    done = any_desk.publish(NOW + HOUR)
    after = any_desk.served()
    assert done.gone == {uid}
    assert any_desk.publication().feed_revision == revision + 1
    assert changed(before, after) == {*MIDSA_FEEDS, f"/meetings/{slug}.ics"}
    assert f"/meetings/{slug}.ics" not in after
    assert {after[path].last_modified for path in MIDSA_FEEDS} == {NOW.replace(microsecond=0) + HOUR}
    with any_desk.database.reading() as session:
        assert session.get(Rendered, uid) is None
        assert session.get(Rendering, (uid, "en")) is None


def test_a_hidden_meeting_is_in_no_feed(desk: Desk) -> None:
    """Hidden from the start it never comes; hidden later it leaves, and comes back under a later stamp."""
    slug = desk.do(add_meeting, MEETING | {"visibility": "hidden"})
    desk.publish()
    alone = f"/meetings/{slug}.ics"
    assert alone not in desk.served()
    seen = []
    for number, visibility in enumerate(("public", "hidden", "public"), start=1):
        desk.do(change_meeting, slug, {"visibility": visibility})
        desk.publish(NOW + number * HOUR)
        seen.append(desk.event(slug) if alone in desk.served() else None)
    assert seen[0] is not None
    assert seen[1:] == [None, seen[0].replace("20261123T130000Z", "20261123T150000Z")]


def test_a_meeting_that_changes_hands_leaves_one_feed_and_enters_another(desk: Desk) -> None:
    """Taken from MIDSA and given to the Khartoum Process: type and mechanism feeds of both change."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    before = desk.feeds()
    desk.do(change_meeting, slug, {"mechanisms": ["khartoum-process"]})
    desk.publish(NOW + HOUR)
    entered = {"/feeds/type/irf.ics", "/feeds/mechanism/khartoum-process.ics"}
    assert changed(before, desk.feeds()) == MIDSA_FEEDS | entered


def test_a_renamed_mechanism_changes_its_events_and_its_header(any_desk: Desk) -> None:
    """Its meetings carry the new name under new stamps; no other event moves."""
    any_desk.publish()
    before = events_of(any_desk.feeds()["/feeds/all.ics"])
    any_desk.do(change_mechanism, "midcom", {"short_name": "COMESA Migration Dialogue"})
    done = any_desk.publish(NOW + HOUR)
    feeds = any_desk.feeds()
    events = events_of(feeds["/feeds/all.ics"])
    renamed = changed(before, events)
    assert (len(renamed), done.rendered) == (2, 2)
    assert all("COMESA Migration Dialogue – " in events[uid] for uid in renamed)
    assert b"\r\nNAME:ISCM \xe2\x80\x93 COMESA Migration Dialogue\r\n" in unfold(
        feeds["/feeds/mechanism/midcom.ics"]
    )


def test_hours_bring_their_zone_into_their_feeds_only(desk: Desk) -> None:
    """A timed meeting in Rabat: Morocco's clock, now at UTC, stands in its feeds and leaves with it."""
    hours = dates("2026-12-01T09:00", "2026-12-01T17:00", precision="moment", zone="Africa/Casablanca")
    slug = desk.do(
        add_meeting, MEETING | hours | {"mechanisms": ["rabat-process"], "city": "Rabat", "country": "MA"}
    )
    desk.publish()
    with_zone = {path for path, data in desk.feeds().items() if b"TZID:Africa/Casablanca" in data}
    assert with_zone == {"/feeds/all.ics", "/feeds/type/irf.ics", "/feeds/mechanism/rabat-process.ics"}
    event = desk.event(slug)
    assert "DTSTART;TZID=Africa/Casablanca:20261201T090000\r\n" in event
    assert r"1 December 2026\, 09:00–17:00 Casablanca time (09:00–17:00 UTC)." in event
    desk.do(delete_meeting, slug)
    desk.publish(NOW + HOUR)
    assert [path for path, data in desk.feeds().items() if b"Casablanca" in data] == []
