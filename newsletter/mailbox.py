"""The local mailbox: a real SMTP server on loopback that keeps every mail as a file and lets none out.

Each mail is one .eml file in DATA_DIR/mailbox, whole from the moment it has its name; names sort by arrival.
Its first lines are what the envelope said: Return-Path, and one X-Envelope-To for each recipient.
"""

import asyncio
import hashlib
import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK: Final = "127.0.0.1"
_FOLDER: Final = "mailbox"
_PORT_FILE: Final = "mailbox.json"
_LARGEST_MAIL: Final = 2**25
_GREETING_SECONDS: Final = 2.0


def mailbox_folder(data_dir: Path) -> Path:
    """Return the folder the mails are kept in; it may not exist yet."""
    return data_dir / _FOLDER


class Mailbox:
    """The running server, in a thread with a loop of its own."""

    def __init__(self, data_dir: Path) -> None:
        """Make a mailbox that keeps its mails below `data_dir`; `start` opens it."""
        self._data_dir = data_dir
        self._folder = mailbox_folder(data_dir)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)
        self._ready = threading.Event()
        self._port = 0
        self._failure: OSError | None = None

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        return self._port

    @property
    def url(self) -> str:
        """Its address, as ISCM_SMTP_URL would have it."""
        return f"smtp://{LOOPBACK}:{self._port}?starttls=never"

    def start(self) -> None:
        """Listen on a free port of loopback. Raises OSError when there is none, or no folder can be made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # aiosmtpd writes several lines to the log for each command it hears.
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    def publish(self) -> None:
        """Write the port where commands of other processes look for it."""
        draft = self._data_dir / f".{_PORT_FILE}.{os.getpid()}"
        draft.write_text(json.dumps({"port": self._port, "pid": os.getpid()}), encoding="ascii")
        draft.replace(self._data_dir / _PORT_FILE)

    def withdraw(self) -> None:
        """Take the published port back, if it is still this one's."""
        if _published_port(self._data_dir) == self._port:
            (self._data_dir / _PORT_FILE).unlink(missing_ok=True)

    def stop(self) -> None:
        """Close every connection and the port."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        keeper = _Keeper(self._folder)
        hello = _greeting(self._folder)
        try:
            server = self._loop.run_until_complete(
                self._loop.create_server(lambda: _Server(keeper, ident=hello, loop=self._loop), LOOPBACK, 0)
            )
        except OSError as error:
            self._failure = error
            self._loop.close()
            self._ready.set()
            return
        self._port = server.sockets[0].getsockname()[1]
        self._loop.call_soon(self._ready.set)
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(server.wait_closed())
        self._loop.close()


@contextmanager
def reachable_mailbox(data_dir: Path) -> Iterator[str]:
    """Yield the SMTP URL of the mailbox that runs on this folder, or of one started for the block."""
    port = _published_port(data_dir)
    if port is not None and _answers(port, _greeting(mailbox_folder(data_dir))):
        yield f"smtp://{LOOPBACK}:{port}?starttls=never"
        return
    mailbox = Mailbox(data_dir)
    mailbox.start()
    try:
        yield mailbox.url
    finally:
        mailbox.stop()


class _Keeper:
    """What the server does with a mail: one file, written beside its place and renamed into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail; a full disk is the sender's to retry."""
        del server, session
        envelope_lines = [f"Return-Path: <{envelope.mail_from}>"]
        envelope_lines += [f"X-Envelope-To: <{recipient}>" for recipient in envelope.rcpt_tos]
        content = envelope.original_content or b""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
        draft = self._folder / f".{name}"
        try:
            draft.write_bytes("".join(f"{line}\r\n" for line in envelope_lines).encode() + content)
            draft.rename(self._folder / f"{name}.eml")
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            return f"452 4.3.1 The mail cannot be kept: {error.strerror}"
        return f"250 2.0.0 Kept as {name}.eml"


class _Server(SMTP):
    """aiosmtpd, reading a mail in large pieces: line by line it takes 10 ms for one of 60 kB."""

    line_length_limit = _LARGEST_MAIL

    def __init__(self, keeper: _Keeper, *, ident: str, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(keeper, ident=ident, hostname="localhost", enable_SMTPUTF8=True, loop=loop)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd looks for this name
        """Read up to the final dot and hand the mail to the keeper."""
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._read_content()
        if content is None:
            await self.push("552 5.3.4 The mail is too large")
            self._writer.close()
            return
        envelope.content = envelope.original_content = _unstuffed(content)
        status = await self._call_handler_hook("DATA")
        self.envelope = Envelope()
        await self.push(status)

    async def _read_content(self) -> bytes | None:
        """Return what stands before the final dot, or None when it is larger than any mail."""
        pieces: list[bytes] = []
        size = 0
        end = b"\r\n"
        while size <= _LARGEST_MAIL:
            try:
                piece = await self._reader.readuntil(b".\r\n")
            except asyncio.LimitOverrunError:
                return None
            pieces.append(piece)
            size += len(piece)
            end = (end + piece)[-5:]
            # A dot at a line's end is the final one only when it stands there alone.
            if end == b"\r\n.\r\n":
                return b"".join(pieces)[:-3]
        return None


def _unstuffed(content: bytes) -> bytes:
    """Take away the dots a client put before lines that begin with one (RFC 5321 section 4.5.2)."""
    if content.startswith(b"."):
        content = content[1:]
    return content.replace(b"\r\n.", b"\r\n")


def _greeting(folder: Path) -> str:
    """Return what the server of this folder says first, so that nobody mistakes another server for it."""
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return f"ISCM local mailbox {mark}"


def _published_port(data_dir: Path) -> int | None:
    try:
        match json.loads((data_dir / _PORT_FILE).read_text(encoding="ascii")):
            case {"port": int(port)}:
                return port
    except (OSError, ValueError):
        pass
    return None


def _answers(port: int, greeting: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=_GREETING_SECONDS) as connection:
            return greeting.encode() in connection.recv(1024)
    except OSError:
        return False
