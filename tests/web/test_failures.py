"""Pages that cannot be shown, probes, and what is too large."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from models import Database
from tests.web.visitor import visitor
from web.body_size import LARGEST_BODY


@pytest.mark.parametrize(
    "path", ["/nothing", "/mechanisms/nobody", "/meetings/none", "/types/x", "/highlights/1900", "/mailbox"]
)
def test_not_found_in_the_manner_of_the_house(database: Database, path: str) -> None:
    """404 is a page that leads on, and is not kept."""
    answer = visitor(database).get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert "There is no such page" in answer.text
    assert 'href="/mechanisms"' in answer.text


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/mechanisms/", "/mechanisms"),
        ("/meetings/x//", "/meetings/x"),
        ("//evil.example/", "/evil.example"),
        ("/%2Fevil.example/", "/evil.example"),
    ],
)
def test_slash_too_many_leads_to_the_page_of_this_host(
    sqlite_database: Database, path: str, location: str
) -> None:
    """308 to the address without it, and never to another host."""
    answer = visitor(sqlite_database).get(f"http://127.0.0.1:8000{path}", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (308, location)


def test_wrong_method_names_the_right_ones(sqlite_database: Database) -> None:
    """405 says what is allowed."""
    answer = visitor(sqlite_database).post("/mechanisms")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_database_gone_is_said_with_what_to_do(tmp_path: Path) -> None:
    """503 with the sentence of the fault and when to come back; one probe says the same, one still lives."""
    database = Database(f"sqlite:///{tmp_path}/nowhere/iscm.db")
    client = visitor(database)
    answer, ready, alive = client.get("/"), client.get("/readyz"), client.get("/healthz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "The database file cannot be opened." in answer.text
    assert (ready.status_code, ready.text[:36]) == (503, "The database file cannot be opened. ")
    assert (alive.status_code, alive.text) == (200, "ok\n")
    database.close()


def test_probe_refuses_tables_of_another_program(tmp_path: Path) -> None:
    """A database that was not upgraded is not ready, and the answer names the command."""
    database = Database(f"sqlite:///{tmp_path}/iscm.db")
    answer = visitor(database).get("/readyz")
    assert (answer.status_code, answer.text) == (503, "The database is empty. Run: iscm database upgrade\n")
    database.close()


def test_probe_is_ready_on_both_databases(database: Database) -> None:
    """A migrated database is ready."""
    assert visitor(database).get("/readyz").text == "ready\n"


def test_defect_is_a_page_that_says_nothing_of_itself(sqlite_registry: Database) -> None:
    """500 tells the reader what to do and a code; the log has the code with what broke, and no address."""
    with sqlite_registry.engine.begin() as connection:
        connection.execute(text("UPDATE mechanisms SET sources = '[7]' WHERE slug = 'igc'"))
    with capture_logs() as lines:
        answer = visitor(sqlite_registry, raise_defects=False).get("/mechanisms/igc")
    assert (answer.status_code, answer.headers["cache-control"]) == (500, "no-store")
    assert "Something went wrong on our side" in answer.text
    assert "AttributeError" not in answer.text
    (code,) = re.findall(r"<strong>([0-9A-F]{4}-[0-9A-F]{4})</strong>", answer.text)
    assert lines == [
        {
            "event": "page failed",
            "log_level": "error",
            "incident": code,
            "route": "/mechanisms/{slug}",
            "method": "GET",
            "error": "AttributeError",
        }
    ]


def test_stack_of_a_defect_carries_its_code(sqlite_registry: Database) -> None:
    """What the server writes of the error names the incident that the reader was told."""
    with sqlite_registry.engine.begin() as connection:
        connection.execute(text("UPDATE mechanisms SET sources = '[7]' WHERE slug = 'igc'"))
    with capture_logs() as lines, pytest.raises(AttributeError) as raised:
        visitor(sqlite_registry).get("/mechanisms/igc")
    assert raised.value.__notes__ == [f"Incident {lines[0]['incident']}"]


@pytest.mark.parametrize("announced", [True, False])
def test_too_large_a_form_is_refused_in_the_manner_of_the_house(
    sqlite_database: Database, *, announced: bool
) -> None:
    """413 says how much a form takes, whether the length was told before or not."""
    body = b"address=" + b"a" * LARGEST_BODY
    answer = visitor(sqlite_database).post(
        "/newsletter",
        content=body if announced else iter([body[:1000], body[1000:]]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.headers["cache-control"]) == (413, "no-store")
    assert "A form takes 64 kB." in answer.text


@pytest.mark.parametrize(
    ("path", "searched"),
    [
        ("/mechanisms/bali-proces", "bali proces"),
        ("/meetings/a/b", "a b"),
        ("/nothing/at-all", ""),
        ("/u/AAAAAAAAAAAAAAAAAAAAAA/x", ""),
    ],
)
def test_not_found_searches_for_the_words_of_the_address(
    sqlite_database: Database, path: str, searched: str
) -> None:
    """A mistyped address is one button away from what was meant; one that may be a secret is not repeated."""
    answer = visitor(sqlite_database).get(path)
    assert answer.status_code == 404
    assert f'<input id="search-again" type="search" name="q" value="{searched}">' in answer.text
