"""A mail server that announces PIPELINING and is not up to it, each in a way of its own."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Lie(StrEnum):
    """What the server does wrong."""

    NONE = "none"
    FORGETS_COMMANDS = "of commands that come together it hears the first"
    FORGETS_AFTER_THE_DOT = "it throws away what comes with a final dot"
    NEVER_SEES_THE_DOT = "it knows the final dot only where nothing follows"
    MINDS_COMMANDS_TOGETHER = "it refuses commands that come together, in words"
    DROPS_COMMANDS_TOGETHER = "it hangs up on commands that come together"
    WAITS_FOR_NOBODYS_LETTER = "it wants a body for a refused reader"
    TAKES_NOBODYS_LETTER = "it takes the body of a refused reader"
    GOES_UNASKED = "it says 421 after a letter, unasked"
    TWO_LETTERS_EACH = "it hangs up after two letters"
    NEVER_READS = "it never reads a body, and hangs up"
    BABBLES = "it answers letters with a line that never ends"


@dataclass
class Liar:
    """What has arrived, by reader."""

    lie: Lie
    port: int = 0
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    open: set[asyncio.Transport] = field(default_factory=set)

    @property
    def readers(self) -> Counter[str]:
        """How many copies each reader has."""
        return Counter(recipient for recipient, _ in self.kept)


class _Conversation(asyncio.Protocol):
    """One connection, read in the pieces in which it comes."""

    def __init__(self, liar: Liar) -> None:
        self._liar = liar
        self._heard = b""
        self._recipient = ""
        self._is_letter = False
        self._letters = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._liar.connections += 1
        self._liar.open.add(transport)
        transport.write(b"220 liar\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        lie = self._liar.lie
        is_together = not self._is_letter and self._heard.count(b"\r\n") > 1
        if is_together and lie is Lie.DROPS_COMMANDS_TOGETHER:
            self._transport.abort()
            return
        while self._heard:
            if self._is_letter and lie is Lie.NEVER_SEES_THE_DOT and not self._heard.endswith(b"\r\n.\r\n"):
                return
            said, found, rest = self._heard.partition(b"\r\n.\r\n" if self._is_letter else b"\r\n")
            if self._is_letter and self._heard.startswith(b".\r\n"):
                said, found, rest = b"", b".", self._heard[3:]
            if not found:
                return
            self._heard = rest
            was_letter = self._is_letter
            self._transport.write(
                self._keep(said) if was_letter else self._answer(said, is_together=is_together)
            )
            forgets = Lie.FORGETS_AFTER_THE_DOT if was_letter else Lie.FORGETS_COMMANDS
            if lie is forgets:
                self._heard = b""
            if lie is Lie.TWO_LETTERS_EACH and was_letter and self._letters == 2:
                self._transport.close()
                return

    def _keep(self, letter: bytes) -> bytes:
        self._is_letter = False
        if not self._recipient:
            return (
                b"250 kept for nobody\r\n"
                if self._liar.lie is Lie.TAKES_NOBODYS_LETTER
                else b"554 nobody\r\n"
            )
        self._letters += 1
        if self._liar.lie is Lie.BABBLES and self._letters == 2 and self._liar.connections == 1:
            return b"x" * 20_000
        self._liar.kept.append((self._recipient, letter))
        goes = self._liar.lie is Lie.GOES_UNASKED and self._liar.connections < 3
        return b"250 kept\r\n" + b"421 that was it\r\n" * goes

    def _answer(self, command: bytes, *, is_together: bool) -> bytes:
        lie = self._liar.lie
        match command[:4].upper():
            case b"EHLO":
                return b"250-liar\r\n250-PIPELINING\r\n250 SIZE\r\n"
            case b"MAIL":
                self._recipient = ""
            case b"RCPT":
                reader = command.partition(b"<")[2].partition(b">")[0].decode()
                if reader.startswith("reader2@"):
                    return b"550 5.1.1 nobody\r\n"
                self._recipient = reader
            case b"DATA":
                return self._begin(lie, is_together=is_together)
            case b"QUIT":
                return b"221 bye\r\n"
        return b"250 ok\r\n"

    def _begin(self, lie: Lie, *, is_together: bool) -> bytes:
        if is_together and lie is Lie.MINDS_COMMANDS_TOGETHER:
            return b"554 5.5.0 SMTP synchronization error\r\n"
        if not self._recipient and lie not in {Lie.WAITS_FOR_NOBODYS_LETTER, Lie.TAKES_NOBODYS_LETTER}:
            return b"503 5.5.1 nobody to send it to\r\n"
        if lie is Lie.NEVER_READS:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(0.1, self._transport.abort)
        self._is_letter = True
        return b"354 go on\r\n"


@contextmanager
def lying_server(lie: Lie) -> Iterator[Liar]:
    """Run a server on loopback in a thread of its own, for the block."""
    liar, ready = Liar(lie), threading.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        server = await loop.create_server(lambda: _Conversation(liar), "127.0.0.1", 0)
        liar.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            try:
                await server.serve_forever()
            finally:
                for transport in liar.open:
                    transport.abort()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(serve())
            except asyncio.CancelledError:
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield liar
    finally:
        for task in asyncio.all_tasks(loop):
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
