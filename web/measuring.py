"""Each request counted and timed, and written down where the operator wants that."""

import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.meters import Meters
from web.proxies import client_of

FEEDS: Final = "/feeds/"
"""The route of everything that is served as a calendar."""

NO_ROUTE: Final = "none"
"""The route of what is no page of this site."""

_log = structlog.get_logger(__name__)


class Measured:
    """Counts what the application behind it answers. Its access log has neither tokens nor queries."""

    def __init__(self, inner: ASGIApp, *, meters: Meters, writes_access_log: bool) -> None:
        """Stand in front of `inner`."""
        self._inner = inner
        self._meters = meters
        self._writes_access_log = writes_access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the application."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        status = 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begun = time.perf_counter()
        try:
            await self._inner(scope, receive, note)
        finally:
            seconds = time.perf_counter() - begun
            self._meters.answered(method=scope["method"], route=_route(scope), status=status, seconds=seconds)
            if self._writes_access_log:
                _write(scope, status=status, seconds=seconds)


def _route(scope: Scope) -> str:
    """Return the template of the page's address; never the address itself, which may be a reader's own."""
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", NO_ROUTE))
    return FEEDS if FEEDS in scope["path"] or scope["path"].endswith(".ics") else NO_ROUTE


def _write(scope: Scope, *, status: int, seconds: float) -> None:
    client = client_of(scope)
    _log.info(
        "request",
        method=scope["method"],
        path=scope["path"],
        status=status,
        milliseconds=round(seconds * 1000, 1),
        client=str(client) if client is not None else None,
    )
