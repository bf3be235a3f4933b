"""The bytes of one SMTP connection: commands out, replies in, and what is known to be still unsent.

aiosmtplib opens the connection; from then on it is ours. Its own protocol takes one command at a time and
throws away what it did not ask for, so several commands in one write (RFC 2920) cannot be spoken through it.
"""

import asyncio
import ssl
from collections import deque
from typing import Final

from newsletter.replies import Reply, kept

# RFC 5321 section 4.5.3.1.5 allows a reply line 512 bytes. Whoever exceeds this writes no replies.
_LONGEST_LINE: Final = 8_192
_MOST_LINES: Final = 100
# What encryption may add to the end of a letter and the commands after it: never mistaken for unsent letter.
_SLACK: Final = 1_024
_PORTION: Final = 1 << 18


class Unanswered(Exception):  # noqa: N818 - not an error: the network's usual way to answer
    """The connection broke or the server stayed silent."""


class Unintelligible(Unanswered):
    """The server said something that is no reply, or that nobody had asked for."""


class Silent(Unanswered):
    """The server did not answer in time."""


class Wire(asyncio.Protocol):
    """One open connection. All methods belong to one event loop.

    Once something is wrong with it, it stays so: everything that was answered before can still be read.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        """Take over a connection on which the server owes us nothing."""
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._replies: deque[Reply] = deque()
        self._owed = 0
        self._heard = b""
        self._said: list[str] = []
        self._fault: Unanswered | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._is_paused = False
        self._is_cut = False
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether commands may be written."""
        return self._fault is None and not self._transport.is_closing()

    @property
    def has_unsent_letter(self) -> bool:
        """Whether part of a letter was never given to the network, so that its final dot was not either."""
        return self._is_paused or self._is_cut

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The encryption of the connection, None where there is none."""
        found: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object")
        return found

    def command(self, words: bytes, *, replies: int = 1) -> None:
        """Write one command, or several at once; so many replies are owed for them. Raises Unanswered."""
        self._require_open()
        self._owed += replies
        self._transport.write(words)

    async def letter(self, body: bytes, end: bytes, *, replies: int, seconds: float) -> None:
        """Write a letter and in the same breath its `end`, the final dot and the commands that follow it.

        Returns when all of the letter is given to the network, or when the server answers before that; raises
        Unanswered, also when nothing could be written for so many seconds. Until it returns,
        `has_unsent_letter` tells whether the end can have left.
        """
        self._require_open()
        self._owed += replies
        # Paused is then exactly "some of the letter itself waits": what follows it does not count.
        limit = len(end) + _SLACK
        self._transport.set_write_buffer_limits(high=limit, low=limit)
        written = 0
        self._is_cut = True
        while len(body) - written > _PORTION:
            self._transport.write(body[written : written + _PORTION])
            written += _PORTION
            await self._until_sent(seconds)
            if self._replies:
                return
        self._transport.write(body[written:] + end)
        self._is_cut = False
        await self._until_sent(seconds)

    async def reply(self, seconds: float) -> Reply:
        """Return the next reply; raise Unanswered when none comes within so many seconds, or none can."""
        if not self._replies:
            if self._fault is None:
                await self._wait(seconds)
            if not self._replies:
                raise self._fault or Unanswered("The connection was lost")
        return self._replies.popleft()

    def drop(self) -> None:
        """Close at once. To close an encrypted connection in order takes an answer that may never come."""
        self._fail(Unanswered("The connection was closed"))

    def data_received(self, data: bytes) -> None:
        """Read replies, as many as there are."""
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            self._take(line)
        if len(self._heard) > _LONGEST_LINE or len(self._said) > _MOST_LINES:
            self._give_up()

    def eof_received(self) -> bool:
        """Close: a server that says nothing more has left."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        del exc
        self._fail(Unanswered("The connection was lost"))

    def pause_writing(self) -> None:
        """Note that the network takes no more for the moment."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Note that it has taken the letter."""
        self._is_paused = False
        self._wake()

    def _take(self, line: bytes) -> None:
        """Read one line of a reply: three digits, then a blank or, if it goes on, "-" (RFC 5321 4.2)."""
        if self._fault is not None:
            return
        code, mark = line[:3], line[3:4]
        if len(code) < 3 or not code.isdigit() or mark not in b"- \r":
            self._give_up()
            return
        self._said.append(line[4:].strip().decode("utf-8", "replace"))
        if mark == b"-":
            return
        reply = Reply(int(code), "\n".join(self._said))
        self._said = []
        if self._owed == 0:
            # Mostly a 421 to a connection that did nothing for long (RFC 5321 section 3.8).
            self._fail(Unintelligible(f"The mail server said unasked: {reply.code} {kept(reply.text)}"))
            return
        self._owed -= 1
        self._replies.append(reply)
        self._wake()

    def _give_up(self) -> None:
        self._fail(Unintelligible("The mail server's reply could not be understood"))

    def _fail(self, fault: Unanswered) -> None:
        """Note the first fault and close; what was answered before it can still be read."""
        if self._fault is None:
            self._fault = fault
            self._transport.abort()
        self._wake()

    def _require_open(self) -> None:
        if self._fault is not None:
            raise self._fault
        if self._transport.is_closing():
            raise Unanswered("The connection was lost")

    async def _until_sent(self, seconds: float) -> None:
        while self._is_paused and not self._replies:
            if self._fault is not None:
                raise self._fault
            await self._wait(seconds)

    async def _wait(self, seconds: float) -> None:
        """Wait until anything happens; after so many seconds that is the server's silence."""
        self._waiter = self._loop.create_future()
        timer = self._loop.call_later(seconds, self._fail, Silent("The mail server did not answer in time"))
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
