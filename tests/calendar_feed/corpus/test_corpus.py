"""Whatever an editor may write, four other programs read it without a complaint, at the right instants."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from calendar_feed.calendar import header, join, zone_part
from calendar_feed.compose import compose_event
from calendar_feed.event import render_event, stamped
from calendar_feed.facts import MeetingFacts
from calendar_feed.headings import feed_facts
from calendar_feed.selfcheck import feed_faults
from calendar_feed.spans import Hours
from calendar_feed.states import Shown, state_of
from calendar_feed.variants import Variant, varied, zones_told
from tests.calendar_feed.corpus.meetings import LANGUAGES, a_meeting
from tests.calendar_feed.corpus.readers import (
    Events,
    as_meant,
    by_ical_js,
    by_icalendar,
    by_libical,
    by_vobject,
)
from tests.calendar_feed.factory import KNOWN, SITE, STAMP

AS_OF = date(2026, 11, 23)
VARIANTS = (
    (),
    (Variant.UTC,),
    (Variant.SESSIONS,),
    (Variant.BUSY, Variant.CANCELLED_VISIBLE, Variant.TBC_OMIT),
)


class Corpus:
    """Meetings as hypothesis draws them: programs take longer to start than to read hundreds."""

    def __init__(self, *, number: int, derandomized: bool) -> None:
        self.meetings: list[MeetingFacts] = []

        @settings(
            max_examples=number,
            derandomize=derandomized,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(facts=a_meeting())
        def draw(facts: MeetingFacts) -> None:
            self.meetings.append(replace(facts, uid=f"{len(self.meetings):05}@iscm"))

        draw()


def _shown(meetings: Sequence[MeetingFacts], language: str) -> dict[str, tuple[Shown, bytes]]:
    """What stands in feeds of these meetings, by UID: its state, and its event."""
    found = {}
    for facts in meetings:
        shown = state_of(facts, as_of=AS_OF, language=language)
        if isinstance(shown, Shown):
            event = compose_event(facts, shown=shown, sequence=0, language=language, site=SITE)
            found[facts.uid] = shown, stamped(render_event(event), at=STAMP)
    return found


def _feed(shown: Mapping[str, tuple[Shown, bytes]], language: str, variants: Sequence[Variant]) -> bytes:
    bodies = [body for _, body in sorted(shown.values(), key=lambda one: one[0].span.order)]
    told = varied(bodies, variants)
    head, rest = header(feed_facts("all", known=KNOWN, language=language, site=SITE))
    zones = zone_part(zones_told(told), empty=not told)
    return join(head, changed_at=STAMP, tail=rest + zones, bodies=told)


def _instants(shown: Mapping[str, tuple[Shown, bytes]]) -> dict[str, tuple[datetime | date, datetime | date]]:
    """Start and end of each event by zoneinfo alone; days with the last one excluded."""
    found: dict[str, tuple[datetime | date, datetime | date]] = {}
    for uid, (state, _) in shown.items():
        span = state.span
        if isinstance(span, Hours):
            clock = ZoneInfo(span.zone)
            start, end = (wall.replace(tzinfo=clock).astimezone(UTC) for wall in (span.start, span.end))
            found[uid] = start, end
        else:
            found[uid] = span.first, span.last + timedelta(days=1)
    return found


def _times(read: Events) -> dict[str, tuple[datetime | date, datetime | date]]:
    return {uid: (one.start, one.end) for uid, one in read.items()}


def prove(meetings: Sequence[MeetingFacts]) -> None:
    """Render meetings in every language, plainly and in variants, and have all four read everything."""
    shown = {language: _shown(meetings, language) for language in LANGUAGES}
    feeds = {
        (language, variants): _feed(shown[language], language, variants)
        for language, variants in zip(LANGUAGES * 2, ((),) * 4 + VARIANTS, strict=True)
    }
    by_js = dict(zip(feeds, by_ical_js(list(feeds.values())), strict=True))
    for (language, variants), feed in feeds.items():
        assert feed_faults(feed, holds_everything=True) == []
        read = by_icalendar(feed)
        if variants in {(), (Variant.UTC,)}:
            assert _times(read) == _instants(shown[language])
        for others in (by_vobject(feed), by_js[language, variants], by_libical(feed)):
            assert as_meant(others, feed) == read


def test_four_programs_read_whatever_an_editor_may_write() -> None:
    """Texts of any script, with anything in them; any zone, hours about its changes; any state."""
    prove(Corpus(number=120, derandomized=True).meetings)


@pytest.mark.soak
def test_four_programs_read_four_thousand_meetings() -> None:
    """The same for longer, and other meetings each time."""
    for _ in range(8):
        prove(Corpus(number=500, derandomized=False).meetings)
