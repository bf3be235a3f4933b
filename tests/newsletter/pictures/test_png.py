"""Pictures as PNG."""

from io import BytesIO

import pytest
from PIL import Image

from newsletter.pictures.map import Host, draw_map
from newsletter.pictures.png import png_of


@pytest.mark.parametrize(("language", "name"), [("en", "Morocco"), ("ar", "المغرب")])
def test_png_is_small_and_always_the_same(language: str, name: str) -> None:
    """Two pixels to a unit, a palette, under 45 kB, the same bytes each time, and the language's letters."""
    svg = draw_map([Host(code="MA", name=name, meetings=2)], language=language)
    png = png_of(svg)
    with Image.open(BytesIO(png)) as picture:
        assert (picture.mode, picture.size) == ("P", (1200, 516))
    assert len(png) < 45_000
    png_of.cache_clear()
    assert png_of(svg) == png
    bare = draw_map([Host(code="MA", name="", meetings=2)], language=language)
    assert png_of(bare) != png
