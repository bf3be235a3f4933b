"""The address of a calendar as a QR code, for a telephone held before a screen or a sheet of paper."""

from io import BytesIO
from typing import Final

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from calendar_feed.asked import asked_for
from web.feed_links import webcal_address
from web.surroundings import surroundings_of

_LONGEST: Final = 200
_TYPES: Final = {"svg": "image/svg+xml", "png": "image/png"}
# Dots of a PNG to the module, good to the size of a hand on paper.
_PNG_SCALE: Final = 12


def qr_code(request: Request) -> Response:
    """Answer `/subscribe/qr.svg` and `.png`; `?feed=` is the path of one of our calendars, 404 for any other.

    What is encoded begins with webcal: a telephone then offers to subscribe, where by https it would take the
    meetings over once and never look again. It stays dark on light at night: readers want it so.
    """
    path, form = request.query_params.get("feed", ""), request.path_params["form"]
    asked = asked_for(path) if len(path) <= _LONGEST else None
    if asked is None or asked.address != path or form not in _TYPES:
        raise HTTPException(404)
    code = segno.make_qr(webcal_address(surroundings_of(request).site, asked), error="m")
    drawn = BytesIO()
    if form == "svg":
        code.save(drawn, kind="svg", scale=4, light="#ffffff", xmldecl=False, svgclass=None, lineclass=None)
    else:
        code.save(drawn, kind="png", scale=_PNG_SCALE)
    return Response(
        drawn.getvalue(), media_type=_TYPES[form], headers={"Cache-Control": "public, max-age=86400"}
    )
