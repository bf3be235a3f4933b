"""Texts in both forms: the same words, cleaned, with their links."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.highlights import Link, Paragraph
from newsletter.markup import marked, plain
from newsletter.preflight.words import words_of_html, words_of_text

DECLARATION = Link(words="Rome Declaration", address="https://iscm.example/rome?a=1&b=2")


def _node(text: str, edited: str | None = None, *links: Link) -> Paragraph:
    return Paragraph(key="x", text=text, edited=edited, links=links)


def test_records_text_is_plain_and_linked_where_its_words_stand() -> None:
    """Nothing in it is read as Markdown or HTML; the first place of the words carries the address."""
    words = marked(_node("*The* <b>Rome Declaration & Rome Declaration", None, DECLARATION))
    assert words.html == (
        '*The* &lt;b&gt;<a href="https://iscm.example/rome?a=1&amp;b=2">Rome Declaration</a> &amp; Rome Declaration'  # noqa: E501 - a sentence stands whole
    )
    assert (words.text, words.addresses) == (
        "*The* <b>Rome Declaration & Rome Declaration",
        (DECLARATION.address,),
    )


def test_editors_markdown_keeps_the_records_links_where_their_words_are_left() -> None:
    """They are put into plain words only, never into another link, and go with the words."""
    words = marked(
        _node("x", "The **Rome Declaration** and [the Rome Declaration](https://o.example).", DECLARATION)
    )
    assert words.html == (
        'The <strong><a href="https://iscm.example/rome?a=1&amp;b=2">Rome Declaration</a></strong> and '
        '<a href="https://o.example">the Rome Declaration</a>.'
    )
    assert marked(_node("x", "Nothing of it.", DECLARATION)).addresses == ()


def test_sections_own_text_has_paragraphs_lists_and_quotations() -> None:
    """In HTML as elements, in text by empty lines, dashes, numbers and marks."""
    words = marked(_node("", "Dear *readers*,\n\n- one\n- two\n\n3. three\n\n> said\n\nEnd"), in_blocks=True)
    assert words.html == (
        "<p>Dear <em>readers</em>,</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<ol>\n<li>three</li>\n</ol>\n"  # noqa: E501 - a sentence stands whole
        "<blockquote>\n<p>said</p>\n</blockquote>\n<p>End</p>\n"
    )
    assert words.text == "Dear readers,\n\n- one\n- two\n\n3. three\n\n> said\n\nEnd"


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        '<img src="https://tracker.example/p.gif">',
        "![x](https://tracker.example/p.gif)",
        '<a href="https://x.example" onclick="x()">x</a>',
        "<style>body{display:none}</style>",
    ],
)
def test_nothing_an_editor_writes_runs_loads_or_hides(written: str) -> None:
    """HTML stays text; addresses of other schemes and pictures from elsewhere make nothing."""
    html = marked(_node("", written), in_blocks=True).html
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "a"}
    assert re.findall(r"<a (?!href=\"https://[^\"]*\">)", html) == []


@given(st.text(alphabet="ab*_`[]()<>&\\#-+.!~1 \n\"'é—:/", max_size=60), st.booleans())
def test_both_forms_say_the_same_whatever_is_written(written: str, in_blocks: bool) -> None:  # noqa: FBT001 - hypothesis gives it by place
    """Reduced to words, HTML and text are equal; the words of editors never get lost in one of them."""
    words = marked(_node("x", written), in_blocks=in_blocks)
    bare = [word.strip("->") for word in words_of_html(words.html)]
    assert [word for word in bare if word] == [
        word for word in (one.strip("->") for one in words_of_text(words.text)) if word
    ]


def test_plain_is_one_line() -> None:
    """As a subject needs it."""
    assert plain(_node("x", "News of\n the *year*")) == "News of the year"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("On 23–24 January 2017.", 'On <span class="span">23–24</span> January 2017.'),
        ("May–June 2017", '<span class="span">May–June</span> 2017'),
        ("31 January – 1 February 2024", "31 January – 1 February 2024"),
        ("The Africa–Europe talks of 5 May", "The Africa–Europe talks of 5 May"),
    ],
)
def test_span_of_days_or_months_stays_on_one_line(text: str, html: str) -> None:
    """A line may break after an en dash; the style keeps it from it, and the words are the same."""
    words = marked(_node(text))
    assert (words.html, words.text) == (html, text)
    assert words_of_html(words.html) == words_of_text(words.text)


def test_span_in_an_address_is_left_alone() -> None:
    """Only what is read is marked, also inside a link, where an editor wrote it, and beside a bracket."""
    link = Link(words="Days 8–10", address="https://o.example/8–10?a=>9–9")
    assert marked(_node("Days 8–10.", None, link)).html == (
        '<a href="https://o.example/8–10?a=&gt;9–9">Days <span class="span">8–10</span></a>.'
    )
    assert '<em><span class="span">8–10</span> June</em>' in marked(_node("x", "*8–10 June*")).html
