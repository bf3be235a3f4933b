"""Every family of feeds, through publishing: what stands where, and what an edit moves."""

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from models import BUNDLED, Participant, Participation
from models.mechanism import Mechanism
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from models.state import ParticipantRole
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, changed, dates, events_of

RECORDS = json.loads((BUNDLED / "mechanisms.json").read_text())


def _states_of(slug: str) -> set[str]:
    """The States of a mechanism as the registry's file has them."""
    (one,) = (record for record in RECORDS if record["slug"] == slug)
    return {f"/feeds/country/{code.lower()}.ics" for code in one["participating_states"]}


def _meetings_of(slugs: set[str]) -> set[str]:
    """The UIDs of the meetings of mechanisms in the registry's file, less the one that no feed shows."""
    records = json.loads((BUNDLED / "meetings.json").read_text())
    return {
        record["uid"]
        for record in records
        if slugs & {record["mechanism"], *record["also_mechanisms"]}
        and record["id"] != "midsa-202410-plenary"
    }


def test_a_state_has_the_meetings_of_its_mechanisms_and_of_those_open_to_all(any_desk: Desk) -> None:
    """Zambia: every mechanism whose list names it, the GFMD and the GRCP; nothing else."""
    any_desk.publish()
    own = {record["slug"] for record in RECORDS if "ZM" in (record["participating_states"] or [])}
    assert "midsa" in own
    assert set(events_of(any_desk.feed("country/zm"))) == _meetings_of({*own, "gfmd", "grcp"})


def test_a_region_has_the_meetings_of_the_mechanisms_that_work_there(desk: Desk) -> None:
    """The Pacific: those whose regions name it."""
    own = {record["slug"] for record in RECORDS if "pacific" in record["regions"]}
    assert set(events_of(desk.feed("region/pacific"))) == _meetings_of(own)


def test_an_archive_holds_all_of_its_year(desk: Desk) -> None:
    """2017: every meeting that begins or ends in it."""
    records = json.loads((BUNDLED / "meetings.json").read_text())
    year = {record["uid"] for record in records if "2017" in {record["start"][:4], (record["end"] or "")[:4]}}
    assert set(events_of(desk.feed("archive/2017"))) == year


def test_an_edit_moves_exactly_the_feeds_that_show_the_meeting(any_desk: Desk) -> None:
    """A meeting of MIDSA: everything, type, mechanism, kind, year, theme, Africa, its sixteen States."""
    slug = any_desk.do(add_meeting, MEETING | {"themes": ["gcm"]})
    any_desk.publish()
    before = any_desk.marks()
    any_desk.do(change_meeting, slug, {"city": "Livingstone"})
    any_desk.publish(NOW + HOUR)
    keys = [
        "all",
        "type/rcp",
        "mechanism/midsa",
        "kind/ministerial",
        "archive/2027",
        "theme/gcm",
        "region/africa",
    ]
    assert changed(before, any_desk.marks()) == {f"/feeds/{key}.ics" for key in keys} | _states_of("midsa")


def test_a_meeting_that_moves_into_another_year_leaves_one_archive_and_enters_another(desk: Desk) -> None:
    """A year that had no meeting gets a feed, and the old one stays, empty if need be."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    desk.do(change_meeting, slug, dates("2028-02-01", "2028-02-02"))
    before = desk.marks()
    desk.publish(NOW + HOUR)
    moved = {path for path in changed(before, desk.marks()) if "/archive/" in path}
    assert moved == {"/feeds/archive/2027.ics", "/feeds/archive/2028.ics"}
    assert [list(events_of(desk.feed(f"archive/{year}"))) for year in (2027, 2028)] == [[], [desk.uid(slug)]]


def test_a_state_that_joins_gets_the_meetings_without_any_being_rendered(any_desk: Desk) -> None:
    """Switzerland joins MIDSA: its feed and no other moves, and no event gets a new stamp."""
    any_desk.publish()
    before = any_desk.marks()
    with any_desk.database.writing() as session:
        midsa = session.scalars(select(Mechanism).where(Mechanism.slug == "midsa")).one()
        switzerland = session.scalars(select(Participant).where(Participant.code == "CH")).one()
        midsa.participations.append(Participation(participant=switzerland, role=ParticipantRole.OBSERVER))
    done = any_desk.publish(NOW + HOUR)
    assert (done.changed, done.feeds) == (set(), [("country/ch", "en")])
    assert changed(before, any_desk.marks()) == {"/feeds/country/ch.ics"}
    assert _meetings_of({"midsa"}) <= set(events_of(any_desk.feed("country/ch")))


def test_nothing_moves_where_nothing_is_told_anew(desk: Desk) -> None:
    """A day that comes and changes no text changes no feed of any family."""
    before: Mapping[str, str] = desk.marks()
    desk.advance(date(2026, 11, 24))
    desk.publish(NOW + HOUR)
    assert desk.marks() == before


def test_a_territory_keeps_its_feed_when_the_only_meeting_there_moves(desk: Desk) -> None:
    """Greenland takes part in nothing: its feed goes on with the meetings open to all."""
    slug = desk.do(add_meeting, MEETING | {"country": "GL"})
    desk.publish()
    desk.do(change_meeting, slug, {"country": "ZM"})
    desk.publish(NOW + HOUR)
    before = desk.marks()
    desk.do(change_meeting, "gfmd-20200120-summit", {"venue": "Centro de Convenciones"})
    desk.publish(NOW + 2 * HOUR)
    assert "/feeds/country/gl.ics" in changed(before, desk.marks())
    assert desk.uid("gfmd-20200120-summit") in events_of(desk.feed("country/gl"))
