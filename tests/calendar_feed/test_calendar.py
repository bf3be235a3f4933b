"""Calendars: header, zones, bodies and footer, joined as they are."""

from calendar_feed.calendar import FeedFacts, ZoneUse, content_hash, header, join, single, zone_part
from calendar_feed.content_line import fold, unfold
from calendar_feed.headings import feed_facts
from calendar_feed.selfcheck import feed_faults
from calendar_feed.zones import vtimezone
from tests.calendar_feed.factory import BASE_URL, KNOWN, SITE, STAMP
from tests.calendar_feed.sample import SAMPLE_EVENT

BODY = b"".join(fold(line.encode()) for line in SAMPLE_EVENT.splitlines())


def _facts(key: str) -> FeedFacts:
    return feed_facts(key, known=KNOWN, language="en", site=SITE)


def test_the_header_of_a_type_is_the_sample_to_the_letter() -> None:
    """All properties in their order; X-WR-RELCALID is made of the path and stands for ever."""
    before, after = header(_facts("type/rcp"))
    about = (
        r"Meetings of the regional consultative processes on migration. Times are local to the venue."
        " Help: https://iscm.example.org/help/calendar"
    )
    assert unfold(before).decode().split("\r\n")[:-1] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ISCM//Calendar feed 1.0//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-RELCALID:7c58794b-d580-59e2-94e2-904380ce25f4",
    ]
    assert unfold(after).decode().split("\r\n")[:-1] == [
        "NAME:ISCM – Regional consultative processes (RCP)",
        "X-WR-CALNAME:ISCM – Regional consultative processes (RCP)",
        f"DESCRIPTION:{about}",
        f"X-WR-CALDESC:{about}",
        "URL:https://iscm.example.org/types/rcp",
        "SOURCE;VALUE=URI:https://iscm.example.org/feeds/type/rcp.ics",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "COLOR:steelblue",
        "X-APPLE-CALENDAR-COLOR:#4682B4",
        "CATEGORIES:RCP",
    ]


def test_every_family_of_feeds_introduces_itself() -> None:
    """Name, page, colour and categories of each."""
    told = {
        key: (facts.name, facts.page.removeprefix(BASE_URL), facts.color[0], facts.categories)
        for key in (
            "all",
            "type/global",
            "mechanism/khartoum-process",
            "region/africa",
            "country/zm",
            "kind/senior_officials",
            "kind/other",
            "theme/gcm",
            "archive/2027",
        )
        for facts in [_facts(key)]
    }
    assert told == {
        "all": ("ISCM – All meetings", "/", "slategray", ("ISCM",)),
        "type/global": (
            "ISCM – Global processes",
            "/types/global",
            "purple",
            ("Global",),
        ),
        "mechanism/khartoum-process": (
            "ISCM – Khartoum Process",
            "/mechanisms/khartoum-process",
            "darkgoldenrod",
            ("IRF", "Khartoum Process"),
        ),
        "region/africa": ("ISCM – Africa", "/mechanisms?by=region#africa", "slategray", ("ISCM",)),
        "country/zm": ("ISCM – Zambia", "/countries/zm", "slategray", ("ISCM",)),
        "kind/senior_officials": ("ISCM – Senior Officials' Meeting", "/", "slategray", ("ISCM",)),
        "kind/other": ("ISCM – Other meetings", "/", "slategray", ("ISCM",)),
        "theme/gcm": ("ISCM – Global Compact for Migration", "/themes/gcm", "slategray", ("ISCM",)),
        "archive/2027": ("ISCM – 2027", "/calendar/2027", "slategray", ("ISCM",)),
    }


def test_a_calendar_is_its_parts_in_a_row() -> None:
    """Nothing is added to kept bodies and nothing taken from them."""
    before, after = header(_facts("all"))
    zones = zone_part([ZoneUse("Europe/Brussels", 2027, 2027)], empty=False)
    data = join(before, changed_at=STAMP, tail=after + zones, bodies=[BODY])
    assert data == (
        before + b"LAST-MODIFIED:20261120T091500Z\r\n" + after + zones + BODY + b"END:VCALENDAR\r\n"
    )
    assert feed_faults(data) == []


def test_zones_stand_once_each_sorted_by_name() -> None:
    """The order does not depend on which event came first."""
    uses = [ZoneUse("Pacific/Apia", 2027, 2027), ZoneUse("Africa/Lusaka", 2026, 2027)]
    assert zone_part(uses, empty=False) == (
        vtimezone("Africa/Lusaka", first_year=2026, last_year=2027)
        + vtimezone("Pacific/Apia", first_year=2027, last_year=2027)
    )


def test_an_empty_feed_is_valid_and_shows_nothing() -> None:
    """A header and the zone Etc/UTC: a calendar without any component is refused by some programs."""
    before, after = header(_facts("all"))
    data = join(before, changed_at=STAMP, tail=after + zone_part([], empty=True), bodies=[])
    assert feed_faults(data) == []
    assert data.count(b"BEGIN:VTIMEZONE\r\nTZID:Etc/UTC\r\n") == 1
    assert b"VEVENT" not in data


def test_the_content_hash_does_not_know_when_the_calendar_changed() -> None:
    """Header, zones and the marks of its events count, each in its place; nothing else is asked."""
    before, after = header(_facts("all"))
    plain = content_hash(before, tail=after, marks=["one", "two"])
    assert plain == content_hash(before, tail=after, marks=["one", "two"])
    others = [
        content_hash(before, tail=after, marks=["two", "one"]),
        content_hash(before, tail=after, marks=["onetwo"]),
        content_hash(before, tail=after, marks=[]),
        content_hash(before, tail=after + b"X:1\r\n", marks=["one", "two"]),
        content_hash(before + b"X:1\r\n", tail=after, marks=["one", "two"]),
    ]
    assert len({plain, *others}) == 6


def test_one_meeting_alone_is_a_calendar_without_a_name() -> None:
    """To be taken once: no name, no refreshing, its zone and its event."""
    zones = vtimezone("Europe/Brussels", first_year=2027, last_year=2027)
    assert single(BODY, zones=zones) == (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ISCM//Calendar feed 1.0//EN\r\nCALSCALE:GREGORIAN\r\n"
        + zones
        + BODY
        + b"END:VCALENDAR\r\n"
    )
