"""A page as an HTTP answer: rendered, tagged, compressed, and a 304 when the reader has it already."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from templates.environment import render
from templates.languages import ENGLISH
from web.addresses import canonical_address, report_address
from web.navigation import colophon, navigation
from web.representation import represent
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
    distinct: Sequence[str] = ("page",),
    **values: object,
) -> Response:
    """Answer with one template below `pages/`.

    A private page (one whose address is a secret) is kept by nobody, named by no index, its address is not
    told to the next site, and it is never compressed: the length of what is compressed tells of what is in
    it (BREACH). Other pages carry an ETag, and `If-None-Match` that holds it is answered 304.
    `distinct` names the parts of the query that make another page of it: its canonical address keeps them.
    """
    around = surroundings_of(request)
    is_public = status == 200 and not private
    text = render(
        f"pages/{template}",
        language=language,
        site=around.site,
        asset=around.assets.address,
        navigation=navigation(request.url.path, language=language),
        colophon=colophon(
            has_mailbox=around.site.mailbox is not None,
            report=report_address(None if private else request.scope["path"]),
            language=language,
        ),
        canonical=canonical_address(request, around.site, distinct=distinct) if is_public else None,
        **values,
    )
    if private:
        headers = {
            "Cache-Control": PRIVATE,
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        }
        return HTMLResponse(text, status_code=status, headers=headers | {"Content-Language": language})
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Cache-Control": SHARED,
    }
    return represent(request, text.encode(), headers=headers, status=status)
