"""Finds what a template says to people without asking the catalogue."""

import re
from html.parser import HTMLParser
from typing import Final

from templates.environment import environment

# Attributes whose words people read or hear.
_SPOKEN: Final = {
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "aria-description",
    "content",
    "label",
}
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_PHRASE: Final = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")
# A macro may write attributes alone, which stand in no tag here.
_ATTRIBUTE: Final = re.compile(r'[\w-]+="[^"]*"')
_FOR_MACHINES: Final = {"viewport", "color-scheme", "theme-color", "robots"}
_SILENT: Final = {"script", "style"}


class _Reader(HTMLParser):
    """Collects the words of text and of spoken attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        if tag == "meta" and dict(attrs).get("name") in _FOR_MACHINES:
            return
        spoken = _SPOKEN | {"value"} if dict(attrs).get("type") in {"submit", "button"} else _SPOKEN
        for name, value in attrs:
            if name in spoken and value and _WORD.search(value):
                self.said.append(value)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] in _SILENT:
            return
        words = " ".join(_ATTRIBUTE.sub("", data).split())
        if _WORD.search(words):
            self.said.append(words)


def bare_text(source: str) -> list[str]:
    """Return the words of a template that stand outside `_()` and `{% trans %}`, as a reader would see them.

    Phrases in expressions count too where no function of the catalogue is called with them.
    """
    html: list[str] = []
    phrases: list[str] = []
    block: list[str] = []
    in_trans = False
    for _, kind, value in environment().lex(source):
        if kind == "data":
            html.append("" if in_trans else value)
        elif kind in {"block_begin", "variable_begin"}:
            block = []
        elif kind == "block_end":
            if block[:1] == ["trans"]:
                in_trans = True
            elif block[:1] == ["endtrans"]:
                in_trans = False
        elif kind not in {"whitespace", "comment", "comment_begin", "comment_end"}:
            is_asked = _is_asked(block)
            if kind == "string" and not is_asked and _PHRASE.search(value):
                phrases.append(value.strip("\"'"))
            block.append(value)
    reader = _Reader()
    reader.feed("".join(html))
    reader.close()
    return reader.said + phrases


def _is_asked(before: list[str]) -> bool:
    """Tell whether a string after these words of an expression is what the catalogue is asked for."""
    if before[-1:] == [","]:  # the second form of ngettext
        return before[-4:-2] == ["ngettext", "("]
    return before[-1:] == ["("] and before[-2:-1] in (["_"], ["gettext"], ["ngettext"])
