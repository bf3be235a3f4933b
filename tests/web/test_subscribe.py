"""The page to subscribe, and the help it leads to."""

import re
from io import BytesIO

import pytest
import segno

from calendar_feed.publication import publish
from models import Database
from models.meeting import Kind
from models.saved_choice_keeping import MOST_AN_HOUR
from tests.saved_choices import fill_with_choices
from tests.web.record import a_mechanism
from tests.web.visitor import BASE_URL, NOW, site, statements, visitor
from web.calendar_programs import HOURS, calendar_programs

ADDRESS = re.compile(r'<input class="feed-address"[^>]* value="([^"]+)"')


def test_everything_on_record_can_be_chosen(sqlite_registry: Database) -> None:
    """Thirty-five mechanisms under three types, every State, regions, themes, kinds, variants, languages."""
    text = visitor(sqlite_registry).get("/subscribe").text
    ticks = re.findall(r'<input type="checkbox" name="([a-z]+)" value="([^"]+)"( checked)?>', text)
    numbers = {name: sum(1 for other, _, _ in ticks if other == name) for name, _, _ in ticks}
    assert numbers == {"type": 3, "mechanism": 35, "region": 8, "theme": 18, "kind": len(Kind), "variant": 5}
    assert not any(checked for _, _, checked in ticks)
    states = re.findall(r'<option value="([a-z]{2})">', text)
    assert {"zm", "va", "ps", "nc"} <= set(states)
    assert len(states) == len(set(states)) > 195
    assert re.findall(r'<option value="([a-z]{2})" lang="\1"( selected)?>', text) == [
        ("en", " selected"),
        ("fr", ""),
        ("es", ""),
        ("ar", ""),
    ]
    assert text.count("<legend") == text.count("<fieldset")


def test_what_was_chosen_stands_chosen_and_is_told(sqlite_registry: Database) -> None:
    """By address alone, other names of mechanisms and capitals too; what is unknown is passed over."""
    with sqlite_registry.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL)
    client = visitor(sqlite_registry)
    text = client.get(
        "/subscribe?mechanism=puebla-process&country=TH&state=&state=zm&kind=summit&variant=busy&mechanism=nothing"
    ).text
    assert re.findall(r'name="([a-z]+)" value="([^"]+)" checked', text) == [
        ("mechanism", "rcm"),
        ("country", "th"),
        ("country", "zm"),
        ("kind", "summit"),
        ("variant", "busy"),
    ]
    assert "Keep this choice" in text
    assert re.search(r"\d+ in all, with those that are over", text)
    alone = client.get("/subscribe?mechanism=midsa")
    assert "Keep this choice" not in alone.text
    assert ADDRESS.findall(alone.text) == [f"{BASE_URL}/feeds/mechanism/midsa.ics"]
    assert alone.headers["cache-control"] == "public, no-cache"


def test_a_page_that_makes_a_choice_is_nobody_elses(sqlite_registry: Database) -> None:
    """What makes a form one of its own is never kept by a cache, nor the same twice."""
    client = visitor(sqlite_registry)
    first, second = (client.get("/subscribe?mechanism=midsa&mechanism=igc") for _ in range(2))
    assert first.headers["cache-control"] == "private, no-store"
    assert "etag" not in first.headers
    assert first.text != second.text


def test_a_part_of_the_page_is_what_changes_of_it(sqlite_registry: Database) -> None:
    """The script asks for what is held alone, and gets the very words that the page has."""
    client = visitor(sqlite_registry)
    whole, part = (client.get(f"/subscribe?type=rcp{more}").text for more in ("", "&part=chosen"))
    assert part.lstrip().startswith('<section aria-labelledby="holds">')
    assert part.strip() in whole


def test_the_page_presets_its_own_language(sqlite_registry: Database) -> None:
    """In French the calendar is French unless another is chosen, and its buttons lead there."""
    client = visitor(sqlite_registry)
    french = client.get("/fr/subscribe?mechanism=midsa").text
    assert '<option value="fr" lang="fr" selected>' in french
    assert ADDRESS.findall(french) == [f"{BASE_URL}/fr/feeds/mechanism/midsa.ics"]
    english = client.get("/fr/subscribe?mechanism=midsa&language=en").text
    assert ADDRESS.findall(english) == [f"{BASE_URL}/feeds/mechanism/midsa.ics"]
    assert 'href="/feeds/mechanism/midsa.ics" download' in english
    kept = client.post("/fr/subscribe", data={"mechanism": ["midsa", "igc"], "language": "fr"})
    assert kept.headers["location"].startswith("/fr/my-edit/")
    assert client.get(kept.headers["location"]).status_code == 200


def test_a_choice_too_many_is_answered_with_what_can_be_done(sqlite_registry: Database) -> None:
    """The sentence stands beside the button, and what was chosen stays chosen."""
    client, chosen = visitor(sqlite_registry), {"mechanism": ["midsa", "igc"], "language": "en"}
    fill_with_choices(sqlite_registry, MOST_AN_HOUR, made_at=NOW)
    answer = client.post("/subscribe", data=chosen)
    assert answer.status_code == 422
    assert "Please try again in an hour; the calendars of single mechanisms" in answer.text
    assert 'name="mechanism" value="igc" checked' in answer.text


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_qr_code_is_of_our_own_calendars_alone(sqlite_database: Database, form: str) -> None:
    """Any calendar of this site, in any language and variant; never an address that somebody else wrote."""
    client = visitor(sqlite_database)
    answer = client.get(f"/subscribe/qr.{form}?feed=/fr/feeds/v/busy/my/abc234.ics")
    assert answer.status_code == 200
    drawn = BytesIO()
    code = segno.make_qr("webcal://127.0.0.1:8000/fr/feeds/v/busy/my/abc234.ics", error="m")
    code.save(drawn, kind="png", scale=12)
    if form == "png":
        assert answer.content == drawn.getvalue()
    assert answer.headers["content-type"] == {"svg": "image/svg+xml", "png": "image/png"}[form]
    for other in (
        "https://evil.example/",
        "/feeds/all.exe",
        "/feeds/v/utc/busy/all.ics",
        "/subscribe",
        "",
        "/" * 300,
    ):
        assert client.get(f"/subscribe/qr.{form}", params={"feed": other}).status_code == 404
    assert client.get("/subscribe/qr.gif?feed=/feeds/all.ics").status_code == 404


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
