"""What is written into the record is clean, or refused with the reason."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import plain_text
from models.meeting import Kind
from models.refusal import Refusal


@given(st.text())
def test_line_that_is_taken_is_clean_and_stays_as_it_is(written: str) -> None:
    """A line on record is NFC, without controls or blanks at its ends; read again it is the same."""
    try:
        kept = plain_text.line(written, name="title")
    except Refusal:
        return
    if kept is not None:
        assert (
            kept == kept.strip() == unicodedata.normalize("NFC", kept) == plain_text.line(kept, name="title")
        )
        assert not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in kept)


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (lambda: plain_text.required_line("  ", name="title"), "The title is empty; write one."),
        (
            lambda: plain_text.line("x" * 501, name="title"),
            "The title has 501 characters; at most 500 are kept. Shorten it.",
        ),
        (
            lambda: plain_text.line("a\x00b", name="title"),
            "The title holds a character that cannot be printed (U+0000); leave it out.",
        ),
        (
            lambda: plain_text.line("Lusaka\nLilongwe", name="city"),
            "The city holds a character that cannot be printed (U+000A); leave it out.",
        ),
        (
            lambda: plain_text.line("evil\u202egnp.exe", name="title"),
            "The title holds a character that cannot be printed (U+202E); leave it out.",
        ),
        (
            lambda: plain_text.line("broken \udcff byte", name="title"),
            "The title holds a character that cannot be printed (U+DCFF); leave it out.",
        ),
        (lambda: plain_text.line(7, name="title"), "The title must be a text, not 7."),
        (
            lambda: plain_text.web_address("www.example.org", name="web address"),
            (
                "“www.example.org” is not a web address; write the web address whole, like "
                "https://www.example.org/."
            ),
        ),
        (
            lambda: plain_text.web_address("javascript:alert(1)", name="join link"),
            (
                "“javascript:alert(1)” is not a web address; write the join link whole, like "
                "https://www.example.org/."
            ),
        ),
        (
            lambda: plain_text.web_address("https://exa mple.org/", name="join link"),
            (
                "“https://exa mple.org/” is not a web address; write the join link whole, like "
                "https://www.example.org/."
            ),
        ),
        (
            lambda: plain_text.web_address("https://example.org:port/", name="join link"),
            (
                "“https://example.org:port/” is not a web address; write the join link whole, like "
                "https://www.example.org/."
            ),
        ),
        (
            lambda: plain_text.word("gathering", Kind, name="kind"),
            (
                "“gathering” is not a kind this service knows; take one of: summit, ministerial, "
                "vice_ministerial, senior_officials, plenary, joint_plenary, grcp, extraordinary, "
                "high_level, consultation, steering_committee, working_group, technical, preparatory, "
                "side_event, workshop, training, webinar, other."
            ),
        ),
        (lambda: plain_text.country("Zambia"), "“Zambia” is not the code of a country; write ZM for Zambia."),
        (
            lambda: plain_text.language("French"),
            "“French” is not the code of a language; write it like en, fr or ar.",
        ),
    ],
)
def test_text_that_is_refused_says_why(check: Callable[[], Any], sentence: str) -> None:
    """Each sentence names the field, what is wrong with it, and what to write."""
    with pytest.raises(Refusal) as caught:
        check()
    assert str(caught.value) == sentence


def test_country_that_is_like_none_is_told_all_codes() -> None:
    """Where nothing comes near, every code is listed, territories and Kosovo too."""
    with pytest.raises(Refusal, match=r"ISO 3166-1: AD, AE, .*AS.* NC, .* TK, .* XK, .* ZW\.$"):
        plain_text.country("QQ")


def test_text_in_any_script_is_kept() -> None:
    """Arabic, Cyrillic, Tongan, Vietnamese letters, and Persian's joiners, come out as they go in."""
    written = "اجتماع كبار المسؤولين – Встреча – Nukuʻalofa – Hội nghị – می‌شود"
    assert plain_text.line(written, name="title") == written
    assert plain_text.country(" zm ") == "ZM"
    assert plain_text.word("Senior-Officials", Kind, name="kind") == "senior_officials"
    assert (
        plain_text.web_address("https://example.org/réunion?x=1#y", name="x")
        == "https://example.org/réunion?x=1#y"
    )
