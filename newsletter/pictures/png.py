"""A picture as PNG, for mail programs: they show no SVG."""

from functools import lru_cache
from io import BytesIO
from typing import Final

from newsletter.pictures.letters import FAMILIES, FONTS
from newsletter.pictures.svg import WIDTH

_SHARP: Final = 2
_COLOURS: Final = 32
"""Of the colours that smooth edges bring along, so many are kept: it weighs a third and looks the same."""

_FILES: Final = [str(file) for file in sorted(FONTS.glob("*.ttf"))]


@lru_cache(maxsize=32)
def png_of(svg: str, *, width: int = WIDTH) -> bytes:
    """Return a picture as PNG, two pixels to one of its width in CSS: the same bytes on machines of one kind.

    It is drawn with the typeface beside it alone, never with one of the system.
    """
    import resvg_py  # noqa: PLC0415 - most processes never draw
    from PIL import Image  # noqa: PLC0415 - the same

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width * _SHARP,
        skip_system_fonts=True,
        font_files=_FILES,
        font_family=FAMILIES[0],
        sans_serif_family=FAMILIES[0],
    )
    with Image.open(BytesIO(bytes(drawn))) as picture:
        few = picture.convert("RGB").quantize(
            _COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
    # Averaged with the lightest of edges, paper comes out a shade off the white of the letter around it.
    few.putpalette([255 if value == 254 else value for value in few.getpalette() or []])
    written = BytesIO()
    few.save(written, "PNG", compress_level=9)
    return written.getvalue()
