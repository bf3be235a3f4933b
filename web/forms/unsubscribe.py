"""The link that ends the letter: one button for a person, one POST for a mail program (RFC 8058)."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.links import Purpose
from newsletter.subscription import can_undo, leave, reader_of, undo_leaving
from web.answer import page
from web.forms.reader import language_of
from web.surroundings import surroundings_of

_ONE_CLICK: Final = "one-click link of a letter"


async def leaving(request: Request) -> Response:
    """Answer `/u/{token}`: GET shows one button in the reader's language, POST leaves.

    Leaving asks for no cookie, no login and no other field, never redirects, can be repeated for ever, and
    answers 200 for an unknown token too. The only body that does something else is the undo button's.
    """
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    if await _act(request) == "undo":
        return await run_in_threadpool(_undo, request)
    return await run_in_threadpool(_leave, request)


def _show(request: Request) -> Response:
    around = surroundings_of(request)
    token = request.path_params["token"]
    with around.database.reading() as session:
        reader = reader_of(session, around.site.keys, token, purpose=Purpose.UNSUBSCRIBE)
        language = language_of(reader, around=around)
        has_left = reader is not None and can_undo(reader, now=around.clock())
    return _page(request, "left" if has_left else "ask", language=language, can_undo=has_left)


async def _act(request: Request) -> str | None:
    """Read which button was pressed. Whatever else a mail program sends, however broken, means leaving."""
    try:
        async with request.form(max_fields=16, max_files=1) as form:
            act = form.get("act")
    except HTTPException:
        return None
    return act if isinstance(act, str) else None


def _leave(request: Request) -> Response:
    around = surroundings_of(request)
    token, now = request.path_params["token"], around.clock()
    with around.database.writing() as session:
        reader = leave(session, around.site.keys, token, source=_ONE_CLICK, now=now)
        language = language_of(reader, around=around)
        may_return = reader is not None and can_undo(reader, now=now)
    return _page(request, "left", language=language, can_undo=may_return)


def _undo(request: Request) -> Response:
    around = surroundings_of(request)
    token, now = request.path_params["token"], around.clock()
    with around.database.writing() as session:
        is_back = undo_leaving(session, around.site.keys, token, source="undo button on /u/", now=now)
        reader = reader_of(session, around.site.keys, token, purpose=Purpose.UNSUBSCRIBE)
        language = language_of(reader, around=around)
    return _page(request, "undone" if is_back else "too late", language=language, can_undo=False)


def _page(request: Request, state: str, *, language: str, can_undo: bool) -> Response:
    token = request.path_params["token"]
    return page(
        request,
        "unsubscribe.html",
        private=True,
        language=language,
        token=token,
        state=state,
        can_undo=can_undo,
    )
