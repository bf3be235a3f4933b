"""Calendars of one's own: what a choice holds, and that whoever follows it misses nothing."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from calendar_feed.asked import Asked, Form
from calendar_feed.keys import own_key
from calendar_feed.own_calendar import selection_of, stored_key
from calendar_feed.served import ServedFeed, read_feed
from calendar_feed.variants import Variant
from models.choice import Choice
from models.mechanism import MechanismType
from models.meeting import Kind
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from models.meeting_delete import delete_meeting
from models.rendering import Feed, FeedEntry, Rendering
from models.saved_choice_keeping import change_choice, keep_choice
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, events_of
from tests.web.visitor import statements

SECRET = "the secret of a test"
_number = count(1)


def _keep(desk: Desk, secret: str = SECRET, **chosen: list[str]) -> str:
    """Keep a choice; return its code."""
    with desk.database.writing() as session:
        code = f"code{next(_number)}"
        choice = Choice.of(chosen, language="en")
        return keep_choice(session, choice, code=code, secret=secret, now=NOW).code


def _change(desk: Desk, now: datetime, *, language: str = "en", **chosen: list[str]) -> None:
    with desk.database.writing() as session:
        assert change_choice(session, SECRET, Choice.of(chosen, language=language), now=now) is not None


def _served(desk: Desk, code: str, *variants: Variant, form: Form = Form.ICS) -> ServedFeed:
    with desk.database.reading() as session:
        found = read_feed(session, Asked(own_key(code), variants=variants, form=form))
    assert found is not None
    return found


def _uids(feed: ServedFeed) -> set[str]:
    return set(events_of(feed.body))


def _stored(desk: Desk, key: str) -> set[str]:
    return set(events_of(desk.feed(key)))


def test_it_holds_what_any_chosen_thing_holds_and_kinds_narrow_it(desk: Desk) -> None:
    """Two mechanisms and a State together; then only their ministerial meetings."""
    wide: dict[str, list[str]] = {"mechanisms": ["midsa", "gfmd"], "countries": ["th"]}
    whole = _stored(desk, "mechanism/midsa") | _stored(desk, "mechanism/gfmd") | _stored(desk, "country/th")
    assert _uids(_served(desk, _keep(desk, SECRET, **wide))) == whole
    narrowed = _keep(desk, "another", **wide, kinds=["ministerial", "summit"])
    ministerial = _stored(desk, "kind/ministerial") | _stored(desk, "kind/summit")
    assert _uids(_served(desk, narrowed)) == whole & ministerial
    assert whole & ministerial
    assert whole - ministerial


_KEYS = {
    "mechanisms": ["midsa", "gfmd", "bali-process", "igc", "gone-for-ever"],
    "types": [kind.value for kind in MechanismType],
    "regions": ["africa", "asia", "nowhere"],
    "countries": ["th", "zm", "zz"],
    "themes": ["gcm", "climate", "gone"],
    "kinds": [Kind.MINISTERIAL.value, Kind.SUMMIT.value, Kind.WEBINAR.value],
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.fixed_dictionaries(
        {part: st.lists(st.sampled_from(codes), max_size=3) for part, codes in _KEYS.items()}
    )
)
def test_any_choice_holds_exactly_what_its_meaning_says(desk: Desk, chosen: dict[str, list[str]]) -> None:
    """Whatever is chosen, what is selected is what the stored feeds that are named hold, kinds narrowing."""
    choice = Choice.of(chosen, language="en")
    with desk.database.reading() as session:
        selected = selection_of(session, choice)
        entered = set(session.scalars(selected.uids()))
        newest = [row.uid for row in session.execute(selected.newest(1_000))] if selected.sources else []
    held = _naive(desk, choice)
    assert entered == held
    assert sorted(newest) == sorted(held)


def _naive(desk: Desk, choice: Choice) -> set[str]:
    """What a choice means, set by set, from every entry there is."""
    with desk.database.reading() as session:
        sources = {
            row.path: set(row.sources) for row in session.scalars(select(Feed).where(Feed.language == "en"))
        }
        entries: dict[str, set[str]] = {}
        for entry in session.scalars(select(FeedEntry)):
            entries.setdefault(entry.path, set()).add(entry.uid)

    def holds(key: str) -> set[str]:
        return set().union(*(entries.get(path, set()) for path in sources.get(key, ())))

    families = {"mechanisms": "mechanism", "types": "type", "regions": "region", "countries": "country"}
    wide = [
        f"{family}/{code}"
        for part, family in {**families, "themes": "theme"}.items()
        for code in getattr(choice, part)
    ]
    brought = set().union(*(holds(key) for key in wide)) if wide else holds("all")
    if choice.kinds:
        brought &= set().union(*(holds(f"kind/{kind}") for kind in choice.kinds))
    return brought


def test_a_choice_of_one_thing_is_the_stored_feed_of_it() -> None:
    """One thing of any part is a feed that all readers share; two are not, nor a kind of one mechanism."""
    alone = {
        "mechanism/midsa": {"mechanisms": ["midsa"]},
        "type/rcp": {"types": ["rcp"]},
        "region/africa": {"regions": ["africa"]},
        "country/zm": {"countries": ["zm"]},
        "theme/gcm": {"themes": ["gcm"]},
        "kind/summit": {"kinds": ["summit"]},
        "all": {},
    }
    for key, chosen in alone.items():
        assert stored_key(Choice.of(chosen, language="fr")) == key
    for chosen in ({"mechanisms": ["midsa", "gfmd"]}, {"mechanisms": ["midsa"], "kinds": ["summit"]}):
        assert stored_key(Choice.of(chosen, language="en")) is None


def test_what_is_gone_from_the_record_holds_nothing_and_hurts_nothing(desk: Desk) -> None:
    """A slug nothing has any more: the rest is held; alone it is an empty calendar, never the whole."""
    assert _uids(_served(desk, _keep(desk, mechanisms=["gone", "midsa"]))) == _stored(desk, "mechanism/midsa")
    empty = _served(desk, _keep(desk, secret="2", mechanisms=["gone"], countries=["zz"]))
    assert _uids(empty) == set()
    assert empty.body.count(b"BEGIN:VTIMEZONE") == 1
    assert empty.body.endswith(b"END:VCALENDAR\r\n")


def test_its_times_only_grow_through_edits_of_meetings_and_of_the_choice(desk: Desk) -> None:
    """A program that goes by date alone sees every change, also of those that come within one second."""
    code = _keep(desk, mechanisms=["midsa", "gfmd"])
    seen = [_served(desk, code)]
    for act in _acts(desk):
        feed = _served(desk, code)
        before = seen[-1]
        assert feed.last_modified >= before.last_modified
        if feed.body != before.body:
            assert feed.last_modified > before.last_modified, act
            assert feed.etag != before.etag
        seen.append(feed)
    assert len({feed.etag for feed in seen}) >= 6


def _acts(desk: Desk) -> Iterator[str]:
    """Change something, each time within the same second of the clock."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish(NOW)
    yield "a new meeting"
    _change(desk, NOW, mechanisms=["midsa"])
    yield "less is chosen"
    desk.do(change_meeting, slug, {"city": "Harare", "country": "ZW"})
    desk.publish(NOW)
    yield "its place is another"
    _change(desk, NOW, mechanisms=["midsa"], countries=["th"])
    yield "more is chosen"
    desk.do(change_meeting, slug, {"mechanisms": ["rcm"]})
    desk.publish(NOW)
    yield "it leaves what is chosen"
    desk.do(change_meeting, slug, {"mechanisms": ["midsa"]})
    desk.publish(NOW)
    yield "it comes back"
    desk.do(delete_meeting, slug)
    desk.publish(NOW)
    yield "it is deleted"
    _change(desk, NOW, mechanisms=["midsa"], countries=["th"])
    yield "nothing else is chosen than before"


def test_what_does_not_concern_it_leaves_its_bytes(desk: Desk) -> None:
    """An edit elsewhere moves its date, as that of the feed of everything, and no byte: the ETag stays."""
    code = _keep(desk, mechanisms=["midsa", "rcm"])
    before = _served(desk, code)
    desk.do(change_meeting, "gfmd-20200120-summit", {"venue": "Hall 1"})
    desk.publish(NOW + HOUR)
    after = _served(desk, code)
    assert after.body == before.body
    assert after.etag == before.etag
    with desk.database.reading() as session:
        everything = session.get_one(Feed, ("all", "en"))
    assert after.last_modified == everything.changed_at == (NOW + HOUR).replace(microsecond=0)


def test_a_deleted_meeting_leaves_its_tombstone_in_the_atom_form_of_those_who_held_it(desk: Desk) -> None:
    """Every form is served; the tombstone stands where the meeting stood, and nowhere else."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish(NOW)
    uid = desk.uid(slug)
    holder = _keep(desk, mechanisms=["midsa", "gfmd"])
    narrowed = _keep(desk, secret="2", mechanisms=["midsa", "gfmd"], kinds=["summit"])
    desk.do(delete_meeting, slug)
    assert uid.encode() not in b"".join(_told_gone(desk, code) for code in (holder, narrowed))
    desk.publish(NOW + HOUR)
    assert uid.encode() in _told_gone(desk, holder)
    assert uid.encode() not in _told_gone(desk, narrowed)
    items = json.loads(_served(desk, holder, form=Form.JSON).body)["items"]
    assert {item["_iscm"]["uid"] for item in items} == _uids(_served(desk, holder))
    assert _served(desk, holder, form=Form.CSV).body.count(b"\r\n") > len(items)
    assert json.loads(_served(desk, holder, form=Form.JCAL).body)[0] == "vcalendar"


def _told_gone(desk: Desk, code: str) -> bytes:
    root = ET.fromstring(_served(desk, code, form=Form.ATOM).body)  # noqa: S314 - we wrote it ourselves
    gone = root.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    return b" ".join(one.attrib["ref"].encode() for one in gone)


def test_variants_have_an_identity_of_their_own(desk: Desk) -> None:
    """The same meetings, told as busy, under another X-WR-RELCALID and SOURCE."""
    desk.do(add_meeting, MEETING)
    desk.publish(NOW)
    code = _keep(desk, mechanisms=["midsa", "gfmd"])
    plain, busy = _served(desk, code), _served(desk, code, Variant.BUSY)
    assert _uids(plain) == _uids(busy)
    assert b"TRANSP:OPAQUE" in busy.body
    assert b"TRANSP:OPAQUE" not in plain.body
    assert f"/feeds/v/busy/my/{code}.ics".encode() in busy.body
    assert busy.last_modified == plain.last_modified


def test_it_ends_where_google_stops_reading(desk: Desk) -> None:
    """With bodies of ten kilobytes some ninety fit; the oldest stay out, as in every feed."""
    code = _keep(desk, types=["rcp", "irf", "global"])
    whole = _served(desk, code)
    stored = _stored(desk, "type/rcp") | _stored(desk, "type/irf") | _stored(desk, "type/global")
    assert _uids(whole) == stored
    with desk.database.writing() as session:
        for kept in session.scalars(select(Rendering)):
            kept.body += b"X-PAD:" + b"x" * 10_000 + b"\r\n"
    cut = _served(desk, code)
    assert 800_000 < len(cut.body) < 900_000
    newest = whole.body.rpartition(b"BEGIN:VEVENT\r\nUID:")[2].partition(b"\r\n")[0]
    oldest = whole.body.partition(b"BEGIN:VEVENT\r\nUID:")[2].partition(b"\r\n")[0]
    assert (newest in cut.body, oldest in cut.body) == (True, False)


@pytest.mark.parametrize("number", [1, 30])
def test_it_takes_a_fixed_number_of_statements(desk: Desk, number: int) -> None:
    """However much is chosen."""
    with desk.database.reading() as session:
        keys = session.scalars(select(Feed.path).where(Feed.path.like("mechanism/%")).limit(number)).all()
    code = _keep(desk, mechanisms=[key.partition("/")[2] for key in keys], countries=["th"])
    with statements(desk.database) as sent:
        _served(desk, code, form=Form.ATOM)
    assert len([one for one in sent if one.startswith("SELECT")]) == 6
