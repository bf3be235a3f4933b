"""Reading one returned mail: which sort it is, whom and which letter it names. Pure, and never an error."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from newsletter.bounces.charsets import text_of, words_of
from newsletter.bounces.delivery_status import read_delivery_status, typed_address
from newsletter.bounces.has_left import LOOKED_AT, says_has_left, without_tags
from newsletter.bounces.mime import Fields, Part, content_type, parts_of, split_header
from newsletter.bounces.plain_reports import exim_reason, read_exim, read_qsbmf, with_reason
from newsletter.bounces.returned import Outcome, Returned, ReturnedKind

# Where mail servers write the address a mail was delivered to; its To: says the same of a report.
_ARRIVED_BY: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to")
_STATUS_KINDS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_LETTER_KINDS: Final = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
# Outlook.com passes a complaint on as the letter alone, with this field in it and no report.
_MARK_OF_OUTLOOK: Final = "x-hmxmroriginalrecipient"
_IDENTITY: Final = re.compile(r"<([^<>\s]{1,250})>")
_ADDRESS: Final = re.compile(r"[^\s<>\"(),;:]{1,250}@[^\s<>\"(),;:]{1,253}")
_MOST: Final = 20
# The subject that a letter's List-Unsubscribe asks for (RFC 2369 section 3.2), and nothing beside it.
_LEAVES: Final = re.compile(r"(?i:unsubscribe)[ _]([A-Za-z0-9_-]{22})")


def read_returned(content: bytes, *, recipient: str = "") -> Returned:
    """Return what a mail says. `recipient` is where it was delivered, when whoever delivered it tells."""
    fields, body = split_header(content)
    parts = parts_of(fields, body)
    complaint = [part for part in parts if part.kind == "message/feedback-report"]
    if complaint:
        told, _ = split_header(complaint[0].content.lstrip(b"\n") + b"\n\n")
        return _complaint(fields, parts, told, recipient)
    outcomes, envelope_ids, letter = _report(fields, parts)
    sent_to = _sent_to(fields, recipient)
    subject = " ".join(words_of(fields.first("subject")).split())[:200]
    if outcomes or _is_report(fields, parts):
        return Returned(
            kind=ReturnedKind.REPORT,
            sent_to=(*sent_to, *_return_paths(letter)),
            outcomes=tuple(outcomes),
            envelope_ids=tuple(envelope_ids[:_MOST]),
            message_ids=_identities(letter.all("message-id")),
            subject=subject,
        )
    # Not before: a report about a letter that passed through Outlook.com returns the same field.
    if _letter(parts).first(_MARK_OF_OUTLOOK):
        return _complaint(fields, parts, Fields(()), recipient)
    is_automatic = _is_automatic(fields)
    leaves = _LEAVES.fullmatch(subject)
    return Returned(
        kind=ReturnedKind.AUTOMATIC_REPLY if is_automatic else ReturnedKind.OTHER,
        sent_to=sent_to,
        answers=_identities([*fields.all("in-reply-to"), *fields.all("references")]),
        subject=subject,
        leaves_by=leaves[1] if leaves else "",
        has_left=says_has_left(f"{subject}\n{_words(parts)}"),
    )


def _report(fields: Fields, parts: Sequence[Part]) -> tuple[list[Outcome], list[str], Fields]:
    """Return a report's outcomes, the envelope identifiers it names, and the returned letter's fields."""
    outcomes: list[Outcome] = []
    envelope_ids: list[str] = []
    for part in parts:
        if part.kind in _STATUS_KINDS:
            named, told = read_delivery_status(part.content)
            outcomes += told
            envelope_ids += named
    letter = _letter(parts)
    if outcomes:
        return outcomes, envelope_ids, letter
    text = _text(parts)
    qmail = read_qsbmf(text)
    if qmail is not None:
        return qmail[0], [], split_header(f"{qmail[1]}\n\n".encode("utf-8", "replace"))[0]
    exim = [with_reason(one, exim_reason(text, one.final)) for one in read_exim(fields)]
    if exim and not letter.pairs:
        # Exim put the letter below a line of its own, before it wrote reports in parts.
        _, _, below = text.partition("\n------ This is a copy of")
        letter = split_header(below.partition("\n\n")[2].encode("utf-8", "replace"))[0]
    return exim, envelope_ids, letter


def _complaint(fields: Fields, parts: Sequence[Part], told: Fields, recipient: str) -> Returned:
    """Return what a complaint says (RFC 5965): much of it may be blacked out by whoever passes it on."""
    letter = _letter(parts)
    named = [typed_address(value) for value in told.all("original-rcpt-to")]
    senders = [address for value in told.all("original-mail-from") for address in _ADDRESS.findall(value)]
    is_complaint = told.first("feedback-type").strip().lower() not in {"not-spam", "auth-failure", "dkim"}
    return Returned(
        kind=ReturnedKind.COMPLAINT if is_complaint else ReturnedKind.OTHER,
        sent_to=(*senders[:_MOST], *_return_paths(letter), *_sent_to(fields, recipient)),
        envelope_ids=tuple(value.strip() for value in told.all("original-envelope-id")[:_MOST]),
        message_ids=_identities(letter.all("message-id")),
        recipients=tuple(named[:_MOST]),
        subject=" ".join(words_of(fields.first("subject")).split())[:200],
    )


def _sent_to(fields: Fields, recipient: str) -> tuple[str, ...]:
    found = [recipient] if recipient else []
    for name in _ARRIVED_BY:
        found += [
            address for value in fields.all(name)[:_MOST] for address in _ADDRESS.findall(value)[:_MOST]
        ]
    return tuple(found[: _MOST * 2])


def _return_paths(letter: Fields) -> list[str]:
    return [one for value in letter.all("return-path")[:_MOST] for one in _ADDRESS.findall(value)[:_MOST]]


def _letter(parts: Iterable[Part]) -> Fields:
    """Return the fields of the returned letter, none where there is none."""
    for part in parts:
        if part.kind in _LETTER_KINDS:
            return split_header(part.content.lstrip(b"\n") + b"\n\n")[0]
    return Fields(())


def _identities(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for value in list(values)[:_MOST] for one in _IDENTITY.findall(value)[:_MOST])


def _is_report(fields: Fields, parts: Sequence[Part]) -> bool:
    kind, parameters = content_type(fields)
    if kind == "multipart/report" and parameters.get("report-type", "").lower() == "delivery-status":
        return True
    return any(part.kind in _STATUS_KINDS for part in parts)


def _is_automatic(fields: Fields) -> bool:
    """Tell whether no person wrote it (RFC 3834 section 5, and what was used before it)."""
    submitted = fields.first("auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if fields.first("precedence").strip().lower() in {"auto_reply", "auto-reply", "bulk", "junk"}:
        return True
    names = {name for name, _ in fields.pairs}
    marks = {
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-response-suppress",
        "x-mail-autoreply",
    }
    return bool(names & marks)


def _words(parts: Sequence[Part]) -> str:
    plain = _text(parts)
    if plain.strip():
        return plain
    rich = (part for part in parts if part.kind == "text/html")
    return "\n".join(without_tags(text_of(part.content[: LOOKED_AT * 8], part.charset)) for part in rich)


def _text(parts: Sequence[Part]) -> str:
    return "\n".join(
        text_of(part.content[: LOOKED_AT * 8], part.charset) for part in parts if part.kind == "text/plain"
    )
