"""A letter's bytes: an edition's MIME encoded once, joined anew for each reader in microseconds.

A *template* is the whole message as it goes over the wire (CRLF, lines of 998 bytes at most, no line
beginning with a dot) in which marks stand for the date, which the issue gives when its sending starts, and
for what differs between readers. It is approved and kept with the edition, so that a letter sent again after
a crash or an upgrade is the same to the byte.
"""

import hashlib
import re
from base64 import encodebytes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote, unquote
from typing import Final, NamedTuple

from newsletter.addressing import ascii_address
from newsletter.dkim.signing import SignedTemplate, Signer
from newsletter.pages import site_in
from newsletter.quoted_printable import quoted_printable
from newsletter.slotted import Slotted

# Marks are as long as what replaces them (a token has 22 characters), so that lines keep their length.
UNSUBSCRIBE_SLOT: Final = "UNSUBSCRIBE~TOKEN~SLOT"
PREFERENCES_SLOT: Final = "PREFERENCES~TOKEN~SLOT"
_ADDRESS_SLOT: Final = "RECIPIENT~ADDRESS~SLOT"
_MESSAGE_SLOT: Final = "MESSAGE~~IDENTITY~SLOT"
_CORRECTED_SLOT: Final = "CORRECTED~MESSAGE~SLOT"
_DATE_SLOT: Final = "LETTER~~~~~~~DATE~SLOT"

BODY_SLOTS: Final = (UNSUBSCRIBE_SLOT, PREFERENCES_SLOT)
MAXIMUM_LINE: Final = 998
_LONGEST_WHOLE: Final = 70

# In the order of the fields of Recipient.
_READER_SLOTS: Final = (_ADDRESS_SLOT, _MESSAGE_SLOT, *BODY_SLOTS, _CORRECTED_SLOT)
_SPECIAL_IN_NAMES: Final = re.compile(r'[()<>@,:;."\[\]\\]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who a letter comes from, and where its list lives.

    `sender` and `reply_to` are mailboxes ("Name <address>" or an address); `base_url` has no trailing slash.
    """

    sender: str
    reply_to: str | None
    base_url: str

    @property
    def sender_address(self) -> str:
        """The bare address of the sender."""
        return _split_mailbox(self.sender)[1]

    @property
    def domain(self) -> str:
        """The sender's domain, which names the list and stands in Message-IDs."""
        return ascii_address(self.sender_address).rpartition("@")[2]


class InlinePicture(NamedTuple):
    """A picture that travels inside the letter; the HTML names it `cid:` and its `cid` (RFC 2392)."""

    cid: str
    name: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one edition says. `html` and `text` hold the marks of BODY_SLOTS where a reader's links stand.

    A correction answers, in each mailbox, the very letter that it corrects.
    """

    issue: str
    language: str
    subject: str
    html: str
    text: str
    pictures: tuple[InlinePicture, ...] = ()
    is_correction: bool = False


class Recipient(NamedTuple):
    """What differs from reader to reader: everything a letter may know about its reader.

    corrected is the Message-ID of the letter that a correction answers; no other letter has it.
    """

    address: str
    message_id: str
    unsubscribe: str
    preferences: str
    corrected: str = ""


class EncodedEdition:
    """A template with its date, split into constant chunks and slots, ready for any number of readers.

    With a signer every letter is signed. Signing takes most of the time of a letter and lets other threads
    run: whoever sends many has `signature` made ahead in a thread, and hands it to `join`.
    """

    __slots__ = ("_letter", "_signed")

    def __init__(self, template: bytes, *, date: datetime, signer: Signer | None = None) -> None:
        """Take a template made by `encode_edition`, and the aware instant of its Date header."""
        dated = template.replace(_DATE_SLOT.encode(), format_datetime(date).encode(), 1)
        slots = [slot.encode() for slot in _READER_SLOTS]
        self._letter = Slotted(dated, slots)
        self._signed = None if signer is None else SignedTemplate(dated, signer, slots=slots, at=date)

    @property
    def is_signed(self) -> bool:
        """Whether letters are signed."""
        return self._signed is not None

    def signature(self, recipient: Recipient) -> bytes:
        """Return the header that signs the letter of one reader; nothing where letters are not signed."""
        return self._signed.signature(_values(recipient)) if self._signed is not None else b""

    def join(self, recipient: Recipient, *, signature: bytes | None = None) -> bytes:
        """Return the letter of one reader, byte for byte what goes over the wire before the final dot."""
        made = self.signature(recipient) if signature is None else signature
        return made + self._letter.fill(_values(recipient))


def _values(recipient: Recipient) -> list[bytes]:
    return [value.encode() for value in recipient]


def letter_bytes(edition: EncodedEdition, recipient: Recipient) -> bytes:
    """Return the letter of one reader. Its last bytes are CRLF; the final dot is the transport's."""
    return edition.join(recipient)


def encode_edition(content: Content, letterhead: Letterhead) -> bytes:
    """Encode an edition into a template, with the headers of newsletter.md section 3.

    Raises ValueError when a header cannot stand in one line of 998 bytes.
    """
    site = letterhead.base_url
    pages = site_in(site, content.language)
    sender = letterhead.sender_address
    answered = [(name, f"<{_CORRECTED_SLOT}>") for name in ("In-Reply-To", "References")]
    leave = f"<{site}/u/{UNSUBSCRIBE_SLOT}>, <mailto:{sender}?subject=unsubscribe%20{UNSUBSCRIBE_SLOT}>"
    return encode_mail(
        [
            ("Date", _DATE_SLOT),
            ("From", mailbox_header("From", letterhead.sender)),
            ("To", _ADDRESS_SLOT),
            *([("Reply-To", mailbox_header("Reply-To", letterhead.reply_to))] if letterhead.reply_to else []),
            ("Subject", text_header("Subject", content.subject)),
            ("Message-ID", f"<{_MESSAGE_SLOT}>"),
            *(answered if content.is_correction else []),
            ("List-Id", f"ISCM Highlights <highlights.{letterhead.domain}>"),
            ("List-Unsubscribe", leave),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("List-Archive", f"<{pages}/highlights>"),
            ("List-Help", f"<{pages}/newsletter>"),
            ("Archived-At", f"<{pages}/highlights/{content.issue}>"),
            ("Auto-Submitted", "auto-generated"),
            ("Precedence", "bulk"),
            ("Content-Language", content.language),
        ],
        text=content.text,
        html=content.html,
        pictures=content.pictures,
        unsplit=[f"{site}/u/{UNSUBSCRIBE_SLOT}", f"{site}/p/{PREFERENCES_SLOT}"],
    )


def encode_mail(
    headers: Sequence[tuple[str, str]],
    *,
    text: str,
    html: str | None,
    pictures: Sequence[InlinePicture] = (),
    unsplit: Sequence[str] = (),
) -> bytes:
    """Encode a mail of two equal parts (multipart/alternative) under the given headers; of one without html.

    Pictures travel with the HTML (multipart/related, RFC 2387). Words of `unsplit` stand on one line wherever
    that is possible, slots always. Header values are written as they stand: fold and encode them with
    `text_header` and `mailbox_header`. Boundaries follow from the content, so the same mail gives the same
    bytes.
    """
    whole = [*(word for word in unsplit if len(word) <= _LONGEST_WHOLE), *BODY_SLOTS]
    plain = quoted_printable(text, unsplit=whole)
    if html is None:
        return _plain_mail(headers, plain)
    rich = quoted_printable(html, unsplit=whole)
    kind, body = _multipart("alternative", [_text_part("plain", plain), _rich_part(rich, pictures)])
    lines = [_header_line(name, value) for name, value in headers]
    return b"\r\n".join([*lines, b"MIME-Version: 1.0", kind, b"", body, b""])


def _rich_part(rich: bytes, pictures: Sequence[InlinePicture]) -> bytes:
    if not pictures:
        return _text_part("html", rich)
    kind, body = _multipart(
        "related", [_text_part("html", rich), *(_picture_part(picture) for picture in pictures)]
    )
    return kind + b'; type="text/html"\r\n\r\n' + body


def _text_part(kind: str, body: bytes) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + body


def _picture_part(picture: InlinePicture) -> bytes:
    head = (
        f'Content-Type: image/png; name="{picture.name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{picture.cid}>\r\n"
        f'Content-Disposition: inline; filename="{picture.name}"\r\n\r\n'
    )
    return head.encode() + encodebytes(picture.png).strip().replace(b"\n", b"\r\n")


def _multipart(kind: str, parts: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the Content-Type line of a body of several parts, and that body."""
    # "=_" cannot occur in quoted-printable or base64, so no part can hold the boundary (RFC 2045, 6.7).
    boundary = b"=_iscm_" + hashlib.sha256(b"\0".join(parts)).hexdigest()[:32].encode()
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="'.encode() + boundary + b'"',
        body + b"--" + boundary + b"--",
    )


def _plain_mail(headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    lines = [_header_line(name, value) for name, value in headers]
    lines += [
        b"MIME-Version: 1.0",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Transfer-Encoding: quoted-printable",
        b"",
        body,
        b"",
    ]
    return b"\r\n".join(lines)


def text_header(name: str, text: str) -> str:
    """Return `text` as the value of header `name`: one or more folded lines of ASCII (RFC 2047)."""
    flat = " ".join(text.split())
    charset = "us-ascii" if flat.isascii() else "utf-8"
    return Header(flat, charset, header_name=name).encode(linesep="\r\n")


def mailbox_header(name: str, mailbox: str) -> str:
    """Return a mailbox ("Name <address>") as the value of header `name`, its display name encoded."""
    display, address = _split_mailbox(mailbox)
    address = ascii_address(address)
    if not display:
        return address
    if display.isascii():
        shown = f'"{quote(display)}"' if _SPECIAL_IN_NAMES.search(display) else display
    else:
        shown = Header(display, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{shown} <{address}>"


def masked(letter: bytes, recipient: Recipient) -> bytes:
    """Return a letter without what is its reader's own: equal for all readers of an edition."""
    values: Iterable[bytes] = (
        value.encode() for value in sorted(filter(None, set(recipient)), key=len, reverse=True)
    )
    for value in values:
        letter = letter.replace(value, b"*")
    return letter


def _split_mailbox(mailbox: str) -> tuple[str, str]:
    """Return display name and address. A comma in the name needs no quotes, as people write it."""
    name, bracket, address = mailbox.strip().rpartition("<")
    if not bracket:
        return "", mailbox.strip()
    return unquote(" ".join(name.split())), address.removesuffix(">").strip()


def _header_line(name: str, value: str) -> bytes:
    # Only a reader's own address may be more than ASCII, and then the envelope says SMTPUTF8 (RFC 6531).
    line = f"{name}: {value}".encode()
    for part in line.split(b"\r\n"):
        if len(part) > MAXIMUM_LINE or b"\n" in part or b"\r" in part:
            message = f"The header {name} does not fit in lines of {MAXIMUM_LINE} bytes."
            raise ValueError(message)
    return line
