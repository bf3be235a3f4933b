"""Texts of nodes as HTML and as plain text, from one stream of tokens, so that both say the same.

What the record says is plain text. What editors write is a small Markdown: paragraphs, lists, quotations,
emphasis and links; HTML in it stays text, and what comes out is cleaned all the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from newsletter.highlights import Link, Told
from templates.dates import month_name

_RULES: Final = (
    "paragraph",
    "list",
    "blockquote",
    "emphasis",
    "link",
    "autolink",
    "escape",
    "entity",
    "newline",
)
_MARKDOWN: Final = MarkdownIt("zero", {"html": False}).enable(list(_RULES), ignoreInvalid=True)
_TAGS: Final = {"p", "ul", "ol", "li", "blockquote", "em", "strong", "a", "br"}
_MONTH: Final = "|".join(month_name(month) for month in range(1, 13))
# Tags stand first, so that no address in them is taken for a span.
_TAG_OR_SPAN: Final = re.compile(
    rf'<(?:[^>"]|"[^"]*")*>|(?P<span>\b(?:\d{{1,4}}–\d{{1,4}}|(?:{_MONTH})–(?:{_MONTH}))\b)'
)
_SCHEMES: Final = {"http", "https", "mailto"}


@dataclass(frozen=True, slots=True)
class Marked:
    """One text in both forms, and the addresses its links lead to, in order."""

    html: Markup
    text: str
    addresses: tuple[str, ...]


def marked(node: Told, *, in_blocks: bool = False) -> Marked:
    """Return what a node says. in_blocks allows several paragraphs and lists; otherwise it is one line."""
    if node.edited is None:
        tokens = [_inline(_linked([_text(node.text)], node.links))]
        return _both(tokens if not in_blocks else _paragraph(tokens))
    if in_blocks:
        return _both([_with_links(token, node.links) for token in _MARKDOWN.parse(node.edited)])
    parsed = _MARKDOWN.parseInline(" ".join(node.edited.split()))
    return _both([_with_links(token, node.links) for token in parsed])


def plain(node: Told) -> str:
    """Return what a node says as one line of plain text, for a subject or a title."""
    return marked(node).text


def _both(tokens: Sequence[Token]) -> Marked:
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    cleaned = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None)
    return Marked(
        html=Markup(_unbroken(cleaned)),  # noqa: S704 - nh3 has just cleaned it
        text=_as_text(tokens),
        addresses=tuple(dict.fromkeys(_addresses(tokens))),
    )


def _unbroken(html: str) -> str:
    """Keep each span like 23–24 or May–June on one line: without this, lines break after the dash.

    A style does it, not a word joiner, which some mail programs show as a box.
    """
    return _TAG_OR_SPAN.sub(
        lambda found: f'<span class="span">{found["span"]}</span>' if found["span"] else found[0], html
    )


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _inline(children: Iterable[Token]) -> Token:
    return Token("inline", "", 0, children=list(children))


def _paragraph(tokens: list[Token]) -> list[Token]:
    return [
        Token("paragraph_open", "p", 1, block=True),
        *tokens,
        Token("paragraph_close", "p", -1, block=True),
    ]


def _with_links(token: Token, links: Sequence[Link]) -> Token:
    if token.children is not None:
        token.children = list(_linked(token.children, links))
    return token


def _linked(children: Iterable[Token], links: Sequence[Link]) -> list[Token]:
    """Put each link on the first place where its words stand outside another link.

    Words an editor took out have none.
    """
    tokens = list(children)
    for link in links:
        inside = False
        for place, token in enumerate(tokens):
            inside = token.type == "link_open" or (inside and token.type != "link_close")
            if token.type == "text" and not inside and link.words in token.content:
                before, _, after = token.content.partition(link.words)
                tokens[place : place + 1] = [
                    *([_text(before)] if before else []),
                    Token("link_open", "a", 1, attrs={"href": link.address}),
                    _text(link.words),
                    Token("link_close", "a", -1),
                    *([_text(after)] if after else []),
                ]
                break
    return tokens


def _addresses(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "link_open" and (address := str(token.attrs.get("href", ""))):
            yield address
        if token.children:
            yield from _addresses(token.children)


def _as_text(tokens: Sequence[Token]) -> str:
    """Write block tokens as plain text.

    Paragraphs apart by an empty line, items after a dash or their number.
    """
    lines: list[str] = []
    lists: list[int | None] = []
    quoted = number_of_items = 0
    opened = ""
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                number_of_items = number_of_items if lists else 0
                lists.append(int(token.attrs.get("start", 1)) if token.tag == "ol" else None)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                opened = "- " if number is None else f"{number}. "
                lists[-1] = None if number is None else number + 1
            case "blockquote_open":
                quoted += 1
            case "blockquote_close":
                quoted -= 1
            case "inline":
                indent = "  " * max(len(lists) - 1, 0)
                if lines:
                    lines.append("\n" if opened and number_of_items else "\n\n")
                lines.append(f"{'> ' * quoted}{indent}{opened}{_inline_text(token.children or ())}")
                number_of_items = number_of_items + 1 if lists else 0
                opened = ""
    return "".join(lines)


def _inline_text(children: Iterable[Token]) -> str:
    words = (
        " " if token.type in {"softbreak", "hardbreak"} else token.content
        for token in children
        if token.type in {"text", "softbreak", "hardbreak"}
    )
    return "".join(words)
