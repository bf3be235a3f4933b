"""Selection: which feeds a meeting belongs to, and which meetings a feed still holds when it is full."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.calendar import ZoneUse
from calendar_feed.selection import Member, all_feeds, feeds_of, in_window, zones_in_use
from calendar_feed.selfcheck import MOST_BYTES, MOST_EVENTS
from calendar_feed.spans import Days, span_of
from models.meeting import Kind
from tests.calendar_feed.factory import KHARTOUM, KNOWN, MIDSA, RABAT, days, meeting


def _member(number: int, *, size: int = 800, zone: str | None = None, day: str = "20270317") -> Member:
    return Member(
        uid=f"uid-{number:05}",
        order=f"{day}T000000 uid-{number:05}",
        zone=zone,
        size=size,
    )


def _feeds(**facts: Any) -> list[str]:  # noqa: ANN401 - any field of a meeting
    one = meeting(**facts)
    span = span_of(one.when)
    assert isinstance(span, Days)
    return feeds_of(one, span)


def test_a_meeting_is_entered_under_everything_its_own_facts_name() -> None:
    """Each key once, also where two mechanisms share a type; a kind, themes and a year are among them."""
    own = ["archive/2027", "kind/ministerial"]
    assert _feeds(mechanisms=(MIDSA,)) == ["all", *own, "mechanism/midsa", "type/rcp"]
    assert _feeds(mechanisms=(RABAT, KHARTOUM), themes=("gcm", "climate")) == [
        "all",
        *own,
        "mechanism/khartoum-process",
        "mechanism/rabat-process",
        "theme/climate",
        "theme/gcm",
        "type/irf",
    ]


def test_a_meeting_over_the_turn_of_the_year_is_in_both_archives() -> None:
    """An archive holds all of its year."""
    found = _feeds(when=days("2027-12-30", "2028-01-02"))
    assert [key for key in found if key.startswith("archive/")] == ["archive/2027", "archive/2028"]


def test_every_name_on_record_has_a_feed_without_a_meeting_too() -> None:
    """A reader may subscribe before all; a State has the feeds of its mechanisms and of those open to all."""
    feeds = all_feeds(KNOWN)
    assert [key for key in feeds if not key.startswith("kind/")] == [
        *("all", "type/rcp", "type/irf", "type/global"),
        *("mechanism/gfmd", "mechanism/khartoum-process", "mechanism/midsa", "mechanism/rabat-process"),
        *("theme/gcm", "archive/2027"),
        *("region/africa", "region/europe", "region/pacific"),
        *("country/et", "country/it", "country/zm"),
    ]
    assert [key for key in feeds if key.startswith("kind/")] == [f"kind/{kind}" for kind in Kind]
    composed = {key: sources for key, sources in feeds.items() if sources != (key,)}
    assert composed == {
        "region/africa": ("mechanism/khartoum-process", "mechanism/midsa", "mechanism/rabat-process"),
        "region/europe": ("mechanism/khartoum-process", "mechanism/rabat-process"),
        "region/pacific": (),
        "country/et": ("mechanism/gfmd", "mechanism/khartoum-process"),
        "country/it": ("mechanism/gfmd", "mechanism/khartoum-process"),
        "country/zm": ("mechanism/gfmd", "mechanism/midsa"),
    }


def test_a_feed_keeps_its_newest_thousand_in_order() -> None:
    """The oldest leave first."""
    members = [_member(number) for number in range(MOST_EVENTS + 3)]
    assert in_window(reversed(members), header_size=2_000) == members[3:]


def test_a_feed_stays_below_900_kilobytes() -> None:
    """Events of 10 kB: 89 of them and the header fit."""
    members = [_member(number, size=10_000) for number in range(200)]
    assert in_window(members, header_size=2_000) == members[-89:]


def test_a_feed_has_no_holes() -> None:
    """Where one meeting is too large for what is left, no older and smaller one takes its place."""
    members = [_member(0, size=10), _member(1, size=MOST_BYTES), _member(2, size=10)]
    assert in_window(members, header_size=0) == [members[2]]


@given(st.lists(st.integers(1, 20_000), max_size=60), st.integers(0, 5_000))
def test_the_window_is_the_longest_end_that_fits(sizes: list[int], header_size: int) -> None:
    """Whatever the sizes: what is kept is an end of the list, fits, and could not be one longer."""
    members = [_member(number, size=size) for number, size in enumerate(sizes)]
    kept = in_window(members, header_size=header_size + MOST_BYTES - 100_000)
    assert kept == members[len(members) - len(kept) :]
    room = 100_000 - header_size
    assert sum(member.size for member in kept) <= room
    assert len(kept) == len(members) or sum(sizes[len(members) - len(kept) - 1 :]) > room


def test_zones_are_those_of_timed_meetings_with_their_years() -> None:
    """Sorted by name; a sitting on New Year's Eve may end in the next year; days need no zone."""
    members = [
        _member(1, zone="Pacific/Apia", day="20261231"),
        _member(2, zone="Africa/Lusaka", day="20270608"),
        _member(3, zone="Africa/Lusaka", day="20250101"),
        _member(4),
    ]
    assert zones_in_use(members) == [
        ZoneUse("Africa/Lusaka", 2025, 2027),
        ZoneUse("Pacific/Apia", 2026, 2027),
    ]
