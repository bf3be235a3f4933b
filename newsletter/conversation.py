"""Handing one letter over a connection, command by command, so that a failure's phase is always known.

aiosmtplib gives the same exception for a connection lost before and after the final dot; here MAIL, RCPT,
DATA and the body are our own steps on its open connection (RFC 5321 section 3.3, DSN as of RFC 3461).
"""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from newsletter.replies import Phase, Reply, Verdict, asked_wait, closes_connection, judge
from newsletter.transport import Fate, Outcome, Parcel

_GOODBYE_SECONDS: Final = 1.0
_KEPT_REPLY: Final = 500

_FATES: Final = {
    Verdict.ACCEPTED: Fate.ACCEPTED,
    Verdict.DEFERRED: Fate.DEFERRED,
    Verdict.REJECTED: Fate.REJECTED,
    Verdict.RELAY_FAULT: Fate.RELAY_FAULT,
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a reply may take, in seconds. RFC 5321 section 4.5.3.2 asks for ten minutes for the body."""

    connect: float = 30.0
    command: float = 120.0
    body: float = 600.0


class _Unanswered(Exception):  # noqa: N818 - not an error: the network's usual way to answer
    """The connection broke or the server stayed silent."""


class _Unintelligible(_Unanswered):
    """The server said something that is no reply."""


class Conversation:
    """One connection of aiosmtplib that has said EHLO; a Transport."""

    def __init__(self, client: aiosmtplib.SMTP, timeouts: Timeouts) -> None:
        """Take a client that is connected, after TLS and AUTH."""
        self._client = client
        self._timeouts = timeouts
        self._offers = frozenset(client.esmtp_extensions)

    @property
    def is_usable(self) -> bool:
        """Whether another letter may be tried on it."""
        return self._client.is_connected

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The encryption of the connection, None where there is none."""
        transport = self._client.transport
        return transport.get_extra_info("ssl_object") if transport is not None else None

    async def deliver(self, parcel: Parcel, *, on_wire: Callable[[], None]) -> Outcome:
        """Hand one letter over; see Transport."""
        if not parcel.recipient.isascii() and "smtputf8" not in self._offers:
            said = "The mail server cannot take addresses in this alphabet (SMTPUTF8)."
            return Outcome(Fate.REJECTED, None, said)
        try:
            return await self._exchange(parcel, on_wire)
        except BaseException:
            self._drop()
            raise

    async def close(self) -> None:
        """Say QUIT if the connection still stands, then close."""
        if self.is_usable:
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await self._client.quit(timeout=_GOODBYE_SECONDS)
        self._drop()

    async def _exchange(self, parcel: Parcel, on_wire: Callable[[], None]) -> Outcome:
        for phase, words in (
            (Phase.MAIL, self._mail(parcel)),
            (Phase.RCPT, self._rcpt(parcel)),
            (Phase.DATA, [b"DATA"]),
        ):
            try:
                reply = await self._command(words)
            except _Unanswered as error:
                self._drop()
                return Outcome(Fate.LOST, None, f"{error} (after {phase.upper()})")
            verdict = judge(phase, reply)
            if verdict is not Verdict.GO_ON:
                return await self._ended(phase, reply, verdict)
        return await self._body(parcel.letter, on_wire)

    async def _body(self, letter: bytes, on_wire: Callable[[], None]) -> Outcome:
        protocol = self._client.protocol
        if protocol is None or not protocol.is_connected:
            self._drop()
            return Outcome(Fate.LOST, None, "The connection was lost (after DATA)")
        on_wire()
        try:
            protocol.write(letter + b".\r\n")
            reply = await self._reply(protocol, self._timeouts.body)
        except (_Unanswered, aiosmtplib.SMTPException) as error:
            self._drop()
            return Outcome(Fate.IN_DOUBT, None, f"{error} (after the letter was under way)")
        verdict = judge(Phase.BODY, reply)
        if verdict is Verdict.NONSENSE:
            self._drop()
            return Outcome(Fate.IN_DOUBT, reply.code, _kept(reply))
        if verdict is Verdict.ACCEPTED:
            return Outcome(Fate.ACCEPTED, reply.code, _kept(reply))
        return await self._ended(Phase.BODY, reply, verdict)

    async def _ended(self, phase: Phase, reply: Reply, verdict: Verdict) -> Outcome:
        """Leave the connection clean, or leave it altogether, after anything but success."""
        is_broken = verdict in {Verdict.NONSENSE, Verdict.RELAY_FAULT} or closes_connection(reply)
        # A reply that came before the whole body was written leaves the two sides at different places.
        if is_broken or (phase is Phase.BODY and self._has_unwritten_bytes()) or not await self._reset():
            self._drop()
        return Outcome(_FATES.get(verdict, Fate.LOST), reply.code, _kept(reply), asked_wait(reply))

    async def _reset(self) -> bool:
        try:
            return (await self._command([b"RSET"])).code == 250
        except _Unanswered:
            return False

    async def _command(self, words: list[bytes]) -> Reply:
        protocol = self._client.protocol
        if protocol is None:
            raise _Unanswered("The connection was lost")
        try:
            response = await protocol.execute_command(*words, timeout=self._timeouts.command)
        except aiosmtplib.SMTPException as error:
            raise _Unanswered(_told(error)) from error
        return Reply(response.code, response.message)

    async def _reply(self, protocol: SMTPProtocol, seconds: float) -> Reply:
        try:
            response = await protocol.read_response(timeout=seconds)
        except aiosmtplib.SMTPException as error:
            raise _Unanswered(_told(error)) from error
        return Reply(response.code, response.message)

    def _mail(self, parcel: Parcel) -> list[bytes]:
        words = [b"MAIL", f"FROM:<{parcel.sender}>".encode("ascii")]
        if "size" in self._offers:
            words.append(f"SIZE={len(parcel.letter)}".encode("ascii"))
        if "dsn" in self._offers:
            words.append(f"RET=HDRS ENVID={parcel.envelope_id}".encode("ascii"))
        if not parcel.recipient.isascii():
            words.append(b"SMTPUTF8")
        return words

    def _rcpt(self, parcel: Parcel) -> list[bytes]:
        words = [b"RCPT", f"TO:<{parcel.recipient}>".encode()]
        if "dsn" in self._offers and parcel.recipient.isascii():
            words.append(f"ORCPT=rfc822;{_xtext(parcel.recipient)}".encode("ascii"))
        return words

    def _has_unwritten_bytes(self) -> bool:
        transport = self._client.transport
        return isinstance(transport, asyncio.WriteTransport) and transport.get_write_buffer_size() > 0

    def _drop(self) -> None:
        abandon(self._client)


def abandon(client: aiosmtplib.SMTP) -> None:
    """Close a connection at once. To close an encrypted one in order takes an answer that may never come."""
    transport = client.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
    client.close()


def _told(error: aiosmtplib.SMTPException) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return "The mail server's reply could not be understood"
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return "The mail server did not answer in time"
    return "The connection was lost"


def _kept(reply: Reply) -> str:
    """Return a reply's text as it is kept: one line, of bounded length."""
    return " ".join(reply.text.split())[:_KEPT_REPLY]


def _xtext(text: str) -> str:
    """Return text in the form DSN parameters take (RFC 3461 section 4)."""
    return "".join(
        f"+{ord(character):02X}" if character in "+=" or not "!" <= character <= "~" else character
        for character in text
    )
