"""The mechanisms by type, region and status, and the pages of the types."""

import re
from datetime import date

from models import Database, When
from models.mechanism import MechanismStatus, MechanismType
from models.meeting import MeetingStatus, Visibility
from tests.web.directory_record import a_region, many_of_everything
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import NOW, statements, visitor
from web.pages.mechanisms import Directory, Grouping, read_directory


def _read(database: Database, grouping: Grouping) -> Directory:
    with database.reading() as session:
        return read_directory(session, grouping, today=NOW.date())


def test_mechanisms_by_type_and_status(registry: Database) -> None:
    """All 35 stand by type, active before emerging before dormant; what is no ISCM stands apart."""
    view = _read(registry, Grouping.TYPE)
    shape = [
        (group.words, group.address, [(status, len(lines)) for status, lines in group.statuses])
        for group in view.groups
    ]
    assert shape == [
        (
            "Regional consultative processes",
            "/types/rcp",
            [("Active", 14), ("Emerging", 1), ("Dormant", 5)],
        ),
        ("Interregional forums", "/types/irf", [("Active", 8), ("Emerging", 1), ("Dormant", 4)]),
        ("Global processes", "/types/global", [("Active", 1)]),
    ]
    assert view.series is not None
    assert (view.number, view.by_status) == (34, (("Active", 23), ("Emerging", 2), ("Dormant", 9)))
    assert [line.address for line in view.series.lines] == ["/mechanisms/grcp"]


def test_mechanisms_by_region(database: Database) -> None:
    """A mechanism of two regions stands in each of them, one of none under its own heading."""
    with database.writing() as session:
        asia, pacific, africa = (a_region(session, slug) for slug in ("asia", "pacific", "africa"))
        a_mechanism(session, "zeta", regions=[pacific, asia], status=MechanismStatus.DORMANT)
        a_mechanism(session, "éta", regions=[africa])
        a_mechanism(session, "alpha", regions=[pacific])
        a_mechanism(session, "beta", regions=[pacific], status=MechanismStatus.EMERGING)
        a_mechanism(session, "nowhere")
        a_mechanism(session, "series", regions=[asia], is_iscm=False)
    view = _read(database, Grouping.REGION)
    assert [(group.anchor, [line.name for line in group.lines]) for group in view.groups] == [
        ("region-asia", ["Zeta"]),
        ("region-pacific", ["Alpha", "Beta", "Zeta"]),
        ("region-africa", ["Éta"]),
        ("region-not-known", ["Nowhere"]),
    ]
    assert view.number == 5


def test_mechanisms_by_status(registry: Database) -> None:
    """Every mechanism stands once, under its status; the page says what emerging and dormant mean."""
    view = _read(registry, Grouping.STATUS)
    assert [(group.words, len(group.lines)) for group in view.groups] == [
        ("Active", 23),
        ("Emerging", 2),
        ("Dormant", 9),
    ]
    text = visitor(registry).get("/mechanisms?by=status").text
    assert "Interim dialogues of committed States on the way to a new mechanism." in text
    assert "At rest: their mission is completed" in text


def test_groupings_are_plain_links_with_their_own_address(sqlite_registry: Database) -> None:
    """Three links, the one that is shown marked; each grouping has one canonical address, others are 404."""
    client = visitor(sqlite_registry)
    found = {}
    for address in ("/mechanisms", "/mechanisms?by=type", "/mechanisms?by=region", "/mechanisms?by=status"):
        text = client.get(address).text
        (shown,) = re.findall(r'<a href="(/mechanisms[^"]*)" aria-current="page">By', text)
        (canonical,) = re.findall('<link rel="canonical" href="([^"]*)">', text)
        found[address] = (shown, canonical.partition("8000")[2])
    assert found == {
        "/mechanisms": ("/mechanisms", "/mechanisms"),
        "/mechanisms?by=type": ("/mechanisms", "/mechanisms"),
        "/mechanisms?by=region": ("/mechanisms?by=region",) * 2,
        "/mechanisms?by=status": ("/mechanisms?by=status",) * 2,
    }
    wrong = ("by=name", "by=", "by=type&by=region")
    assert [client.get(f"/mechanisms?{query}").status_code for query in wrong] == [404, 404, 404]


def test_line_of_a_mechanism_tells_its_nearest_meetings(database: Database) -> None:
    """The next and the last are those nearest to today; cancelled, postponed and hidden ones do not count."""
    held, planned = MeetingStatus.HELD, MeetingStatus.PLANNED
    with database.writing() as session:
        lima, empty = a_mechanism(session), a_mechanism(session, "empty")
        for slug, when, status in [
            ("older", When.days(date(2025, 1, 1), None), held),
            ("last", When.days(date(2026, 10, 1), date(2026, 10, 3)), planned),
            ("held-today", When.days(date(2026, 11, 23), None), held),
            ("going-on", When.days(date(2026, 11, 22), date(2026, 11, 24)), planned),
            ("later", When.month(2027, 5), planned),
            ("called-off", When.days(date(2026, 11, 21), date(2026, 12, 1)), MeetingStatus.CANCELLED),
            ("put-off", When.days(date(2026, 11, 21), date(2026, 12, 1)), MeetingStatus.POSTPONED),
            ("open", When.unknown(), planned),
        ]:
            a_meeting(session, lima, slug=slug, when=when, status=status)
        today = When.days(date(2026, 11, 22), date(2026, 11, 30))
        a_meeting(session, lima, empty, slug="secret", when=today, visibility=Visibility.HIDDEN)
    (group,) = _read(database, Grouping.TYPE).groups
    assert [(line.name, line.next_meeting, line.last_meeting) for line in group.lines] == [
        ("Empty", None, None),
        ("Lima Process", "22–24 November 2026", "23 November 2026"),
    ]


def test_type_that_is_none_is_not_found(database: Database) -> None:
    """Only the three types have a page, and each of them has one, empty or not."""
    client = visitor(database)
    codes = [client.get(f"/types/{kind}").status_code for kind in ("xyz", "RCP", *MechanismType)]
    assert codes == [404, 404, 200, 200, 200]


def test_page_of_a_type_holds_what_is_of_it(database: Database) -> None:
    """Its mechanisms, meetings and feed, and nothing of another type; a joint meeting stands in both."""
    with database.writing() as session:
        lima = a_mechanism(session)
        bridge = a_mechanism(session, "bridge", type=MechanismType.IRF)
        a_meeting(session, lima, slug="of-lima")
        a_meeting(session, bridge, slug="of-bridge")
        a_meeting(session, lima, bridge, slug="joint")
        a_meeting(session, bridge, slug="past", when=When.days(date(2024, 5, 1), None))
    client = visitor(database)
    found = {}
    for kind in ("rcp", "irf", "global"):
        text = client.get(f"/types/{kind}").text
        meetings = re.findall('class="meeting-title"><a href="/meetings/([^"]*)"', text)
        mechanisms = re.findall('class="mechanism-name"><a href="/mechanisms/([^"]*)"', text)
        found[kind] = (meetings, mechanisms, f"/feeds/type/{kind}.ics" in text)
    assert found == {
        "rcp": (["joint", "of-lima"], ["lima-process"], True),
        "irf": (["joint", "of-bridge", "past"], ["bridge"], True),
        "global": ([], [], True),
    }


def test_directory_takes_as_many_statements_for_1000_mechanisms_as_for_one(database: Database) -> None:
    """Neither a grouping nor a type asks once a mechanism or once a meeting."""
    addresses = ("/mechanisms", "/mechanisms?by=region", "/mechanisms?by=status", "/types/rcp")
    counts = []
    for numbers in (range(1), range(1, 1_000)):
        with database.writing() as session:
            region = a_region(session, f"region-{numbers.start}")
            many_of_everything(session, numbers, regions=[region])
        client = visitor(database)
        with statements(database) as sent:
            assert [client.get(address).status_code for address in addresses] == [200] * 4
        counts.append(len(sent))
    assert counts[0] == counts[1]
