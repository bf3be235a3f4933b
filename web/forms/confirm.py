"""The link of a confirmation mail: a page with a button, since mail scanners open every link.

It confirms a subscription, or a reader's new address: the token says which.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from newsletter.address_change import change_of, confirm_change
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
    keys, now = around.site.keys, around.clock()
    with around.database.reading() as session:
        change = change_of(session, keys, token, now=now)
        found = change or confirmation_of(session, keys, token, now=now)
        return _page(request, _BEFORE[found.standing], found, is_change=change is not None)


def _confirm(request: Request) -> Response:
    token = request.path_params["token"]
    around = surroundings_of(request)
    keys, now = around.site.keys, around.clock()
    with around.database.writing() as session:
        change = confirm_change(session, keys, token, source=_SOURCE, now=now)
        found = change or confirm(session, keys, token, source=_SOURCE, now=now)
        return _page(request, _AFTER[found.standing], found, is_change=change is not None)


def _page(request: Request, state: str, found: Confirmation, *, is_change: bool) -> Response:
    return page(
        request,
        "confirm_address.html" if is_change else "confirm.html",
        private=True,
        language=readers_language(found.reader, around=surroundings_of(request)),
        token=request.path_params["token"],
        state=state,
    )
