"""The link that ends the letter: one button for a person, one POST for a mail program (RFC 8058)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from newsletter.links import Purpose
from newsletter.subscription import can_undo, leave, reader_of, undo_leaving
from web.answer import page
from web.forms.reader import readers_language
from web.surroundings import surroundings_of

_ONE_CLICK: Final = "one-click link of a letter"
_LARGEST_FORM: Final = 16 * 1024
_MOST_DRAINED: Final = 64 * 1024 * 1024
_DRAINS_FOR: Final = 20.0


async def leaving(request: Request) -> Response:
    """Answer `/u/{token}`: GET shows one button in the reader's language, POST leaves.

    Leaving asks for no cookie, no login and no other field, never redirects, can be repeated for ever, and
    answers 200 for an unknown token too. The only body that does something else is the undo button's. A body
    too large for a form is not kept in memory; one that breaks off still means leaving.
    """
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    body = request.stream()
    form = await _small_body(body)
    if form is not None and await _act(request, form) == "undo":
        return await run_in_threadpool(_undo, request)
    answer = await run_in_threadpool(_leave, request)
    await _drain(body)
    return answer


def _show(request: Request) -> Response:
    around = surroundings_of(request)
    token = request.path_params["token"]
    with around.database.reading() as session:
        reader = reader_of(session, around.site.keys, token, purpose=Purpose.UNSUBSCRIBE)
        language = readers_language(reader, around=around)
        has_left = reader is not None and can_undo(reader, now=around.clock())
    return _page(request, "left" if has_left else "ask", language=language, can_undo=has_left)


async def _small_body(body: AsyncIterator[bytes]) -> bytes | None:
    """Read a body as large as a form; None when it is larger, or ends before it is whole."""
    read = bytearray()
    with suppress(ClientDisconnect, HTTPException):
        async for piece in body:
            read += piece
            if len(read) > _LARGEST_FORM:
                return None
        return bytes(read)
    return None


async def _act(request: Request, form: bytes) -> str | None:
    """Read which button was pressed. Whatever else a mail program sends, however broken, means leaving."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": form, "more_body": False}

    try:
        async with Request(request.scope, receive).form(max_fields=16, max_files=1) as fields:
            act = fields.get("act")
    except HTTPException:
        return None
    return act if isinstance(act, str) else None


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Let the rest of a body pass by: a connection closed on unread bytes takes our answer with it.

    Gives up after 64 MB or 20 seconds; the reader has left by then.
    """
    passed = 0
    with suppress(ClientDisconnect, HTTPException, TimeoutError):
        async with asyncio.timeout(_DRAINS_FOR):
            async for piece in body:
                passed += len(piece)
                if passed > _MOST_DRAINED:
                    return


def _leave(request: Request) -> Response:
    around = surroundings_of(request)
    token, now = request.path_params["token"], around.clock()
    with around.database.writing() as session:
        reader = leave(session, around.site.keys, token, source=_ONE_CLICK, now=now)
        language = readers_language(reader, around=around)
        may_return = reader is not None and can_undo(reader, now=now)
    return _page(request, "left", language=language, can_undo=may_return)


def _undo(request: Request) -> Response:
    around = surroundings_of(request)
    token, now = request.path_params["token"], around.clock()
    with around.database.writing() as session:
        is_back = undo_leaving(session, around.site.keys, token, source="undo button on /u/", now=now)
        reader = reader_of(session, around.site.keys, token, purpose=Purpose.UNSUBSCRIBE)
        language = readers_language(reader, around=around)
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
