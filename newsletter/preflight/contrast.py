"""The rule that every word of a letter can be read, by day and by night (WCAG 2.2, criterion 1.4.3)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Final

from newsletter.preflight.finding import Finding, InspectedEdition
from newsletter.preflight.places import line_of, node_of

LEAST: Final = 4.5
"""The contrast that words need against what is behind them; large ones need 3."""

_LEAST_LARGE: Final = 3.0
_LARGE: Final = 24.0
_LARGE_BOLD: Final = 18.66
_BOLD: Final = 600
_VOID: Final = frozenset(["area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"])
_NIGHT: Final = re.compile(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_HEX: Final = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)px")
_WEIGHT: Final = re.compile(r"\b([1-9]00|bold)\b")
_NAMED: Final = {"white": "#ffffff", "black": "#000000"}


@dataclass(frozen=True, slots=True)
class _Look:
    """How words look inside an element: colours as #rrggbb, size in pixels."""

    ink: str = "#000000"
    paper: str = "#ffffff"
    size: float = 16.0
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    classes: frozenset[str]
    look: _Look


class _Night:
    """What the letter's style says for the night: simple selectors, the last one that fits wins."""

    def __init__(self, html: str) -> None:
        block = _NIGHT.search(html)
        self._rules = [
            (selector.split(), _declarations(body))
            for selectors, body in (_RULE.findall(block[1]) if block else [])
            for selector in selectors.split(",")
        ]

    def of(self, path: Sequence[_Element]) -> dict[str, str]:
        """Return the declarations for the last element of a path from the root."""
        found: dict[str, str] = {}
        for selector, declared in self._rules:
            if selector and _fits(selector[-1], path[-1]) and _lead_to(selector[:-1], path[:-1]):
                found |= declared
        return found


class _Reader(HTMLParser):
    """Walks through a letter and notes words whose colour is too close to what is behind them."""

    def __init__(self, night: _Night | None) -> None:
        super().__init__()
        self.found: dict[tuple[str, str], tuple[float, str]] = {}
        self._night = night
        self._path = [_Element("", frozenset(), _Look())]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        facts = dict(attrs)
        classes = frozenset((facts.get("class") or "").split())
        element = _Element(tag, classes, self._path[-1].look)
        declared = _declarations(facts.get("style") or "")
        if facts.get("bgcolor"):
            declared.setdefault("background-color", facts["bgcolor"] or "")
        if self._night is not None:
            declared |= self._night.of([*self._path, element])
        self._path.append(replace(element, look=_applied(element, declared)))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._path) - 1, 0, -1):
            if self._path[place].tag == tag:
                del self._path[place:]
                return

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        inside = {element.tag for element in self._path}
        if not words or inside & {"style", "title", "script"}:
            return
        look = self._path[-1].look
        is_large = look.size >= _LARGE or (look.is_bold and look.size >= _LARGE_BOLD)
        ratio = contrast(look.ink, look.paper)
        if ratio < (_LEAST_LARGE if is_large else LEAST):
            self.found.setdefault((look.ink, look.paper), (ratio, words))


def words_can_be_read(edition: InspectedEdition) -> Iterator[Finding]:
    """Warn of words in a colour too close to what is behind them, by day and in a program's dark mode."""
    html = edition.letter.html
    for when, night in (("by day", None), ("in dark mode", _Night(html))):
        reader = _Reader(night)
        reader.feed(html)
        reader.close()
        for (ink, paper), (ratio, words) in reader.found.items():
            yield Finding(
                "contrast",
                blocks=False,
                sentence=f"Words are hard to read {when}: {ink} on {paper} is {ratio:.1f} to 1.",
                evidence=words[:60],
                node=node_of(edition, words),
                line=line_of(edition, words),
            )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (#rrggbb), from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _applied(element: _Element, declared: dict[str, str]) -> _Look:
    look = element.look
    size, weight = _SIZE, _WEIGHT
    for name in ("font", "font-size"):
        if found := size.search(declared.get(name, "")):
            look = replace(look, size=float(found[1]))
    if element.tag in {"b", "strong", "h1", "h2", "h3"}:
        look = replace(look, is_bold=True)
    if found := weight.search(declared.get("font-weight", "")):
        look = replace(look, is_bold=found[1] == "bold" or int(found[1]) >= _BOLD)
    ink = _colour(declared.get("color", ""))
    paper = _colour(declared.get("background-color", "")) or _colour(declared.get("background", ""))
    return replace(look, ink=ink or look.ink, paper=paper or look.paper)


def _colour(value: str) -> str:
    """Return the colour in a declaration as #rrggbb; empty where it names none that is known."""
    if named := _NAMED.get(value.replace("!important", "").strip().lower()):
        return named
    found = _HEX.search(value)
    if found is None:
        return ""
    figures = found[0][1:].lower()
    return f"#{figures}" if len(figures) == 6 else "#" + "".join(figure * 2 for figure in figures)


def _fits(part: str, element: _Element) -> bool:
    tag, *classes = part.split(".")
    return (not tag or tag == element.tag) and set(classes) <= element.classes


def _lead_to(parts: Sequence[str], path: Sequence[_Element]) -> bool:
    """Tell whether elements that fit these parts stand above, in this order."""
    left = list(parts)
    for element in reversed(path):
        if left and _fits(left[-1], element):
            left.pop()
    return not left
