"""Pages of text written in Markdown: as clean HTML, with the places of blocks that are read from the record.

Editors write headings, paragraphs, lists, quotations, tables, emphasis and links. HTML stays text, pictures
become their words, and what comes out is cleaned all the same, so that nothing is loaded from anywhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from templates.text import slugify

RULES: Final = (
    "paragraph", "heading", "list", "blockquote", "hr", "table",
    "emphasis", "link", "autolink", "image", "escape", "entity", "newline",
)  # fmt: skip


class _Parser(MarkdownIt):
    """Takes every address for a link, so that a bad one is found and dropped, not shown as brackets."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Leave the judgement to `leads`."""
        del url
        return True


MARKDOWN: Final = _Parser("zero", {"html": False}).enable(list(RULES), ignoreInvalid=True)

DIRECTIVE: Final = re.compile(r"\[\[ *(?P<name>[a-z0-9-]+)(?: +(?P<argument>[a-z0-9-]+))? *\]\]")
"""A block of the record: [[name]] or [[name argument]], alone in its paragraph."""

_TOP, _DEEPEST = 2, 6
_HEADINGS: Final = {f"h{level}" for level in range(_TOP, _DEEPEST + 1)}
_TAGS: Final = {
    "p", "ul", "ol", "li", "blockquote", "em", "strong", "a", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td", *_HEADINGS,
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href", "rel"}, "ol": {"start"}, **{tag: {"id"} for tag in _HEADINGS}}
_SCHEMES: Final = {"http", "https", "mailto"}
# Names that the page around the text has given away already.
_TAKEN_IDS: Final = ("content", "contents", "masthead-search", "pages")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level from 2 on, the name by which links find it, and its words."""

    level: int
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of text, as clean HTML."""

    html: Markup


@dataclass(frozen=True, slots=True)
class Directive:
    """The place of a block that is read from the record. line counts from 1."""

    name: str
    argument: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as a page shows it: stretches and blocks in their order, and its headings."""

    parts: tuple[Prose | Directive, ...]
    headings: tuple[Heading, ...]


@lru_cache(maxsize=128)
def read_markdown(text: str) -> Reading:
    """Return what a page shows for a text; there is none that it fails on.

    The highest level of heading used becomes h2 and none below is skipped. A link that leads neither to this
    site, nor to http(s), nor to a mailbox is left as its words.
    """
    tokens = MARKDOWN.parse(text)
    headings = tuple(_name_headings(tokens))
    for token in tokens:
        if token.children:
            token.children = list(_safe(token.children))
    return Reading(tuple(_parts(tokens)), headings)


def leads(address: str) -> str | None:
    """Tell where an address leads: own (a path of this site), fragment, web, mail; None for nowhere safe."""
    # A backslash is a slash to browsers: /\example.org would leave the site.
    if "\\" in address or "%5C" in address.upper() or re.search(r"[\x00-\x20]", address):
        return None
    if address.startswith("#"):
        return "fragment" if len(address) > 1 else None
    if address.startswith("/"):
        return None if address.startswith("//") else "own"
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme in {"http", "https"}:
        return "web" if host else None
    return "mail" if parts.scheme == "mailto" and "@" in parts.path else None


def words_of(tokens: Sequence[Token] | None) -> str:
    """Return inline tokens as plain text."""
    found = []
    for token in tokens or ():
        if token.type in {"softbreak", "hardbreak"}:
            found.append(" ")
        elif token.type in {"text", "text_special"}:
            found.append(token.content)
        elif token.type == "image":
            found.append(words_of(token.children))
    return "".join(found)


def directive_of(tokens: Sequence[Token], place: int) -> Directive | None:
    """Return the directive that the paragraph opening at this place is, if it stands alone and outermost."""
    opening = tokens[place]
    if opening.type != "paragraph_open" or opening.level:
        return None
    found = DIRECTIVE.fullmatch(tokens[place + 1].content.strip())
    return Directive(found["name"], found["argument"], line_of(opening)) if found else None


def line_of(token: Token) -> int:
    """Return the line on which a block begins, counted from 1."""
    return token.map[0] + 1 if token.map else 1


def _parts(tokens: Sequence[Token]) -> Iterator[Prose | Directive]:
    begin = 0
    for place in range(len(tokens)):
        if directive := directive_of(tokens, place):
            yield from _prose(tokens[begin:place])
            yield directive
            begin = place + 3
    yield from _prose(tokens[begin:])


def _prose(tokens: Sequence[Token]) -> Iterator[Prose]:
    if tokens:
        html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
        cleaned = nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            set_tag_attribute_values={"table": {"class": "table"}},
            url_schemes=_SCHEMES,
            link_rel=None,
        )
        yield Prose(Markup(cleaned))  # noqa: S704 - nh3 has just cleaned it


def _name_headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Give every heading its level and its name, and tell them in order."""
    opened = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    highest = min((int(tokens[place].tag[1:]) for place in opened), default=1)
    before = _TOP - 1
    taken = set(_TAKEN_IDS)
    for place in opened:
        level = min(int(tokens[place].tag[1:]) - highest + _TOP, before + 1, _DEEPEST)
        words = words_of(tokens[place + 1].children)
        tokens[place].tag = tokens[place + 2].tag = f"h{level}"
        tokens[place].attrs["id"] = name = _free(slugify(words) or "part", taken)
        before = level
        yield Heading(level, name, words)


def _free(stem: str, taken: set[str]) -> str:
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


def _safe(children: Sequence[Token]) -> Iterator[Token]:
    """Mark links to elsewhere, leave out links to nowhere safe, and put words in place of pictures."""
    dropped = False
    for token in children:
        if token.type == "link_open":
            kind = leads(str(token.attrs.get("href", "")))
            dropped = kind is None
            if kind == "web":
                token.attrs["rel"] = "external"
        if token.type == "image":
            yield Token("text", "", 0, content=words_of(token.children))
        elif not (dropped and token.type in {"link_open", "link_close"}):
            yield token
