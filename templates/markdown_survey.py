"""What stands in a text written in Markdown, with the line of each: links, pictures, HTML, directives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from templates.markdown import DIRECTIVE, MARKDOWN, RULES, Directive, directive_of, line_of

# Reads HTML only to find it; nothing is ever rendered by it.
_FINDER: Final = MarkdownIt("zero", {"html": True}).enable(
    [*RULES, "html_block", "html_inline"], ignoreInvalid=True
)


@dataclass(frozen=True, slots=True)
class At:
    """Something that stands in a text, as it is written, and its line, counted from 1."""

    words: str
    line: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands in a text. `loose` are directives that do not stand alone in a paragraph of their own."""

    links: tuple[At, ...]
    pictures: tuple[At, ...]
    html: tuple[At, ...]
    directives: tuple[Directive, ...]
    loose: tuple[At, ...]


def survey(text: str) -> Survey:
    """Return what stands in a text, each kind in the order of its lines."""
    tokens = MARKDOWN.parse(text)
    directives = [directive_of(tokens, place) for place in range(len(tokens))]
    placed = {place + 1 for place, directive in enumerate(directives) if directive}
    links: list[At] = []
    pictures: list[At] = []
    loose: list[At] = []
    for place, token in enumerate(tokens):
        if token.type != "inline":
            continue
        for line, child in _with_lines(token):
            if child.type == "link_open":
                links.append(At(str(child.attrs.get("href", "")), line))
            elif child.type == "image":
                pictures.append(At(str(child.attrs.get("src", "")), line))
        if place not in placed:
            loose += _loose(token)
    return Survey(
        tuple(links),
        tuple(pictures),
        tuple(_html(text)),
        tuple(one for one in directives if one),
        tuple(loose),
    )


def _loose(token: Token) -> Iterator[At]:
    for number, line in enumerate(token.content.split("\n")):
        for found in DIRECTIVE.finditer(line):
            yield At(found[0], line_of(token) + number)


def _html(text: str) -> Iterator[At]:
    for token in _FINDER.parse(text):
        if token.type == "html_block":
            yield At(token.content.strip().split("\n")[0], line_of(token))
        elif token.type == "inline":
            for line, child in _with_lines(token):
                if child.type == "html_inline":
                    yield At(child.content, line)


def _with_lines(token: Token) -> Iterator[tuple[int, Token]]:
    """Give the inline tokens of a block with the line of each."""
    line = line_of(token)
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
        yield line, child
