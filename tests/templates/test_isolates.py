"""Isolates: round foreign words in text that runs from right to left, nowhere else, and always in pairs."""

import pytest

from templates.isolates import balanced, isolated


@pytest.mark.parametrize(
    ("text", "language", "put"),
    [
        ("GFMD", "ar", "\u2068GFMD\u2069"),
        ("08:30–16:00 UTC", "ar", "\u206808:30–16:00 UTC\u2069"),
        ("عملية الرباط", "ar", "عملية الرباط"),
        ("8–10", "ar", "8–10"),
        ("GFMD", "fr", "GFMD"),
        # What somebody hid in a text is taken out before.
        ("a\u202eb\u2069\u2068", "ar", "\u2068ab\u2069"),
        ("a\u202eb\u2069\u2068", "en", "ab"),
    ],
)
def test_words_that_run_the_other_way_are_kept_apart(text: str, language: str, put: str) -> None:
    """Only a letter that runs from left to right asks for it."""
    assert isolated(text, language=language) == put


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\u2068a\u2069 b", "\u2068a\u2069 b"),
        ("\u2068a \u2068b\u2069\u2069", "\u2068a \u2068b\u2069\u2069"),
        ("\u2069a\u2068", "a"),
        ("\u2068a", "a"),
    ],
)
def test_isolates_that_are_not_closed_are_taken_out(text: str, kept: str) -> None:
    """One left open would turn around what a program writes behind it."""
    assert balanced(text) == kept
