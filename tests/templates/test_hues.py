"""The hues of the three types."""

import pytest

from templates.hues import HUES, Hue

PAPER, NIGHT_PAPER = "#ffffff", "#10171d"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("hue", HUES.values(), ids=HUES)
def test_hue_can_be_read(hue: Hue) -> None:
    """Writing in a hue reaches 4.5 to 1 on paper and on its own wash, by day and by night."""
    day = [contrast(hue.ink, PAPER), contrast(hue.ink, hue.wash)]
    night = [contrast(hue.night_ink, NIGHT_PAPER), contrast(hue.night_ink, hue.night_wash)]
    assert min(day + night) >= 4.5
