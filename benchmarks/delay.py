"""A network with a round trip: passes bytes on to a server, each way a fixed time later, in order.

It delays and loses nothing; a real line also has a bandwidth and begins slowly. Run as
`python -m benchmarks.delay PORT SERVER_PORT ROUND_TRIP_MILLISECONDS`.
"""

import asyncio
import sys
from collections import deque
from typing import cast

_MOST_UNDER_WAY = 8_000_000
"""Bytes one way of a connection holds at most: more than any letter, so that only time slows it."""


class _OneWay(asyncio.Protocol):
    """What one end says, told to the other end later."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self._under_way: deque[tuple[float, bytes | None]] = deque()
        self._bytes = 0
        self.transport: asyncio.Transport | None = None
        self._is_waiting = False
        self.other: _OneWay | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.deliver()

    def data_received(self, data: bytes) -> None:
        self._put(data)
        self._bytes += len(data)
        if self._bytes > _MOST_UNDER_WAY and self.transport is not None:
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._put(None)

    def say(self, data: bytes | None) -> None:
        """Say something to this end; None to hang up."""
        if self.transport is None or self.transport.is_closing():
            return
        if data is None:
            self.transport.close()
        else:
            self.transport.write(data)

    def deliver(self) -> None:
        """Pass on what has been under way for long enough, once there is somebody to pass it to."""
        self._is_waiting = False
        now = self._loop.time()
        while self._under_way and self._under_way[0][0] <= now and self.other is not None:
            if self.other.transport is None:
                return
            data = self._under_way.popleft()[1]
            self.other.say(data)
            self._bytes -= len(data or b"")
        if self.transport is not None and self._bytes <= _MOST_UNDER_WAY:
            self.transport.resume_reading()
        self._wait()

    def _put(self, data: bytes | None) -> None:
        self._under_way.append((self._loop.time() + self._delay, data))
        self._wait()

    def _wait(self) -> None:
        if self._under_way and not self._is_waiting:
            self._is_waiting = True
            self._loop.call_at(self._under_way[0][0], self.deliver)


async def _serve(port: int, server_port: int, delay: float) -> None:
    loop = asyncio.get_running_loop()
    connecting: set[asyncio.Task[object]] = set()

    def begin() -> asyncio.Protocol:
        near, far = _OneWay(delay), _OneWay(delay)
        near.other, far.other = far, near

        async def connect() -> None:
            await loop.create_connection(lambda: far, "127.0.0.1", server_port)
            near.deliver()

        task: asyncio.Task[object] = asyncio.create_task(connect())
        connecting.add(task)
        task.add_done_callback(connecting.discard)
        return near

    server = await loop.create_server(begin, "127.0.0.1", port, backlog=256)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    own, server, milliseconds = sys.argv[1:]
    uvloop.run(_serve(int(own), int(server), float(milliseconds) / 2000))
