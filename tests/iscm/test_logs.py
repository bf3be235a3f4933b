"""Log lines: where they go, and what must not be in them."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from iscm.logs import mask, start_logging


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Logging belongs to the process; the next test finds it as this one did."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
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
