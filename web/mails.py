"""The mails of the local mailbox, read from their files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LARGEST_HEADERS: Final = 32 * 1024
_ARRIVAL: Final = re.compile(r"(\d{8}T\d{6})")
_HEAD: Final = re.compile(r"<head[^>]*>", re.IGNORECASE)
_CID: Final = re.compile(r"(?P<before>[\"'(])cid:(?P<cid>[^\"')\s]+)")

# Links of a letter shown in a frame open in the whole window, as they would in a mail program.
_BASE: Final = '<base target="_top">'


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail in the list."""

    name: str
    to: str
    subject: str
    arrived: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of a mail that its HTML shows."""

    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, whole. `html` and `text` are None when it has no such part."""

    envelope: Envelope
    headers: tuple[tuple[str, str], ...]
    html: str | None
    text: str | None
    source: bytes


def newest_mails(folder: Path, *, before: str | None, number: int) -> tuple[tuple[Envelope, ...], str | None]:
    """Return the newest mails, or those older than `before`, and the name to ask for still older ones by."""
    names = sorted((path.stem for path in _files(folder)), reverse=True)
    if before is not None:
        names = [name for name in names if name < before]
    shown = tuple(_envelope(folder, name) for name in names[:number])
    return shown, names[number - 1] if len(names) > number else None


def read_mail(folder: Path, name: str) -> Mail | None:
    """Return the mail of this name, or None. No name reaches a file outside the folder."""
    source = _source(folder, name)
    if source is None:
        return None
    message = message_from_bytes(source, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the default policy makes; this tells the type checker
    return Mail(
        envelope=_envelope(folder, name),
        headers=tuple((key, str(value)) for key, value in message.items()),
        html=_body(message, "html"),
        text=_body(message, "plain"),
        source=source,
    )


def framed_html(html: str, *, address: str) -> str:
    """Return a mail's HTML ready to be shown in a frame: pictures inside it get the address `address/CID`."""
    found = _CID.sub(lambda cid: f"{cid['before']}{address}/{cid['cid']}", html)
    head = _HEAD.search(found)
    at = head.end() if head else 0
    return found[:at] + _BASE + found[at:]


def read_picture(folder: Path, name: str, cid: str) -> Picture | None:
    """Return the picture with this Content-ID in a mail, or None."""
    source = _source(folder, name)
    if source is None:
        return None
    for part in message_from_bytes(source, policy=policy.default).walk():
        if part.get("Content-ID", "").strip("<> ") == cid and part.get_content_maintype() == "image":
            payload = part.get_payload(decode=True)
            return Picture(part.get_content_type(), payload if isinstance(payload, bytes) else b"")
    return None


def _files(folder: Path) -> Iterator[Path]:
    return folder.glob("[!.]*.eml")


def _source(folder: Path, name: str) -> bytes | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        return (folder / f"{name}.eml").read_bytes()
    except OSError:
        return None


def _envelope(folder: Path, name: str) -> Envelope:
    with (folder / f"{name}.eml").open("rb") as file:
        headers = BytesHeaderParser(policy=policy.default).parsebytes(file.read(_LARGEST_HEADERS))
    found = _ARRIVAL.match(name)
    arrived = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if found else None
    return Envelope(
        name=name,
        to=str(headers.get("To", headers.get("X-Envelope-To", ""))),
        subject=str(headers.get("Subject", "")),
        arrived=f"{arrived:%d %b %Y, %H:%M:%S} UTC" if arrived else "",
    )


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    try:
        return payload.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a charset that nobody knows
        return payload.decode("utf-8", "replace")
