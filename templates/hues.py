"""The three hues that mean the three types of mechanism, wherever a type is shown in colour.

Chips, tiles, calendar bars, the COLOR of a feed, the letter: all take them from here (the stylesheet repeats
the values as custom properties, and a test compares). Colour never stands alone: the type is also written.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Hue:
    """One hue in its shades, each `#rrggbb`.

    `calendar_name` is the CSS3 name of `calendar`, since iCalendar's COLOR takes only those (RFC 7986, 5.9).
    `ink` is for writing on white paper or on `wash`; `night_ink` and `night_wash` are the same on dark paper.
    Every pair of ink and wash, and of ink and paper, has a contrast of 4.5 or more.
    """

    calendar_name: str
    calendar: str
    ink: str
    wash: str
    night_ink: str
    night_wash: str


HUES: Final[dict[str, Hue]] = {
    "rcp": Hue(
        calendar_name="steelblue",
        calendar="#4682b4",
        ink="#245f91",
        wash="#e9f1f8",
        night_ink="#8fc1ea",
        night_wash="#15293a",
    ),
    "irf": Hue(
        calendar_name="darkgoldenrod",
        calendar="#b8860b",
        ink="#7c5800",
        wash="#faf2df",
        night_ink="#e6bd5c",
        night_wash="#312710",
    ),
    "global": Hue(
        calendar_name="purple",
        calendar="#800080",
        ink="#7d2e80",
        wash="#f7ebf7",
        night_ink="#dda3e0",
        night_wash="#321a34",
    ),
}
"""Hues by the word of the type in the record: rcp, irf, global."""
