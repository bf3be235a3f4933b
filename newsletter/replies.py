"""What a mail server's reply means for the letter it answers: one table, and the wait a server asks for."""

import re
from enum import StrEnum
from typing import Final, NamedTuple


class Phase(StrEnum):
    """How far the conversation about one letter has come: what is being answered."""

    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"


class Verdict(StrEnum):
    """What a reply means: go on, or an end, for the reader or for the relay as a whole."""

    GO_ON = "go_on"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    RELAY_FAULT = "relay_fault"
    NONSENSE = "nonsense"


class Reply(NamedTuple):
    """A server's answer: the three-digit code and the text, without line ends."""

    code: int
    text: str


# The first row that fits decides (RFC 5321 sections 4.2 and 4.3.2). A reply that no row fits is nonsense: the
# two sides no longer agree where they are, so the connection is given up.
_TABLE: Final = (
    ({Phase.MAIL}, 250, 250, Verdict.GO_ON),
    # 251 will forward, 252 cannot verify but will try.
    ({Phase.RCPT}, 250, 252, Verdict.GO_ON),
    ({Phase.DATA}, 354, 354, Verdict.GO_ON),
    ({Phase.BODY}, 200, 299, Verdict.ACCEPTED),
    # The server has not heard of the reader yet, so whatever it minds is ours: sender, quota, its own disk.
    ({Phase.MAIL}, 400, 599, Verdict.RELAY_FAULT),
    # It wants us to sign in, or does not take our signing in (RFC 4954 section 6).
    ({Phase.RCPT, Phase.DATA, Phase.BODY}, 530, 530, Verdict.RELAY_FAULT),
    ({Phase.RCPT, Phase.DATA, Phase.BODY}, 535, 538, Verdict.RELAY_FAULT),
    # It lost the order of the commands.
    ({Phase.RCPT, Phase.DATA}, 503, 503, Verdict.RELAY_FAULT),
    ({Phase.RCPT, Phase.DATA, Phase.BODY}, 400, 499, Verdict.DEFERRED),
    ({Phase.RCPT, Phase.DATA, Phase.BODY}, 500, 599, Verdict.REJECTED),
)

_UNITS: Final = {"s": 1, "m": 60, "h": 3600}
_AGAIN: Final = r"(?:try|retry|again|wait|after|greylist\w*)\D{0,40}?"
_WAIT: Final = re.compile(
    _AGAIN + r"(\d{1,5})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b",
    re.IGNORECASE,
)
_CLOCK_WAIT: Final = re.compile(_AGAIN + r"(\d{1,2}):(\d\d):(\d\d)\b", re.IGNORECASE)

# RFC 3463: X.7.x is security or policy, X.6.x the content; both are ours. X.2.x is the reader's own mailbox.
_ENHANCED: Final = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_OURS: Final = frozenset({6, 7})
_MAILBOX: Final = 2
_GREYLISTED: Final = re.compile(r"gr[ae]y-?list", re.IGNORECASE)
_UNSYNCHRONISED: Final = re.compile(r"pipelin|synchroni[sz]ation", re.IGNORECASE)
_KEPT_REPLY: Final = 500


def judge(phase: Phase, reply: Reply) -> Verdict:
    """Return what a reply in a phase means."""
    for phases, first, last, verdict in _TABLE:
        if phase in phases and first <= reply.code <= last:
            return verdict
    return Verdict.NONSENSE


def minds_us(code: int | None, text: str) -> bool:
    """Tell whether a refusal for good is about sender or letter rather than the reader: 5.7.x, 5.6.x."""
    found = _ENHANCED.match(text)
    return code is not None and 500 <= code <= 599 and found is not None and int(found[2]) in _OURS


def asks_for_less(code: int | None, text: str) -> bool:
    """Tell whether a "not now" is about how much we send, so that more slowly helps.

    A mailbox that is full or busy (4.2.x) and greylisting, which only wants us back later, are not.
    """
    if code is None or not 400 <= code <= 499:
        return False
    found = _ENHANCED.match(text)
    return not (found is not None and int(found[2]) == _MAILBOX) and _GREYLISTED.search(text) is None


def minds_pipelining(reply: Reply) -> bool:
    """Tell whether a refusal is about commands that came together (Exim and Postfix say so in words)."""
    return reply.code == 503 or (reply.code >= 500 and _UNSYNCHRONISED.search(reply.text) is not None)


def kept(text: str) -> str:
    """Return a reply's text as it is kept: one line of bounded length that any database takes."""
    shown = text[: 4 * _KEPT_REPLY]
    if not shown.isprintable():
        shown = "".join(character if character.isprintable() else " " for character in shown)
    return " ".join(shown.split())[:_KEPT_REPLY]


def closes_connection(reply: Reply) -> bool:
    """Tell whether the server closes the connection after this reply (RFC 5321 section 3.8)."""
    return reply.code == 421


def asked_wait(reply: Reply) -> float | None:
    """Return the seconds a server asks us to wait ("try again in 10 minutes", "wait 00:05:00"), or None."""
    if found := _CLOCK_WAIT.search(reply.text):
        hours, minutes, seconds = map(int, found.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    if found := _WAIT.search(reply.text):
        return float(int(found.group(1)) * _UNITS[found.group(2)[0].lower()])
    return None
