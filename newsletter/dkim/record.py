"""The TXT record of a key, read as a verifier does (RFC 6376 section 3.6.1), and compared with the key."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from newsletter.dkim.key import SigningKey

_MAIL: Final = frozenset({"*", "email"})


def tags_of(text: str) -> dict[str, str] | None:
    """Return the tags of a record such as "v=DKIM1; p=…" without blanks around them; None where it has none.

    DMARC records are written the same way (RFC 7489 section 6.4).
    """
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not part.strip():
            continue
        if not equals or not name.strip() or name.strip() in tags:
            return None
        tags[name.strip()] = value.strip()
    return tags or None


def faults_of(texts: Sequence[str], key: SigningKey) -> Iterator[str]:
    """Yield why others could not check our signatures by what is published, a sentence each.

    Nothing when all is well. texts are those of all TXT records at the key's name.
    """
    found = [tags for text in texts if (tags := tags_of(text)) is not None and "p" in tags]
    if not texts:
        yield "There is no TXT record at this name."
    elif not found:
        yield "The record is no DKIM key: it has no p=."
    elif len(found) > 1:
        yield f"{len(found)} records stand at this name, and a verifier may take any of them: leave one."
    else:
        yield from _of_record(texts[0], found[0], key)


def is_on_trial(texts: Sequence[str]) -> bool:
    """Tell whether a record says t=y: whoever checks signatures is then to treat mail as if it had none."""
    return any("y" in _list((tags_of(text) or {}).get("t", "")) for text in texts)


def _of_record(text: str, tags: Mapping[str, str], key: SigningKey) -> Iterator[str]:
    version = tags.get("v", "DKIM1")
    if version != "DKIM1" or ("v" in tags and not text.lstrip().startswith("v")):
        yield f"The record must begin with v=DKIM1, and says v={version} or says it later."
    if tags.get("k", "rsa") != "rsa":
        yield f"The record is of a key of the kind {tags['k']}, while ours is rsa."
    if "h" in tags and "sha256" not in _list(tags["h"]):
        yield f"The record allows the hashes {tags['h']} only, while we sign with sha256."
    if "s" in tags and not _MAIL & set(_list(tags["s"])):
        yield f"The record is for {tags['s']} only, not for mail."
    if tags["p"] == "":
        yield "The record says that the key was withdrawn (p= is empty)."
    elif (published := _public(tags["p"])) is None:
        yield "The key in the record cannot be read; it may have been cut off when it was entered."
    elif published != key.public:
        yield "The record holds another key than ISCM_DKIM_KEY_FILE: no signature would be valid."


def _public(encoded: str) -> bytes | None:
    """Return the key of p= as SubjectPublicKeyInfo, also where it was written as a bare RSA key."""
    try:
        der = base64.b64decode("".join(encoded.split()), validate=True)
        return serialization.load_der_public_key(der).public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None


def _list(value: str) -> list[str]:
    return [word.strip() for word in value.split(":")]
