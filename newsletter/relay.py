"""The mail server letters are handed to: read from ISCM_SMTP_URL, connected to by aiosmtplib."""

import asyncio
import ipaddress
import os
import socket
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final, Self, cast
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from models import Refusal
from newsletter.conversation import Conversation, Pipelining, Timeouts
from newsletter.replies import Reply, asked_wait
from newsletter.signing_in import SigningIn
from newsletter.transport import Limits, RelayFaultError, SigningInRefused
from newsletter.welcome import Welcome
from newsletter.wire import Wire

DEFAULT_CONNECTIONS: Final = 4


class StartTls(StrEnum):
    """Whether a plain connection is turned into an encrypted one.

    auto takes what the server offers; it does not ask for a certificate that can be checked unless a password
    is at stake, because a relay on the same machine seldom has one.
    """

    NEVER = "never"
    AUTO = "auto"
    REQUIRED = "required"


class BadRelay(Refusal):
    """ISCM_SMTP_URL cannot be understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRelay:
    """A mail server and how to talk to it; a Relay."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    is_implicit_tls: bool = False
    starttls: StartTls = StartTls.AUTO
    connections: int = DEFAULT_CONNECTIONS
    limits: Limits = field(default_factory=Limits)
    timeouts: Timeouts = field(default_factory=Timeouts)
    signing_in: SigningIn = field(default_factory=SigningIn, repr=False, compare=False)
    pipelining: Pipelining = field(default_factory=Pipelining, repr=False, compare=False)
    welcome: Welcome = field(default_factory=Welcome, repr=False, compare=False)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read smtp://user:pass@host:587?starttls=never|auto|required&connections=4, or smtps://host.

        `per_minute` and `domain_per_minute` limit the letters, all of them and those to one recipient domain.
        A password is never given over an unencrypted line to another machine unless the URL says so:
        then starttls is `required` by default, otherwise `auto`. Raises BadRelay.
        """
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        is_implicit = parts.scheme == "smtps"
        password = unquote(parts.password) if parts.password is not None else None
        try:
            host = parts.hostname or ""
            default_mode = StartTls.REQUIRED if password and not _is_loopback(host) else StartTls.AUTO
            mode = StartTls(options.get("starttls", [default_mode])[-1])
            relay = cls(
                host=host,
                port=parts.port or (465 if is_implicit else 587 if parts.username else 25),
                username=unquote(parts.username) if parts.username is not None else None,
                password=password,
                is_implicit_tls=is_implicit,
                starttls=mode,
                connections=int(options.get("connections", [DEFAULT_CONNECTIONS])[-1]),
                limits=Limits(
                    per_minute=_limit(options, "per_minute"),
                    domain_per_minute=_limit(options, "domain_per_minute"),
                ),
            )
        except ValueError as error:
            raise BadRelay("ISCM_SMTP_URL cannot be used; write smtp://user:password@host:587.") from error
        if parts.scheme not in {"smtp", "smtps"} or not relay.host or relay.connections < 1:
            raise BadRelay("ISCM_SMTP_URL cannot be used; write smtp://user:password@host:587.")
        return relay

    @property
    def name(self) -> str:
        """The server as a sentence names it: host and port, no password."""
        return f"{self.host}:{self.port}"

    async def connect(self) -> Conversation:
        """Open a connection that is ready for a letter; raise RelayFaultError with the reason otherwise.

        Once the server has refused user and password, SigningInRefused is raised without asking it again
        until a pause is over that grows from 30 seconds to ten minutes; TurnedAway while the server is known
        to refuse whatever we send.
        """
        self.welcome.require()
        if self.username is None:
            return await self._open()
        await self.signing_in.wait_for_turn()
        try:
            conversation = await self._open()
        except SigningInRefused as refusal:
            refusal.wait = self.signing_in.refused(str(refusal))
            raise
        except BaseException:
            self.signing_in.undecided()
            raise
        self.signing_in.succeeded()
        return conversation

    def turned_us_away(self, said: str) -> None:
        """Note that the server refuses whatever we send; nobody tries again for a minute, then longer."""
        self.welcome.refused(said)

    async def _open(self) -> Conversation:
        client = _Client(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.is_implicit_tls,
            start_tls=None if self.starttls is StartTls.AUTO else self._demands_starttls,
            validate_certs=self._checks_certificates,
            local_hostname=await asyncio.to_thread(_own_name, self.host),
            timeout=self.timeouts.connect,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await _greet(client)
        except aiosmtplib.SMTPResponseException as error:
            client.close()
            reply = Reply(error.code, str(error.message))
            said = f"The mail server {self.name} says {reply.code}: {' '.join(reply.text.split())}"
            if isinstance(error, aiosmtplib.SMTPAuthenticationError):
                raise SigningInRefused(said) from error
            raise RelayFaultError(said, wait=asked_wait(reply)) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()
            raise RelayFaultError(f"The mail server {self.name} cannot be used: {_reason(error)}") from error
        return self._taken_over(client)

    def _taken_over(self, client: aiosmtplib.SMTP) -> Conversation:
        """Go on with a connection by our own protocol; aiosmtplib has done its part, and forgets it."""
        # By what it can do: the transports of other event loops are none of asyncio's classes.
        transport = cast("asyncio.Transport | None", client.transport)
        if transport is None or transport.is_closing():
            raise RelayFaultError(f"The mail server {self.name} closed the connection at once")
        client.transport = client.protocol = None
        return Conversation(
            Wire(transport),
            offers=client.esmtp_extensions,
            timeouts=self.timeouts,
            pipelining=self.pipelining,
        )

    @property
    def _demands_starttls(self) -> bool:
        return self.starttls is StartTls.REQUIRED and not self.is_implicit_tls

    @property
    def _checks_certificates(self) -> bool:
        return self.is_implicit_tls or self.starttls is not StartTls.AUTO or self.password is not None


def _limit(options: dict[str, list[str]], name: str) -> float | None:
    """Return a limit of the address, None where it has none; raise ValueError for one that is no limit."""
    if name not in options:
        return None
    limit = float(options[name][-1])
    if not 0 < limit < float("inf"):
        raise ValueError(name)
    return limit


class _Client(aiosmtplib.SMTP):
    """A client that closes at once: to close an encrypted line in order may take for ever."""

    def close(self) -> None:
        """Abort the connection and forget it."""
        if self.transport is not None:
            cast("asyncio.Transport", self.transport).abort()
        super().close()


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


def _reason(error: BaseException) -> str:
    """Return the innermost words of an error: "Connection refused" rather than a chain of wrappers."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, ConnectionError) and error.errno:
        # asyncio puts an address of its own making into the words.
        return os.strerror(error.errno)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, TimeoutError | asyncio.CancelledError | aiosmtplib.SMTPTimeoutError):
        return "it does not answer"
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


@cache
def _own_name(host: str) -> str:
    """Return what EHLO calls us. The full name may come from a slow name server, so it is asked once."""
    return "localhost" if _is_loopback(host) else socket.getfqdn()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
