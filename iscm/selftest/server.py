"""The sandbox's mail server: it takes every letter, remembers whose and which, and throws the bytes away."""

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast


@dataclass
class Inbox:
    """What has arrived: recipient and hash of each letter that was answered with 250, in their order."""

    kept: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def copies(self) -> Counter[str]:
        """How many copies each reader has."""
        return Counter(recipient for recipient, _ in self.kept)


class _Conversation(asyncio.Protocol):
    """Just enough of RFC 5321 for a client that does everything right.

    Every second connection is offered PIPELINING (RFC 2920), so that letters are chained and handed over step
    by step in the same sending.
    """

    def __init__(self, inbox: Inbox, *, is_pipelined: bool) -> None:
        self._inbox = inbox
        self._offers = b"250-sandbox\r\n250-PIPELINING\r\n250 DSN\r\n" if is_pipelined else b"250 sandbox\r\n"
        self._heard = bytearray()
        self._recipient = ""
        self._is_letter = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sandbox\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while True:
            end = b"\r\n.\r\n" if self._is_letter else b"\r\n"
            place = self._heard.find(end)
            if place < 0:
                return
            said = bytes(self._heard[:place])
            del self._heard[: place + len(end)]
            self._transport.write(self._keep(said) if self._is_letter else self._answer(said))

    def _keep(self, letter: bytes) -> bytes:
        self._is_letter = False
        self._inbox.kept.append((self._recipient, hashlib.sha256(letter).digest()))
        return b"250 kept\r\n"

    def _answer(self, command: bytes) -> bytes:
        match command[:4].upper():
            case b"EHLO":
                return self._offers
            case b"RCPT":
                self._recipient = command.partition(b"<")[2].partition(b">")[0].decode()
            case b"DATA":
                self._is_letter = True
                return b"354 go on\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
        return b"250 ok\r\n"


@contextmanager
def running_server() -> Iterator[Inbox]:
    """Run a mail server on a free port of 127.0.0.1, in a thread of its own, for the block."""
    inbox, ready = Inbox(), threading.Event()
    loop = asyncio.new_event_loop()
    ends = asyncio.Event()
    number = iter(range(10**9))

    async def serve() -> None:
        server = await loop.create_server(
            lambda: _Conversation(inbox, is_pipelined=next(number) % 2 == 0), "127.0.0.1", 0
        )
        inbox.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ends.wait()
        server.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield inbox
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join()
        loop.close()
