"""A mail server that is as quick as the ones letters are really handed to, and keeps all it is given."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    """What has arrived: recipient and bytes of each letter that was answered with 250."""

    kept: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Its address, as ISCM_SMTP_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}?starttls=never"

    @property
    def readers(self) -> Counter[str]:
        """How many copies each reader has."""
        return Counter(recipient for recipient, _ in self.kept)


class _Conversation(asyncio.Protocol):
    """Just enough of RFC 5321 for a client that does everything right."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._heard = bytearray()
        self._recipient = ""
        self._is_letter = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

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
        self._sink.kept.append((self._recipient, letter))
        return b"250 kept\r\n"

    def _answer(self, command: bytes) -> bytes:
        match command[:4].upper():
            case b"EHLO":
                return b"250-sink\r\n250-PIPELINING\r\n250 SIZE\r\n"
            case b"RCPT":
                self._recipient = command.partition(b"<")[2].partition(b">")[0].decode()
            case b"DATA":
                self._is_letter = True
                return b"354 go on\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
        return b"250 ok\r\n"


@contextmanager
def running_sink() -> Iterator[Sink]:
    """Run a sink on loopback in a thread of its own, for the block."""
    sink, ready = Sink(), threading.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        server = await loop.create_server(lambda: _Conversation(sink), "127.0.0.1", 0)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await server.serve_forever()

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
        yield sink
    finally:
        for task in asyncio.all_tasks(loop):
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
