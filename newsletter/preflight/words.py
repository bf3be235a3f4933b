"""HTML and plain text reduced to the words a reader reads, so that the two parts can be compared."""

import re
from html.parser import HTMLParser
from typing import Final

from templates.isolates import FIRST_STRONG_ISOLATE, POP_ISOLATE

_ADDRESS: Final = re.compile(r"(?:https?|webcal)://\S+|mailto:\S+")
_UNDERLINE: Final = re.compile(r"^[=\-]{3,}$", re.MULTILINE)
_BULLET: Final = re.compile(r"^(?:> ?)*\s*(?:- |\d+\. )?", re.MULTILINE)
# A text part that runs from right to left keeps names apart by characters that HTML has elements for.
_ISOLATES: Final = dict.fromkeys(map(ord, (FIRST_STRONG_ISOLATE, POP_ISOLATE)))
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_INLINE: Final = frozenset(["a", "abbr", "b", "bdi", "em", "i", "span", "strong", "sub", "sup"])


class _Words(HTMLParser):
    """Collects what is read: nothing of the head, nothing that is hidden from a screen reader."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.said.append(" ")
        if tag in _VOID:
            return
        hides = tag in {"head", "style", "script"} or ("aria-hidden", "true") in attrs
        if hides or self._hidden:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.said.append(" ")
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def words_of_html(html: str) -> list[str]:
    """Return the words of a letter's HTML part in the order of reading; addresses of links are no words."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return _words("".join(reader.said))


def words_of_text(text: str) -> list[str]:
    """Return the words of a letter's text part, without underlines, bullets and addresses."""
    return _words(_BULLET.sub("", _UNDERLINE.sub("", text)))


def _words(said: str) -> list[str]:
    bare = _ADDRESS.sub(" ", said.translate(_ISOLATES)).split()
    return [word for word in bare if word != "·"]
