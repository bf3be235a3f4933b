"""The link of a confirmation mail: a page with a button, since mail scanners open every link."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from newsletter.subscription import Confirmation, Confirming, confirm, confirmation_of
from web.answer import page
from web.forms.reader import readers_language
from web.surroundings import surroundings_of

_SOURCE: Final = "button on /c/"
_BEFORE: Final = {Confirming.VALID: "ask", Confirming.ALREADY: "done", Confirming.EXPIRED: "over"}
_AFTER: Final = {Confirming.VALID: "done", Confirming.ALREADY: "done", Confirming.EXPIRED: "over"}


def confirmation(request: Request) -> Response:
    """Answer `/c/{token}`: GET shows a button, POST confirms, reads no body and can be repeated."""
    return _confirm(request) if request.method == "POST" else _show(request)


def _show(request: Request) -> Response:
    token = request.path_params["token"]
    around = surroundings_of(request)
    with around.database.reading() as session:
        found = confirmation_of(session, around.site.keys, token, now=around.clock())
    return _page(request, _BEFORE[found.standing], found)


def _confirm(request: Request) -> Response:
    token = request.path_params["token"]
    around = surroundings_of(request)
    with around.database.writing() as session:
        found = confirm(session, around.site.keys, token, source=_SOURCE, now=around.clock())
    return _page(request, _AFTER[found.standing], found)


def _page(request: Request, state: str, found: Confirmation) -> Response:
    return page(
        request,
        "confirm.html",
        private=True,
        language=readers_language(found.reader, around=surroundings_of(request)),
        token=request.path_params["token"],
        state=state,
    )
