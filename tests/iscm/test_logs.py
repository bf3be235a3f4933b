"""Log lines: where they go, and what must not be in them."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from iscm.logs import mask, start_logging
from models import Database, Subscriber, SubscriberState
from tests.web.visitor import NOW


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Logging belongs to the process; the next test finds it as this one did."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = hooks
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_json_line_has_the_event_and_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line on standard error, nothing on standard output."""
    start_logging(level="info", form="json")
    structlog.get_logger("iscm.test").info("feed published", path="/feeds/all.ics", bytes=1200)
    said = capsys.readouterr()
    line = json.loads(said.err)
    del line["timestamp"]
    assert line == {
        "event": "feed published",
        "path": "/feeds/all.ics",
        "bytes": 1200,
        "level": "info",
        "logger": "iscm.test",
    }
    assert said.out == ""


def test_line_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """With `warning`, an information of ours and of a library are both left out."""
    start_logging(level="warning", form="text")
    structlog.get_logger("iscm.test").info("quiet")
    logging.getLogger("uvicorn.access").info("quiet")
    assert capsys.readouterr().err == ""


def _fail(words: str) -> None:
    raise ValueError(words)


@pytest.mark.parametrize("form", ["text", "json"])
def test_addresses_tokens_and_passwords_are_masked_whoever_logs(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Libraries' lines, nested values and tracebacks pass the same mask as our own."""
    start_logging(level="info", form="json" if form == "json" else "text")
    log = structlog.get_logger("iscm.test")
    log.info("queued", to="ana@example.org", rows=[{"address": "bela@example.org"}])
    logging.getLogger("uvicorn.access").info("GET %s 200", "/u/Zm9vYmFyYmF6cXV4cXV1eA?x=1")
    try:
        _fail("smtp://relay:hunter2@mx.example.org refused carl@example.org")
    except ValueError:
        log.exception("failed")
    said = capsys.readouterr().err
    assert [secret for secret in ("ana@", "bela@", "carl@", "Zm9v", "hunter2") if secret in said] == []
    assert said.count("***") >= 5


def test_mask_leaves_figures_and_plain_words() -> None:
    """Only what names a person or opens a door is taken out."""
    event = {"event": "sent", "accepted": 12, "ok": True, "none": None, "path": "/meetings/x", "uid": "a-b"}
    assert mask(None, "info", dict(event)) == event


# What newsletter.addressing.read_address takes before the @: letters of any alphabet and these.
LOCAL = st.text(
    st.one_of(
        st.sampled_from("!#$%&'*+-/=?^_`{|}~."),
        st.characters(categories=["L", "N"]),
    ),
    min_size=3,
    max_size=20,
).filter(lambda local: local.strip("'`") == local)
NAME = "Ana Quintero"
DOMAIN = st.from_regex(r"[a-z][a-z0-9-]{2,8}[a-z0-9]\.(example|xn--p1ai|org)", fullmatch=True)


@given(local=LOCAL, domain=DOMAIN)
def test_no_address_survives_in_whatever_form_it_is_logged(local: str, domain: str) -> None:
    """Plain, quoted, in an envelope, in an address of the web, in nested values, in an error: it is gone."""
    address = f"{local}@{domain}"
    event = {
        "event": f"to {address}: refused, RCPT TO:<{address}>, {address!r}, mailto:{address}",
        "nested": [{"who": (address,), address: {address}}],
        "path": f"/newsletter?address={quote(address, safe='')}&language=fr",
        "error": ValueError(f"{{'address': {address!r}, 'n': 1}}"),
        "raw": f'Return-Path: <{address}>\r\nTo: "Ana B" <{address}>;'.encode(),
        "json": json.dumps({"to": address}),
    }
    said = repr(mask(None, "info", event))
    assert "@" not in said
    assert domain not in said
    assert "%40" not in said.lower()


def test_long_line_without_an_address_takes_no_longer_than_its_length() -> None:
    """A megabyte without a blank is masked in a moment: no pattern goes back over it."""
    said = mask(None, "info", {"event": "x" * 1_000_000, "url": "a%20" * 250_000})
    assert len(str(said["event"])) == 1_000_000


@pytest.mark.parametrize(
    "words",
    [
        "GET /u/Zm9vYmFyYmF6cXV4cXV1eA 200",
        "GET /feeds/v/utc/private/Zm9vYmFyYmF6cXV4cXV1eA.ics",
        "GET /fr/feeds/private/Zm9vYmFyYmF6cXV4cXV1eA.json?x",
        "GET /feeds/my-edit/Zm9vYmFyYmF6cXV4cXV1eA",
        "next=%2Fc%2FZm9vYmFyYmF6cXV4cXV1eA",
        "Authorization: Basic Zm9vYmFyYmF6cXV4cXV1eA",
        "sent Bearer Zm9vYmFyYmF6cXV4cXV1eA to it",
        "Cookie: session=Zm9vYmFyYmF6cXV4cXV1eA",
        "{'password': 'Zm9vYmFyYmF6cXV4cXV1eA'}",
        "smtp://relay:Zm9vYmFyYmF6cXV4cXV1eA@mx:587",
        "Key (address_key)=(Zm9vYmFyYmF6cXV4cXV1eA) already exists.",
        "Failing row contains (12, Zm9vYmFyYmF6cXV4cXV1eA, null).",
    ],
)
def test_what_opens_a_door_is_masked_and_the_rest_stays(words: str) -> None:
    """Tokens of readers and of private feeds, headers that sign in, passwords, rows that a server quotes."""
    said = str(mask(None, "info", {"event": words})["event"])
    assert "Zm9v" not in said
    assert "***" in said
    assert said.split(maxsplit=1)[0][:6] == words.split(maxsplit=1)[0][:6]


def test_value_under_a_secret_name_is_masked_whatever_it_is() -> None:
    """`log.info(..., password=...)` tells nothing."""
    assert mask(None, "info", {"event": "x", "smtp_password": "p", "rows": [{"token": "t"}]}) == {
        "event": "x",
        "smtp_password": "***",
        "rows": [{"token": "***"}],
    }


def test_line_that_cannot_be_written_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """Where words and arguments do not fit, logging itself would print them unmasked."""
    start_logging(level="info", form="text")
    logging.getLogger("iscm.test").info("%d letters", "ana@example.org")
    said = capsys.readouterr().err
    assert said == "a log line of iscm.test could not be written\n"


def test_error_of_the_database_names_no_reader(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLAlchemy quotes parameters and PostgreSQL quotes rows: neither comes through, on either database."""
    start_logging(level="info", form="json")

    def reader() -> Subscriber:
        return Subscriber(
            address="ana@example.org", address_key="ana@example.org", name=NAME,
            language="en", state=SubscriberState.CONFIRMED, created_at=NOW,
        )  # fmt: skip

    try:
        with database.writing() as session:
            session.add_all([reader(), reader()])
    except SQLAlchemyError:
        logging.getLogger("iscm.test").exception("not kept")
    try:
        with database.writing() as session:
            session.execute(text("INSERT INTO subscribers (name) VALUES (:name)"), {"name": NAME})
    except SQLAlchemyError:
        logging.getLogger("iscm.test").exception("not kept")
    said = capsys.readouterr().err
    assert said.count("IntegrityError") >= 2
    assert [found for found in ("ana@", "Quintero", "example.org") if found in said] == []


@pytest.mark.parametrize("where", ["thread", "end"])
def test_defect_that_nobody_caught_is_masked_too(where: str) -> None:
    """Python's own last words, of a thread and of a process, hold no address either."""
    program = """
import threading
from iscm.logs import start_logging
start_logging(level="info", form="text")
def fail():
    raise ValueError("no room for ana@example.org")
"""
    program += {"thread": "t = threading.Thread(target=fail); t.start(); t.join()", "end": "fail()"}[where]
    ended = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, env=dict(os.environ)
    )
    assert "no room for ***" in ended.stderr
    assert "ana@" not in ended.stderr
