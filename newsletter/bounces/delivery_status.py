"""The fields of a message/delivery-status part (RFC 3464): for each recipient what became of the letter."""

import re
from typing import Final

from newsletter.bounces.classes import reply_of, status_of
from newsletter.bounces.mime import Fields, split_header
from newsletter.bounces.returned import Action, Outcome

MOST_RECIPIENTS: Final = 50

_GAPS: Final = re.compile(rb"\n[ \t\r]*(?:\n[ \t\r]*)+")
_XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")
_UTF8_TEXT: Final = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_SAID: Final = 500


def read_delivery_status(content: bytes) -> tuple[list[str], list[Outcome]]:
    """Return the envelope identifiers a report names, decoded, and an outcome for each recipient."""
    groups = [
        split_header(group + b"\n\n")[0] for group in _GAPS.split(content.strip())[: MOST_RECIPIENTS + 1]
    ]
    envelope_ids = [_xtext(value) for group in groups for value in group.all("original-envelope-id")]
    outcomes = [one for group in groups if (one := _outcome(group)) is not None]
    return envelope_ids, outcomes


def typed_address(value: str) -> str:
    """Return the address of a field "rfc822; name@example.org", in any of the spellings there are."""
    kind, semicolon, address = value.partition(";")
    address = address if semicolon else kind
    if kind.strip().lower() == "utf-8":
        address = _UTF8_TEXT.sub(_letter, address)
    return _xtext(address.strip()).strip("<> ")


def _outcome(group: Fields) -> Outcome | None:
    action = _action(group)
    if action is None:
        return None
    diagnostic = group.first("diagnostic-code")
    said = diagnostic.partition(";")[2].strip() if ";" in diagnostic[:40] else diagnostic.strip()
    return Outcome(
        action=action,
        final=typed_address(group.first("final-recipient")),
        original=typed_address(group.first("original-recipient")),
        status=status_of(group.first("status"), said),
        code=reply_of(said)[0],
        said=said[:_SAID],
    )


def _action(group: Fields) -> Action | None:
    word = group.first("action").partition("(")[0].strip().lower()
    try:
        return Action(word)
    except ValueError:
        pass
    # Some servers leave Action out; a permanent status then says the same.
    if not word and group.first("final-recipient") and group.first("status").strip().startswith("5"):
        return Action.FAILED
    return None


def _xtext(value: str) -> str:
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), value.strip())


def _letter(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
