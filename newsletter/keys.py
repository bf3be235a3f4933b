"""Keys derived from the service's secret: one secret, many purposes, none of which tells about another."""

import hashlib
import hmac
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_SEPARATOR: Final = "\0"


class Keys:
    """A secret and the older ones it replaced.

    The first signs; the others only verify, so that links sent years ago go on working. A key's version is
    one byte of its own fingerprint, so that versions need no numbering.
    """

    def __init__(self, secret: str, *, older: tuple[str, ...] = ()) -> None:
        """Take the secret that signs, and those that signed before it."""
        self._secrets = [secret.encode(), *(one.encode() for one in older)]
        self._versions = [hashlib.sha256(b"version" + one).digest()[0] for one in self._secrets]

    @property
    def version(self) -> int:
        """The version of the key that signs, 0 to 255."""
        return self._versions[0]

    def digest(self, purpose: str, *parts: str) -> bytes:
        """Return the 32-byte HMAC-SHA-256 of the parts, under the key that signs, for one purpose."""
        return _digest(self._secrets[0], purpose, parts)

    def digests(self, purpose: str, *parts: str, version: int | None = None) -> Iterator[bytes]:
        """Yield the same under every key there is or was, or under those of one version."""
        for secret, its_version in zip(self._secrets, self._versions, strict=True):
            if version is None or version == its_version:
                yield _digest(secret, purpose, parts)


def _digest(secret: bytes, purpose: str, parts: tuple[str, ...]) -> bytes:
    mac = _keyed(secret, purpose).copy()
    mac.update(_SEPARATOR.join(parts).encode())
    return mac.digest()


@lru_cache(maxsize=64)
def _keyed(secret: bytes, purpose: str) -> hmac.HMAC:
    """Return a hash that has read its key: to copy it takes less than to begin anew. Never updated itself."""
    return hmac.new(hmac.digest(secret, b"iscm newsletter " + purpose.encode(), "sha256"), digestmod="sha256")
