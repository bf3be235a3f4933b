"""A real SMTP server (aiosmtpd) that keeps what it is given, and misbehaves where a test tells it to."""
# ruff: noqa: ARG002, N802 - aiosmtpd calls handlers by these names, with all it knows

import asyncio
import logging
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Step(StrEnum):
    """Where a server can misbehave. DOT is the final dot: the whole letter has been read, but is not kept."""

    GREETING = "greeting"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"
    KEPT = "kept"


DROP = "drop"
SILENCE = "silence"
"""From here on nothing is answered on this connection."""

Behaviour = Callable[[Step, str, int], str | None]
"""Given the step, the recipient ("" before it is known) and how often this step came for this recipient (from
1): a reply to give instead of the right one, DROP, SILENCE, or None to behave."""


def behave(step: Step, recipient: str, nth: int) -> str | None:
    """Do everything right."""
    del step, recipient, nth
    return None


@dataclass
class Unruly:
    """What the server has kept and seen; `behaviour` may be changed while it runs."""

    behaviour: Behaviour = behave
    pipelining: bool = True
    port: int = 0
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0
    times: Counter[tuple[Step, str]] = field(default_factory=Counter)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def url(self) -> str:
        """Its address, as ISCM_SMTP_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}?starttls=never"

    @property
    def readers(self) -> Counter[str]:
        """How many copies each reader has."""
        return Counter(recipient for recipient, _ in self.kept)

    def ask(self, step: Step, recipient: str) -> str | None:
        """Count a step and say what to do instead of the right thing."""
        self.times[step, recipient] += 1
        return self.behaviour(step, recipient, self.times[step, recipient])


class _Server(SMTP):
    def __init__(self, unruly: Unruly, **options: Any) -> None:  # noqa: ANN401 - aiosmtpd's own, of many types
        self._unruly = unruly
        self._is_mute = False
        super().__init__(_Keeper(unruly), hostname="localhost", loop=unruly.loop, **options)

    async def push(self, status: str | bytes) -> None:
        text = status.decode() if isinstance(status, bytes) else status
        if text.startswith("220 localhost"):
            self._unruly.connections += 1
            text = self._unruly.ask(Step.GREETING, "") or text
        if text == DROP:
            self._writer.transport.abort()
        elif text == SILENCE:
            self._is_mute = True
        elif not self._is_mute:
            await super().push(text)

    async def smtp_DATA(self, arg: str) -> None:
        recipient = self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""
        answer = self._unruly.ask(Step.DATA, recipient)
        if answer is not None:
            await self.push(answer)
            return
        # Cut off in the middle of the body: the client is told to begin, and then there is nobody.
        if self._unruly.ask(Step.BODY, recipient) == DROP:
            await super().push("354 go on")
            await self._reader.readuntil(b"\r\n")
            self._writer.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Keeper:
    def __init__(self, unruly: Unruly) -> None:
        self._unruly = unruly

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        offered = ["250-PIPELINING"] if self._unruly.pipelining else []
        return [*responses[:-1], *offered, responses[-1]]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._unruly.ask(Step.MAIL, "") or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._unruly.ask(Step.RCPT, address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        answer = self._unruly.ask(Step.DOT, recipient)
        if answer is not None:
            return answer
        self._unruly.kept.append((recipient, envelope.original_content or b""))
        self._unruly.envelopes.append(envelope)
        self._unruly.encrypted.append(session.ssl is not None)
        return self._unruly.ask(Step.KEPT, recipient) or "250 2.0.0 queued"


@contextmanager
def unruly_server(
    behaviour: Behaviour = behave,
    *,
    tls: ssl.SSLContext | None = None,
    password: str | None = None,
    smtputf8: bool = False,
    pipelining: bool = True,
    is_implicit_tls: bool = False,
) -> Iterator[Unruly]:
    """Run a server on loopback in a thread of its own, for the block."""
    # It writes several lines to the log for each command it hears.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    unruly = Unruly(behaviour, pipelining)
    ready = threading.Event()

    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        fits = isinstance(given, LoginPassword) and given.password.decode() == password
        return AuthResult(success=fits, handled=False)

    starttls = None if is_implicit_tls else tls
    options: dict[str, Any] = {"tls_context": starttls, "enable_SMTPUTF8": smtputf8}
    if password is not None:
        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": starttls is not None}

    async def serve() -> asyncio.Server:
        wrapping = tls if is_implicit_tls else None
        return await unruly.loop.create_server(
            lambda: _Server(unruly, **options), "127.0.0.1", 0, ssl=wrapping
        )

    def run() -> None:
        asyncio.set_event_loop(unruly.loop)
        server = unruly.loop.run_until_complete(serve())
        unruly.port = server.sockets[0].getsockname()[1]
        unruly.loop.call_soon(ready.set)
        unruly.loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(unruly.loop)
        for task in tasks:
            task.cancel()
        unruly.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        unruly.loop.run_until_complete(server.wait_closed())
        unruly.loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield unruly
    finally:
        unruly.loop.call_soon_threadsafe(unruly.loop.stop)
        thread.join()
