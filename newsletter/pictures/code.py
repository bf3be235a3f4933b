"""The address of a calendar as a QR code, for a telephone held before a screen or a sheet of paper."""

from functools import lru_cache
from io import BytesIO
from typing import Final

import segno
from markupsafe import Markup

from newsletter.pictures.nodes import Drawn, cid_of

_DOT: Final = 4
"""Pixels of CSS to a module: with the quiet edge it comes out at about 4 cm on paper."""


@lru_cache(maxsize=32)
def drawn_code(address: str) -> Drawn:
    """Return the code of a calendar's https address: equal addresses give equal bytes.

    What is encoded begins with webcal: a telephone then offers to subscribe, where by https it would take the
    meetings over once and never look again. It stays dark on light at night: readers of codes want it so.
    """
    code = segno.make_qr(f"webcal://{address.partition('://')[2]}", error="m")
    written = BytesIO()
    code.save(
        written, kind="svg", light="#ffffff", omitsize=True, xmldecl=False, svgclass=None, lineclass=None
    )
    svg = Markup(written.getvalue().decode().strip())  # noqa: S704 - paths alone, made from modules
    width, height = code.symbol_size(scale=_DOT)
    return Drawn("code", svg, int(width), int(height), cid_of("code", svg))
