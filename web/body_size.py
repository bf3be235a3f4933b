"""How much of a body is read: forms are small, and what is larger is refused in the house's manner."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 64 * 1024
"""Bytes of a request's body that are read at most."""

_LEAVING: Final = "/u/"
"""Whoever leaves the letter has left, whatever their mail program sends: that page lets bodies pass by."""


class BodyLimit:
    """Refuses with 413 to read on past the limit, whether the length was announced or not.

    Starlette has a limit too, but answers for itself where the length was announced, in three bare words.
    A body that no page asks for is not read at all.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        """Stand before what reads bodies, inside what turns errors into pages."""
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the application."""
        if scope["type"] != "http" or scope["path"].startswith(_LEAVING):
            await self.app(scope, receive, send)
            return
        taken = 0

        async def receive_within_limit() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if max(taken, announced) > self.largest:
                raise HTTPException(413)
            return message

        announced = _announced(scope)
        await self.app(scope, receive_within_limit, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
