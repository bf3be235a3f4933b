"""The clean HTML of a text as nested plain values, which the Typst template sets."""

from html.parser import HTMLParser
from typing import Any

Piece = dict[str, Any]
"""A text {"text": ...} or an element {"tag": ..., "inside": [...]}, with href and lang where it has such."""


class _Reader(HTMLParser):
    """Builds the tree. What it reads was cleaned before: every element is closed, but br."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Piece] = []
        self._open: list[list[Piece]] = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        piece: Piece = {"tag": tag, "inside": []}
        piece |= {name: value for name, value in attrs if name in {"href", "lang"} and value}
        self._open[-1].append(piece)
        if tag != "br":
            self._open.append(piece["inside"])

    def handle_endtag(self, tag: str) -> None:
        if tag != "br" and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() or self._open[-1] is not self.root:
            self._open[-1].append({"text": data})


def pieces_of(html: str) -> list[Piece]:
    """Return the pieces of a text that `newsletter.markup` made."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root
