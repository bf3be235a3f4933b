"""The signature under a mail: rsa-sha256, headers relaxed, the body as it is (c=relaxed/simple).

What is the same in all copies of a letter is put into its form and hashed once. A copy then costs the hash of
what follows the first slot of its body, and one RSA signature; both let other threads run meanwhile.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from newsletter.dkim.headers import fields_of, names_to_sign, relaxed_field, signed_headers
from newsletter.slotted import Slotted

if TYPE_CHECKING:
    # Whoever signs nothing does not wait for a library of ciphers to be loaded.
    from newsletter.dkim.key import SigningKey

_NAME: Final = "DKIM-Signature"
_WIDTH: Final = 72
_BODY_HASH_SLOT: Final = b"BODY~HASH~SLOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: the domain that answers for a mail (d=), the selector that names its key, and the key."""

    domain: str
    selector: str
    key: "SigningKey"

    def signed(self, mail: bytes, *, at: datetime) -> bytes:
        """Return a whole mail (CRLF throughout) with its signature as the first header, made at a moment."""
        template = SignedTemplate(mail, self, slots=(), at=at)
        return template.signature(()) + mail


class SignedTemplate:
    """A mail with slots, ready to be signed for any number of readers."""

    def __init__(self, template: bytes, signer: Signer, *, slots: Sequence[bytes], at: datetime) -> None:
        """Take a mail whose slots hold neither blanks nor line ends, and the moment that t= tells.

        The moment is the letter's own, not that of signing: a letter sent again is the same to the byte.
        """
        head, blank, body = template.partition(b"\r\n\r\n")
        if not blank:
            raise ValueError("a mail has a head, an empty line and a body")
        fields = fields_of(head + b"\r\n")
        names = names_to_sign(fields)
        self._key = signer.key
        self._opening = _opening(signer, names, at)
        own = relaxed_field(self._opening + _BODY_HASH_SLOT + b";\r\n\tb=").relaxed
        self._headers = Slotted(signed_headers(fields, names) + own, (*slots, _BODY_HASH_SLOT))
        self._body = Slotted(_simple(body), slots)
        self._hash = hashlib.sha256(self._body.opening)

    def signature(self, values: Sequence[bytes]) -> bytes:
        """Return the header DKIM-Signature, with its CRLF, of the copy with these values in its slots."""
        digest = self._hash.copy()
        digest.update(self._body.rest(values))
        body_hash = base64.b64encode(digest.digest())
        made = base64.b64encode(self._key.sign(self._headers.fill((*values, body_hash))))
        lines = [made[start : start + _WIDTH] for start in range(0, len(made), _WIDTH)]
        return self._opening + body_hash + b";\r\n\tb=" + b"\r\n\t ".join(lines) + b"\r\n"


def _opening(signer: Signer, names: Sequence[str], at: datetime) -> bytes:
    """Return the header as it stands before the hash of the body."""
    lines = [
        f"{_NAME}: v=1; a=rsa-sha256; c=relaxed/simple; t={int(at.timestamp())};",
        f"d={signer.domain};",
        f"s={signer.selector};",
        f"{_folded(names)};",
        "bh=",
    ]
    return "\r\n\t".join(lines).encode("ascii")


def _folded(names: Sequence[str]) -> str:
    """Return the tag h= in lines of a mail's usual width; blanks around its colons are allowed."""
    lines, line = [], "h="
    for place, name in enumerate(names):
        piece = name if place == len(names) - 1 else f"{name}:"
        if len(line) + len(piece) > _WIDTH:
            lines.append(line)
            line = ""
        line += piece
    return "\r\n\t ".join([*lines, line])


def _simple(body: bytes) -> bytes:
    """Return a body in the form "simple" (RFC 6376 section 3.4.3): one line end after the last line."""
    return body.rstrip(b"\r\n") + b"\r\n"
