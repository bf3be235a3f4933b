"""The private key that signs, read from its file, and the DNS record that publishes its other half."""

import base64
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SMALLEST_BITS: Final = 1024
"""RFC 8301 section 3.2: no verifier takes a shorter key; signers should use 2048 bits."""

LARGEST_BITS: Final = 4096
"""The longest key that every verifier takes (RFC 8301 section 3.2)."""

NEW_BITS: Final = 2048
_STRING: Final = 255
_PADDING: Final = padding.PKCS1v15()
_HASH: Final = hashes.SHA256()


class UnusableKey(ValueError):  # noqa: N818 - it says what the key is
    """The file holds nothing that could sign; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key that signs with SHA-256. Safe to use by several threads at once.

    Signing releases the GIL and always gives the same bytes for the same content (RFC 8017 section 8.2), so
    that a letter sent again is the same.
    """

    _key: rsa.RSAPrivateKey = field(repr=False)

    @property
    def bits(self) -> int:
        """The length of the key."""
        return self._key.key_size

    @property
    def public(self) -> bytes:
        """The public half as DER (SubjectPublicKeyInfo), as a DNS record holds it."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def record(self) -> str:
        """The text of the TXT record by which others check signatures (RFC 6376 section 3.6.1)."""
        return f"v=DKIM1; k=rsa; p={base64.b64encode(self.public).decode('ascii')}"

    def sign(self, content: bytes) -> bytes:
        """Return the signature (RSASSA-PKCS1-v1_5 with SHA-256)."""
        return self._key.sign(content, _PADDING, _HASH)


def read_key(pem: bytes) -> SigningKey:
    """Read a private key in PEM form, PKCS #1 or PKCS #8. Raises UnusableKey."""
    if b"-----BEGIN" not in pem:
        raise UnusableKey("the file holds no key in PEM form. Make one with: iscm dkim key FILE")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:
        raise UnusableKey("the key is locked by a password. Give a file with the key unlocked") from None
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey(_why_not(pem)) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnusableKey("the key is not an RSA key, and no other kind is checked everywhere")
    if not SMALLEST_BITS <= key.key_size <= LARGEST_BITS:
        wanted = f"it must have {SMALLEST_BITS} to {LARGEST_BITS}, best {NEW_BITS}"
        raise UnusableKey(f"the key has {key.key_size} bits; {wanted}")
    return SigningKey(key)


def new_key() -> bytes:
    """Return a new private key of 2048 bits in PEM form (PKCS #8)."""
    return rsa.generate_private_key(public_exponent=65537, key_size=NEW_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def record_name(*, selector: str, domain: str) -> str:
    """Return the name under which a key is published."""
    return f"{selector}._domainkey.{domain}"


def zone_line(name: str, text: str) -> str:
    """Return a TXT record as a line of a zone file, its text in strings of 255 characters at most."""
    strings = [text[start : start + _STRING] for start in range(0, len(text), _STRING)]
    return f"{name}. IN TXT " + " ".join(f'"{string}"' for string in strings)


def _why_not(pem: bytes) -> str:
    if b"PUBLIC KEY-----" in pem or b"CERTIFICATE-----" in pem:
        return "the file holds the public half. Give the file of the private key"
    return "the file holds no private key that can be read; it may be cut off or damaged"
