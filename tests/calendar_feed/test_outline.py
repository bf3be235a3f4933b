"""Outlines: two that agree are sound together, and whatever could be unsound stays in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.content_line import content_line, fold, text_value
from calendar_feed.outline import outline
from calendar_feed.selfcheck import event_faults, faults_beside
from tests.calendar_feed.sample import SAMPLE_EVENT

BODY = b"".join(fold(line.encode()) for line in SAMPLE_EVENT.splitlines())
_LINES = BODY.split(b"\r\nSUMMARY;LANGUAGE=en:", 1)[0] + b"\r\n"
_REST = b"\r\nDESCRIPTION" + BODY.split(b"\r\nDESCRIPTION", 1)[1]


@given(st.text())
def test_other_words_leave_the_same_outline_and_are_sound(words: str) -> None:
    """Any text at all, in another language, as we write it."""
    other = _LINES + content_line("SUMMARY;LANGUAGE=ar", text_value(words)).removesuffix(b"\r\n") + _REST
    assert outline(other) == outline(BODY)
    assert faults_beside(other, sound=BODY) == event_faults(other) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"SUMMARY;LANGUAGE=en:", b"SUMMARY;LANGUAGE=en:half, of it\r\nX-A:"),
        (b"SUMMARY;LANGUAGE=en:", b"SUMMARY;LANGUAGE=en:a;b "),
        (b"SUMMARY;LANGUAGE=en:", b"SUMMARY;LANGUAGE=en:a\\b "),
        (b"SUMMARY;LANGUAGE=en:", b"SUMMARY;LANGUAGE=english:"),
        (b"SEQUENCE:1", b"SEQUENCE:2"),
        (b"DTSTART;TZID=Europe/Brussels:20270317T093000", b"DTSTART;TZID=Europe/Brussels:20270317T180000"),
        (b"\r\nLAST-MODIFIED:20261120T091500Z", b"\r\nLAST-MODIFIED:20261120T091501Z"),
        (b"\r\nURL:", b"\r\nURL:not an address "),
        (b"CLASS:PUBLIC\r\n", b""),
        (b"STATUS:CONFIRMED", b"STATUS:CONFIRMED\r\nATTENDEE:mailto:x@example.org"),
    ],
)
def test_what_is_not_words_stays_in_the_outline(old: bytes, new: bytes) -> None:
    """Then the whole event is read back, as if there were no other."""
    assert old in BODY
    broken = BODY.replace(old, new)
    assert outline(broken) != outline(BODY)
    assert faults_beside(broken, sound=BODY) == event_faults(broken)
