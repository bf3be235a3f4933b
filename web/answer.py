"""A page as an HTTP answer: rendered, with a validator, and a 304 when the reader has it already."""

import hashlib

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from templates.environment import render
from templates.languages import ENGLISH
from web.navigation import navigation
from web.surroundings import surroundings_of

# Browsers keep the page but ask each time: a meeting that moved is seen at once.
SHARED = "public, no-cache"
PRIVATE = "private, no-store"


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    language: str = ENGLISH,
    private: bool = False,
    **values: object,
) -> Response:
    """Answer with one template below `pages/`.

    A private page (one whose address is a secret) is kept by nobody, named by no index, and its address is
    not told to the next site. Other pages carry an ETag, and `If-None-Match` that holds it is answered 304.
    """
    around = surroundings_of(request)
    text = render(
        f"pages/{template}",
        language=language,
        site=around.site,
        asset=around.assets.address,
        navigation=navigation(request.url.path, language=language),
        **values,
    )
    if private:
        headers = {
            "Cache-Control": PRIVATE,
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        }
        return HTMLResponse(text, status_code=status, headers=headers | {"Content-Language": language})
    body = text.encode()
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": SHARED}
    if status == 200 and is_held(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(body, status_code=status, headers=headers | {"Content-Language": language})


def is_held(request: Request, etag: str) -> bool:
    """Tell whether the reader has the page with this tag, quotes included.

    Compares weakly (RFC 9110, 13.1.2): `W/` is set aside, and `*` holds for any page that exists.
    """
    if request.method not in {"GET", "HEAD"}:
        return False
    given = request.headers.get("if-none-match", "")
    held = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in held or "*" in held
