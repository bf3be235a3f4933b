"""Content lines: what goes in comes out of any reader, and nothing else gets in."""

import unicodedata

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.content_line import (
    FOLD_AT,
    clean,
    content_line,
    fold,
    parameter_value,
    text_list,
    text_value,
    unfold,
    uri_value,
)

ANY_TEXT = st.text(alphabet=st.characters(codec=None), max_size=400)
WORDS = st.text(alphabet='abc é日𝄞ʻ,;:\\"^\n', max_size=400)


@given(WORDS)
def test_fold_keeps_every_line_within_75_octets_and_every_character_whole(text: str) -> None:
    """Each physical line has at most 75 octets, decodes by itself, and unfolding gives the line back."""
    line = text.replace("\n", "").encode()
    folded = fold(line)
    physical = folded.removesuffix(b"\r\n").split(b"\r\n")
    assert folded.endswith(b"\r\n")
    assert all(len(part) <= FOLD_AT for part in physical)
    assert "".join(part.decode("utf-8") for part in [physical[0], *(part[1:] for part in physical[1:])]) == (
        line.decode()
    )
    assert unfold(folded) == line + b"\r\n"


def test_fold_leaves_a_line_of_75_octets_and_breaks_one_of_76() -> None:
    """The limit is 75 octets without the line end; the space of a continuation is counted."""
    assert fold(b"x" * 75) == b"x" * 75 + b"\r\n"
    assert fold(b"x" * 76) == b"x" * 75 + b"\r\n x\r\n"
    assert fold(b"x" * 150) == b"x" * 75 + b"\r\n " + b"x" * 74 + b"\r\n x\r\n"


def test_fold_moves_a_character_that_would_be_cut_to_the_next_line() -> None:
    """A letter of two octets that would begin on octet 75 begins the next line."""
    assert fold(("x" * 74 + "é").encode()) == b"x" * 74 + b"\r\n \xc3\xa9\r\n"


@given(ANY_TEXT)
def test_text_of_any_characters_is_read_back_cleaned(text: str) -> None:
    """A parser of another house reads exactly the cleaned text, whatever characters were given."""
    line = content_line("SUMMARY", text_value(text))
    calendar = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + line + b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    (event,) = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    assert str(event["SUMMARY"]) == clean(text).strip()


@given(ANY_TEXT)
def test_clean_text_has_no_control_character_and_is_in_nfc(text: str) -> None:
    """Of the control characters only LF is left; the text is normalised; cleaning again changes nothing."""
    cleaned = clean(text)
    assert {letter for letter in cleaned if unicodedata.category(letter) in {"Cc", "Cs"}} <= {"\n"}
    assert "\ufeff" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned


@given(ANY_TEXT)
def test_a_value_cannot_begin_a_property_of_its_own(text: str) -> None:
    """No text, address or parameter puts a line end into the calendar."""
    for value in (
        text_value(text),
        text_list([text, text]),
        uri_value(text),
        parameter_value(text).replace("\n", ""),
    ):
        assert "\n" not in value
        assert "\r" not in value
    assert "\n" not in parameter_value(text)


@pytest.mark.parametrize(
    ("given_text", "written"),
    [
        ("Justus Lipsius building, Brussels; Belgium", r"Justus Lipsius building\, Brussels\; Belgium"),
        ("one\r\ntwo\rthree\u2028four", r"one\ntwo\nthree\nfour"),
        (r"C:\new", r"C:\\new"),
        ("  spaces at the ends \n", "spaces at the ends"),
        ("bell\x07 and tab\tand nul\x00", "bell and tab and nul"),
        ("Cafe\u0301", "Café"),
        ("\ufeffNuku\u02bbalofa", "Nukuʻalofa"),
        ("المنتدى الإقليمي", "المنتدى الإقليمي"),
    ],
)
def test_text_value_is_written_as_rfc_5545_asks(given_text: str, written: str) -> None:
    """Backslash, semicolon, comma and line end are escaped; what cannot be seen is gone."""
    assert text_value(given_text) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("en", "en"),
        ("Join online", '"Join online"'),
        ("a,b", '"a,b"'),
        ('say "yes" ^', '''"say ^'yes^' ^^"'''),
        ("two\nlines", '"two^nlines"'),
    ],
)
def test_parameter_value_is_quoted_where_it_must_be(value: str, written: str) -> None:
    """Parameters are quoted (RFC 5545) and what quotes cannot hold is written with carets (RFC 6868)."""
    assert parameter_value(value) == written


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f"),
        ("https://example.org/Brasília", "https://example.org/Bras%C3%ADlia"),
        ("https://example.org/a b\r\nATTENDEE:x", "https://example.org/a%20b%0AATTENDEE:x"),
        ("https://example.org/100%25", "https://example.org/100%25"),
    ],
)
def test_uri_value_encodes_what_an_address_may_not_hold(address: str, written: str) -> None:
    """Addresses stay as they are where they are addresses; line ends and letters beyond ASCII are encoded."""
    assert uri_value(address) == written
