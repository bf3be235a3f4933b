"""Which code, words and settings the kept bodies were made with.

When one of them differs from what stands on record, everything is rendered anew and compared; the hashes
decide what is stamped. So an upgrade needs no hand, and one that changes no event wakes no client.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import templates

_LENGTH = 40


def renderer_mark(*, base_url: str, languages: Sequence[str]) -> str:
    """Return 40 letters that change with this room's code, the words of the templates and the settings."""
    settings = "\n".join([base_url, *languages])
    return hashlib.sha256(_code() + settings.encode()).hexdigest()[:_LENGTH]


@cache
def _code() -> bytes:
    """Return a digest of every file that can change the text of an event."""
    here, words = Path(__file__).parent, Path(templates.__file__).parent
    digest = hashlib.sha256()
    for file in sorted([*here.glob("*.py"), *words.glob("*.py"), *words.glob("translations/**/*.po")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.digest()
