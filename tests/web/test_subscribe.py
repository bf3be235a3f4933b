"""The page to subscribe, and the help it leads to."""

import re

from models import Database, MechanismStatus
from models.mechanism import MechanismType
from tests.web.record import a_mechanism
from tests.web.visitor import site, statements, visitor
from web.calendar_programs import HOURS, calendar_programs

ADDRESS = re.compile(r'<input class="feed-address"[^>]* value="([^"]+)"')


def test_every_feed_stands_on_the_page_once(registry: Database) -> None:
    """All meetings, three types, thirty-five mechanisms: each with its address to copy."""
    found = ADDRESS.findall(visitor(registry).get("/subscribe").text)
    kinds = [address.removeprefix("http://127.0.0.1:8000/feeds/").partition("/")[0] for address in found]
    assert len(set(found)) == len(found)
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"all.ics": 1, "type": 3, "mechanism": 35}


def test_mechanisms_stand_under_their_type_with_their_hue(sqlite_database: Database) -> None:
    """The hue of a type is on its list, the type is also written, and one that rests says so."""
    with sqlite_database.writing() as session:
        a_mechanism(session, "rome-dialogue", type=MechanismType.IRF, status=MechanismStatus.DORMANT)
    text = visitor(sqlite_database).get("/subscribe").text
    part = text[text.index('<h3 class="feed-type') :]
    assert part.startswith('<h3 class="feed-type hue-irf">Interregional forums</h3>')
    assert '<span class="feed-name">Rome Dialogue</span> <span class="standing">Dormant</span>' in part


def test_local_installation_says_so_and_offers_no_button_that_cannot_work(sqlite_database: Database) -> None:
    """Google and Outlook cannot read a local address; a public one has their buttons and no such note."""
    local = visitor(sqlite_database).get("/subscribe").text
    public = visitor(sqlite_database, of=site(base_url="https://iscm.example.org")).get("/subscribe").text
    assert "This installation is at 127.0.0.1:8000" in local
    assert "calendar.google.com/calendar/u/0/r?cid=" not in local
    assert "This installation is at" not in public
    assert "https://calendar.google.com/calendar/u/0/r?cid=webcal%3A%2F%2Fiscm.example.org" in public
    assert "https://outlook.office.com/calendar/0/addfromweb/?url=" in public


def test_every_program_of_the_table_has_its_steps(sqlite_database: Database) -> None:
    """The names in both tables lead to the steps; the recommended pace is that of the feeds."""
    client = visitor(sqlite_database)
    steps = re.findall(r'<h3 id="([a-z-]+)">', client.get("/help/calendar").text)
    keys = [program.key for program in calendar_programs()]
    assert steps == [*keys, "other"]
    for page, before in (("/help/calendar", ""), ("/subscribe", "/help/calendar")):
        assert re.findall(rf'<td><a href="{before}#([a-z-]+)">', client.get(page).text) == keys
    assert HOURS == 6


def test_subscribe_takes_as_many_statements_for_three_as_for_one(database: Database) -> None:
    """The number of statements does not grow with the record."""
    sent_for = []
    for slugs in (["one"], ["two", "three"]):
        with database.writing() as session:
            for slug in slugs:
                a_mechanism(session, slug)
        with statements(database) as sent:
            visitor(database).get("/subscribe")
        sent_for.append(len(sent))
    assert sent_for[0] == sent_for[1]
