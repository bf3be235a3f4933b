"""Mail addresses: checked, compared and written for the wire, and the names a letter gets for its reader."""

import base64
import re
import unicodedata
from functools import lru_cache
from typing import Final

import idna

from models import Refusal
from newsletter.keys import Keys

MAXIMUM_LOCAL: Final = 64
MAXIMUM_ADDRESS: Final = 254

# What NFKC makes an @ of.
_AT: Final = re.compile("[@\uff20\ufe6b]")
_LOCAL_CHARACTERS: Final = frozenset("!#$%&'*+-/=?^_`{|}~.")


class BadAddress(Refusal):
    """The text is not an address that mail can be sent to."""


def read_address(text: str) -> str:
    """Return an address as its owner wrote it, its domain as lower-case A-labels, or raise BadAddress.

    Takes the dot-atom form of RFC 5321 section 4.1.2, with letters of any alphabet (RFC 6531): no quoted
    local part, no address literal, no comment. Never holds a control character, a blank or a bracket. A local
    part is composed (NFC, RFC 6532 section 3.1); full-width and other forms of ASCII letters, which come from
    copying out of documents, become those letters. Reading what it returned changes nothing.
    """
    plain, composed = (_bare(unicodedata.normalize(form, text)) for form in ("NFKC", "NFC"))
    if not plain:
        raise BadAddress("The address is missing; write it like name@example.org.")
    local, at, domain = plain.rpartition("@")
    if not at or not local or not domain:
        raise BadAddress('"%(text)s" is not an address; write it like name@example.org.', text=_shown(text))
    is_usable = _is_local_part(local)
    if not local.isascii():
        local = composed[: max(found.start() for found in _AT.finditer(composed))]
    if not is_usable or not _is_local_part(local):
        raise BadAddress(
            '"%(text)s" is not an address: the part before the @ cannot be used.', text=_shown(text)
        )
    whole = f"{local}@{_domain(domain, text)}"
    if len(local.encode()) > MAXIMUM_LOCAL or len(whole.encode()) > MAXIMUM_ADDRESS:
        raise BadAddress('"%(text)s" is too long for an address.', text=_shown(text))
    return whole


def address_key(address: str) -> str:
    """Return what two spellings of one mailbox have in common, so that it gets one letter.

    Suppressions are hashes of this: it must give for ever what it gives today. Capitals, composed and
    decomposed letters and compatibility forms make no difference; rather are two mailboxes taken for one.
    """
    if address.isascii():
        # What the rest comes to; it is asked for millions of addresses.
        return address.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold())


def readable_address(address: str) -> str:
    """Return a checked address as people write it, its domain in its own letters; never for the wire."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def ascii_address(address: str) -> str:
    """Return an address as an ASCII header takes it; raise BadAddress where its local part is not ASCII."""
    checked = read_address(address)
    if not checked.isascii():
        raise BadAddress(
            '"%(text)s" cannot be a sender: its part before the @ must be plain ASCII.', text=_shown(address)
        )
    return checked


def domain_of(address: str) -> str:
    """Return the domain of a checked address: what relays count their limits by."""
    return address.rpartition("@")[2]


def message_identity(keys: Keys, *, issue: str, address: str, edition: str, domain: str) -> str:
    """Return a letter's Message-ID without its angle brackets, the same for every attempt."""
    mac = keys.digest("message-id", issue, address_key(address), edition)[:15]
    return f"{base64.urlsafe_b64encode(mac).decode('ascii')}@{domain}"


def _bare(text: str) -> str:
    """Return a text without blanks and invisible marks around it, as copying out of documents leaves them."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_invisible(character: str) -> bool:
    # Cf holds marks of direction, which Arabic programs put around an address, and those of no width.
    return character.isspace() or unicodedata.category(character) == "Cf"


def _is_local_part(local: str) -> bool:
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    return all(
        character in _LOCAL_CHARACTERS
        or character.isalnum()
        or (not character.isascii() and character.isprintable())
        for character in local
    )


def _domain(domain: str, text: str) -> str:
    try:
        ascii_domain = _ascii_domain(domain.rstrip("."))
    except idna.IDNAError as error:
        raise BadAddress(
            '"%(text)s" is not an address: its domain cannot exist.', text=_shown(text)
        ) from error
    if "." not in ascii_domain:
        raise BadAddress('"%(text)s" is not an address: its domain is not complete.', text=_shown(text))
    if ascii_domain.rpartition(".")[2].isdigit():
        raise BadAddress(
            '"%(text)s" is not an address: a domain has a name, not a number.', text=_shown(text)
        )
    return ascii_domain


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    """Return a domain in A-labels; raise IDNAError. Readers of one file share few domains."""
    return idna.encode(domain, uts46=True).decode("ascii").lower()


def _shown(text: str) -> str:
    """Return the text as a sentence may quote it: one line, no control character, not endless."""
    flat = "".join(character if character.isprintable() else " " for character in text).strip()
    return flat[:60] + ("…" if len(flat) > 60 else "")
