"""A calendar program before the feeds: it asks by ASGI, byte for byte as it likes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

INNER = b"the pages"


@dataclass(frozen=True)
class Answer:
    """What came back. Headers by their lower-case name; none stands twice."""

    status: int
    headers: dict[str, str]
    body: bytes


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for the pages behind the feeds."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"x-path", scope["path"].encode())]}
    )
    await send({"type": "http.response.body", "body": INNER})


def ask(app: ASGIApp, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask once. Headers are given as `if_none_match="..."`; none is sent unasked."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(_run(app, scope, receive, send))
    start, *rest = sent
    named = [(name.decode(), value.decode()) for name, value in start["headers"]]
    assert len(named) == len(dict(named)), "a header stands twice"
    return Answer(start["status"], dict(named), b"".join(message["body"] for message in rest))


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


Ask = Callable[..., Answer]
