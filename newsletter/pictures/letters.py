"""The typeface that pictures and PDF are set in: subsets of IBM Plex Sans, never a typeface of the system."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONTS: Final = Path(__file__).parents[1] / "fonts"
FAMILIES: Final = ("ISCM Sans", "ISCM Sans Arabic")

_MEASURED_AT: Final = 100


def length_of(words: str, *, size: float) -> float:
    """Return how long words are at a size, in its units; Arabic ones are a little shorter when joined."""
    is_latin = all(ord(letter) < 0x600 for letter in words)
    return _font(is_latin=is_latin).getlength(words) * size / _MEASURED_AT


@cache
def _font(*, is_latin: bool) -> "FreeTypeFont":
    from PIL import ImageFont  # noqa: PLC0415 - only drawing takes it, and most processes never draw

    name = "iscm-sans-400.ttf" if is_latin else "iscm-sans-arabic-400.ttf"
    return ImageFont.truetype(FONTS / name, _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
