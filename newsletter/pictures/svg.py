"""What both pictures are drawn with: colours, letters and elements of SVG.

Colours stand in attributes, since resvg and Typst read those, and beside them are the classes by which the
page of the archive draws the same picture for the night. Text never needs a direction: each piece of it runs
one way, and stands by its start, middle or end.
"""

from typing import Final
from xml.sax.saxutils import quoteattr

from markupsafe import Markup, escape

from newsletter.pictures.letters import FAMILIES

WIDTH: Final = 600
"""How wide a picture is drawn, in units that are pixels of CSS."""

PAPER: Final = "#ffffff"
INK: Final = "#16212b"
SOFT: Final = "#51606c"
RULE: Final = "#d7dde2"
LAND: Final = "#d9e0e6"
ACCENT: Final = "#0a675a"

_FAMILY: Final = ", ".join(FAMILIES)


def drawing(*elements: str, height: float, language: str) -> Markup:
    """Return the picture with these elements, WIDTH units wide; what it shows is told beside it."""
    # direction is said since a page that runs from right to left would turn the anchors of its texts.
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {number(height)}" '
        f'font-family="{_FAMILY}" lang="{language}" direction="ltr">'
    )
    return Markup(root + "".join(elements) + "</svg>")  # noqa: S704 - what came from outside is escaped


def element(tag: str, content: str | None = None, /, **attributes: float | str) -> str:
    """Return one element. `class_` is written class, and `font_size` font-size; content is its text."""
    said = "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(number(value))}"
        for name, value in attributes.items()
    )
    return f"<{tag}{said}/>" if content is None else f"<{tag}{said}>{escape(content)}</{tag}>"


def text(words: str, *, x: float, y: float, anchor: str, size: float = 12, **more: str) -> str:
    """Return words on their line; `more` may bring class_, fill and font_weight."""
    look = {"class_": "p-ink", "fill": INK} | more
    return element("text", words, x=x, y=y, font_size=size, text_anchor=anchor, **look)


def number(value: float | str) -> str:
    """Return a number as short as a hundredth of a unit allows; words stay as they are."""
    if isinstance(value, str):
        return value
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
