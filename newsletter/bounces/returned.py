"""What one returned mail says, read out of it and not yet believed."""

from dataclasses import dataclass
from enum import StrEnum


class ReturnedKind(StrEnum):
    """What sort of mail it is."""

    REPORT = "report"
    COMPLAINT = "complaint"
    AUTOMATIC_REPLY = "automatic_reply"
    OTHER = "other"


class Action(StrEnum):
    """What a report says was done for a recipient (RFC 3464 section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a report says of one recipient: addresses as they stand, the best status code there is."""

    action: Action
    final: str = ""
    original: str = ""
    status: str | None = None
    code: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One mail. `sent_to` are addresses it may have come by, the surest first.

    `message_ids` are those of the letter it returns (without brackets), `answers` those it says it answers.
    `envelope_ids` name a letter by the report, `recipients` are those a complaint names. `leaves_by` is the
    token of a mail that a mail program wrote to the address in List-Unsubscribe.
    """

    kind: ReturnedKind
    sent_to: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    envelope_ids: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: str = ""
    leaves_by: str = ""
    has_left: bool = False
