"""Markdown as pages show it: headings in order, blocks in their places, nothing loaded from anywhere."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.markdown import Directive, Heading, Prose, leads, read_markdown

ALLOWED = {
    "p", "ul", "ol", "li", "blockquote", "em", "strong", "a", "br", "hr", "table", "thead", "tbody", "tr",
    "th", "td", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
FRAGMENTS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<iframe src='//e.x'>", "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))",
    "[a](java&#115;cript:alert(1))", "[a](data:text/html,x)", "[a](//evil.example)", "[a](/\\evil.example)",
    "[a](\\/evil.example)", "[a](https:evil.example)", "![a](https://evil.example/p.png)",
    "![a](data:image/svg+xml,<svg>)", "[![a](//e.x/p)](//e.x)", "<javascript:alert(1)>",
    "<https://ok.example>", "[a](vbscript:x)", "[a](file:///etc/passwd)", "[a](ftp://e.x)",
    "[a](https://ok.example 'x\" onclick=\"y')", '[a](</mechanisms> "t")', "[[iom-roles]]", "[[x y]]",
    "[[", "]]", "# ", "## ", "###### ", "\n", "\n\n", "> ", "- ", "1. ", "| a | b |\n|---|---|\n| ", "**",
    "*", "_", "\\", "`", "&lt;", "&#x3c;script&#x3e;", "<!--", "-->", "]]>", "<style>", "</p>", "text",
    "mailto:a@b.c", "[a](#x)", "[a](#)", "\t", "    ", "\u2028", "\u0000", "\u202e", "\u00e9\u00e8",
    "\u0645\u0631\u062d\u0628\u0627",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=25).map("".join)


class Seen(HTMLParser):
    """The tags of a piece of HTML with their attributes."""

    def __init__(self, html: str) -> None:
        """Read it."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one."""
        self.tags.append((tag, dict(attrs)))


def html_of(text: str) -> str:
    """The prose of a text, in one piece."""
    return "".join(part.html for part in read_markdown(text).parts if isinstance(part, Prose))


@given(TEXTS)
def test_text_of_any_kind_runs_and_loads_nothing(text: str) -> None:
    """Whatever is written, only plain tags come out, and links to pages, headings or mailboxes."""
    for tag, attributes in Seen(html_of(text)).tags:
        assert tag in ALLOWED
        assert set(attributes) <= {"href", "rel", "id", "start", "title", "class"}
        if tag == "a" and "href" in attributes:
            href = str(attributes["href"])
            assert re.match(r"https?://[^/]|mailto:[^@]*@|#.|/(?![/\\])|/$", href)
            assert (attributes.get("rel") == "external") is href.startswith("http")


@given(TEXTS)
def test_headings_skip_no_level_and_have_names_of_their_own(text: str) -> None:
    """The first heading is h2, none lies more than one level below the one before, no name stands twice."""
    headings = read_markdown(text).headings
    levels = [1, *(heading.level for heading in headings)]
    assert [after for before, after in pairwise(levels) if after > before + 1 or after < 2] == []
    names = [heading.id for heading in headings]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)
    ids = [attributes["id"] for _, attributes in Seen(html_of(text)).tags if "id" in attributes]
    assert ids == names


@given(TEXTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    """What a page shows is a function of its text alone."""
    first = read_markdown(text)
    read_markdown.cache_clear()
    assert read_markdown(text) == first


def test_directive_stands_where_its_paragraph_does() -> None:
    """Blocks come between stretches of prose, with their lines; elsewhere they are text."""
    parts = read_markdown(
        "One.\n\n[[iom-roles]]\n\n[[ theme  gcm ]]\nTwo [[emerging]].\n\n> [[dormant]]\n"
    ).parts
    assert [part if isinstance(part, Directive) else str(part.html) for part in parts] == [
        "<p>One.</p>\n",
        Directive("iom-roles", None, 3),
        "<p>[[ theme  gcm ]]\nTwo [[emerging]].</p>\n<blockquote>\n<p>[[dormant]]</p>\n</blockquote>\n",
    ]


def test_headings_begin_at_h2_whatever_the_text_began_with() -> None:
    """Names are made of the words, numbered where they repeat, and keep off those of the page around."""
    found = read_markdown("### A *b*\n\n##### C\n\n# Content\n\n# A b\n\n# مرحبا\n").headings
    assert found == (
        Heading(2, "a-b", "A b"),
        Heading(3, "c", "C"),
        Heading(2, "content-2", "Content"),
        Heading(2, "a-b-2", "A b"),
        Heading(2, "part", "مرحبا"),
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[a](https://iom.int/b)", '<p><a href="https://iom.int/b" rel="external">a</a></p>\n'),
        ("[a](/mechanisms)", '<p><a href="/mechanisms">a</a></p>\n'),
        ("[a](#b)", '<p><a href="#b">a</a></p>\n'),
        ("[a](mailto:a@b.example)", '<p><a href="mailto:a@b.example">a</a></p>\n'),
        ("[*a*](javascript:alert)", "<p><em>a</em></p>\n"),
        ("[a](//evil.example)", "<p>a</p>\n"),
        ("![a map](https://evil.example/x.png)", "<p>a map</p>\n"),
        ("a <b>b</b>", "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n"),
        ("    four spaces", "<p>four spaces</p>\n"),
        (
            "| a |\n|--:|\n| 1 |",
            (
                '<table class="table">\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n'
                "<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n"
            ),
        ),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n'),
    ],
)
def test_text_as_html(text: str, html: str) -> None:
    """Links to elsewhere are marked, bad ones and pictures leave their words, HTML stays text."""
    assert html_of(text) == html


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/about/terms#rcp", "own"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("/%5Cevil.example", None),
        ("#rcp", "fragment"),
        ("#", None),
        ("https://www.iom.int", "web"),
        ("https:///path", None),
        ("http://[::1", None),
        ("mailto:a@b.example", "mail"),
        ("mailto:", None),
        ("terms", None),
        ("", None),
        ("JAVASCRIPT:alert(1)", None),
        ("\tjavascript:alert(1)", None),
    ],
)
def test_address_leads_somewhere_safe_or_nowhere(address: str, kind: str | None) -> None:
    """Four kinds of address are let through; everything else is none."""
    assert leads(address) == kind
