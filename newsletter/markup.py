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

from newsletter.highlights import Foreign, Link, Told
from templates.dates import month_name
from templates.isolates import FIRST_STRONG_ISOLATE, POP_ISOLATE, runs_from_right
from templates.languages import ENGLISH

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
_TAGS: Final = {"p", "ul", "ol", "li", "blockquote", "em", "strong", "a", "br", "bdi"}
_MONTH: Final = "|".join(month_name(month) for month in range(1, 13))
# Tags stand first, so that no address in them is taken for a span.
_TAG_OR_SPAN: Final = re.compile(
    rf'<(?:[^>"]|"[^"]*")*>|(?P<span>\b(?:\d{{1,4}}–\d{{1,4}}|(?:{_MONTH})–(?:{_MONTH}))\b)'
)
# Letters of the Latin, Greek and Cyrillic alphabets, and what may stand between two words of one name.
_LATIN: Final = r"[A-Za-zÀ-ɏͰ-ӿ]"
_WORD: Final = rf"{_LATIN}[\w'’.@-]*"
_FROM_LEFT: Final = re.compile(rf"{_WORD}(?:(?:[ /&–]|, |: | & | – )(?:{_WORD}|\d+(?=\W|$)))*(?<![.'’-])")
_SCHEMES: Final = {"http", "https", "mailto"}


@dataclass(frozen=True, slots=True)
class Marked:
    """One text in both forms, and the addresses its links lead to, in order."""

    html: Markup
    text: str
    addresses: tuple[str, ...]


def marked(node: Told, *, in_blocks: bool = False, language: str = ENGLISH) -> Marked:
    """Return what a node says in an edition of that language.

    in_blocks allows several paragraphs and lists; otherwise it is one line. Words of another language are
    marked with it, and in a text that runs from right to left whatever does not is kept apart.
    """
    if node.edited is None:
        tokens = [_inline([_text(node.text)])]
        parsed = tokens if not in_blocks else _paragraph(tokens)
    elif in_blocks:
        parsed = _MARKDOWN.parse(node.edited)
    else:
        parsed = _MARKDOWN.parseInline(" ".join(node.edited.split()))
    keeps_apart = runs_from_right(node.edited_in or language)
    return _both(
        [_with_marks(token, node, keeps_apart=keeps_apart) for token in parsed], keeps_apart=keeps_apart
    )


def words_of(text: str, *, language: str) -> Marked:
    """Return words that are no node of their own, such as a name or a heading, in both forms."""
    return marked(Told(key="", text=text), language=language)


def plain(node: Told) -> str:
    """Return what a node says as one line of plain text, for a subject or a title."""
    return marked(node).text


def _both(tokens: Sequence[Token], *, keeps_apart: bool = False) -> Marked:
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    cleaned = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href"}, "bdi": {"lang"}}, url_schemes=_SCHEMES, link_rel=None
    )
    return Marked(
        html=Markup(_unbroken(cleaned)),  # noqa: S704 - nh3 has just cleaned it
        text=_as_text(tokens, keeps_apart=keeps_apart),
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


def _with_marks(token: Token, node: Told, *, keeps_apart: bool) -> Token:
    if token.children is not None:
        token.children = _foreign(_linked(token.children, node.links), node.foreign)
        if keeps_apart:
            token.children = list(_kept_apart(token.children))
    return token


def _foreign(children: list[Token], foreign: Sequence[Foreign]) -> list[Token]:
    """Mark words of another language, wherever they stand."""
    tokens = children
    for words in sorted(foreign, key=lambda one: len(one.words), reverse=True):
        marked_so_far: list[Token] = []
        inside = False
        for token in tokens:
            inside = token.type == "bdi_open" or (inside and token.type != "bdi_close")
            if token.type != "text" or inside or words.words not in token.content:
                marked_so_far.append(token)
                continue
            before, _, after = token.content.partition(words.words)
            marked_so_far += [_text(before)] if before else []
            marked_so_far += _apart(words.words, language=words.language)
            marked_so_far += [_text(after)] if after else []
        tokens = marked_so_far
    return tokens


def _kept_apart(tokens: Iterable[Token]) -> Iterator[Token]:
    """Put each run of words that runs from left to right between marks, so that nothing beside it moves."""
    inside = False
    for token in tokens:
        inside = token.type == "bdi_open" or (inside and token.type != "bdi_close")
        if token.type != "text" or inside:
            yield token
            continue
        place = 0
        for found in _FROM_LEFT.finditer(token.content):
            if found.start() > place:
                yield _text(token.content[place : found.start()])
            yield from _apart(found[0])
            place = found.end()
        if place < len(token.content):
            yield _text(token.content[place:])


def _apart(words: str, *, language: str = "") -> list[Token]:
    opened = Token("bdi_open", "bdi", 1, attrs={"lang": language} if language else {})
    return [opened, _text(words), Token("bdi_close", "bdi", -1)]


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


def _as_text(tokens: Sequence[Token], *, keeps_apart: bool) -> str:
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
                words = _inline_text(token.children or (), keeps_apart=keeps_apart)
                lines.append(f"{'> ' * quoted}{indent}{opened}{words}")
                number_of_items = number_of_items + 1 if lists else 0
                opened = ""
    return "".join(lines)


def _inline_text(children: Iterable[Token], *, keeps_apart: bool) -> str:
    return "".join(_word(token, keeps_apart=keeps_apart) for token in children)


def _word(token: Token, *, keeps_apart: bool) -> str:
    match token.type:
        case "text":
            return token.content
        case "softbreak" | "hardbreak":
            return " "
        case "bdi_open" if keeps_apart:
            return FIRST_STRONG_ISOLATE
        case "bdi_close" if keeps_apart:
            return POP_ISOLATE
        case _:
            return ""
