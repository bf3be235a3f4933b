"""Reducing a letter's parts to words."""

from newsletter.preflight.words import words_of_html, words_of_text


def test_html_is_reduced_to_what_is_read() -> None:
    """Nothing of the head, nothing hidden, no addresses; blocks part words, inline elements do not."""
    html = (
        "<html><head><title>T</title><style>p{}</style></head><body><p>One<br>two <b>th</b>ree</p>"
        '<td aria-hidden="true"><div>hidden<br>too</div></td><p>four &amp; https://x.example/a five</p></body></html>'  # noqa: E501 - a sentence stands whole
    )
    assert words_of_html(html) == ["One", "two", "three", "four", "&", "five"]


def test_text_is_reduced_to_the_same_words() -> None:
    """Underlines, bullets, numbers of lists, marks of quotations and addresses are form, not content."""
    text = "One\n===\n\n- two three\n1. four\n> & five\nhttps://x.example/u/TOKEN\n---\n"
    assert words_of_text(text) == ["One", "two", "three", "four", "&", "five"]


def test_dash_inside_a_line_stays() -> None:
    """A span of days is content."""
    assert words_of_text("31 January – 1 February, well-known - so") == [
        "31", "January", "–", "1", "February,", "well-known", "-", "so",
    ]  # fmt: skip
