"""What sending asks of a connection to a mail server, and the six ways one letter can end.

The engine knows only these types, and nothing of SMTP.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from models import Refusal


class Fate(StrEnum):
    """How handing over one letter ended.

    accepted: the server has taken it. deferred: not now, for this reader (4xx). rejected: never (5xx).
    lost: the connection broke before the final dot was written, so nothing can have arrived.
    in_doubt: it broke after that, and nobody knows. relay_fault: the server minds us, not the reader.
    """

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    LOST = "lost"
    IN_DOUBT = "in_doubt"
    RELAY_FAULT = "relay_fault"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one letter ended. `code` and `reply` are the server's, `wait` the seconds it asked for."""

    fate: Fate
    code: int | None = None
    reply: str = ""
    wait: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One letter and its envelope. `letter` ends in CRLF and has no line that begins with a dot.

    `envelope_id` is what a delivery report will name (ENVID, RFC 3461): ASCII, at most 100 characters.
    """

    sender: str
    recipient: str
    envelope_id: str
    letter: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """How many letters a minute a relay gets, in all and for one recipient domain; None sets no limit."""

    per_minute: float | None = None
    domain_per_minute: float | None = None


class RelayFaultError(Refusal):
    """No usable connection: unreachable, no TLS, or our signing in refused. Counted against no reader.

    The message says what the server or the network said; `wait` is what the server asked for, in seconds.
    """

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class TurnedAway(RelayFaultError):  # noqa: N818 - it reads as what happened
    """The server does not want us at all for now. Nobody tries again for `wait` seconds."""


class SigningInRefused(TurnedAway):
    """The server does not take our user and password. Nobody tries them again for `wait` seconds."""


class Transport(Protocol):
    """One open connection that carries one letter at a time, and may announce the next one meanwhile.

    None of its acts raises for what the server or the network does. A letter is first offered, then, when the
    server waits for its body, handed over or withheld.
    """

    @property
    def is_usable(self) -> bool:
        """Whether another letter may be tried on it."""

    async def offer(self, parcel: Parcel) -> Outcome | None:
        """Announce a letter; return None when the server waits for its body, else how the letter ended.

        Nothing of the letter itself is written. After a letter that was announced as `following`, only that
        one may be offered, the same object; it is not announced twice.
        """

    async def hand_over(
        self, parcel: Parcel, *, on_wire: Callable[[], None], following: Parcel | None = None
    ) -> Outcome:
        """Write the letter that was offered last, and say how it ended.

        Calls `on_wire` once, right before the first byte of the body, with nothing awaited before it. When it
        raises, nothing of the body is written, the connection is closed and the exception goes on to the
        caller. When cancelled after `on_wire`, the letter is in doubt. `following` may be announced in the
        same write: nothing of its body can be on the wire before it is handed over in turn.
        """

    def withhold(self) -> None:
        """Do not hand over the letter that was offered last: nothing of its body is written.

        SMTP has no command for that once the server waits for a body, so the connection is closed. What was
        not ended by a dot is never a letter (RFC 5321 section 4.1.1.4).
        """

    async def deliver(self, parcel: Parcel, *, on_wire: Callable[[], None]) -> Outcome:
        """Offer one letter and hand it over."""

    async def close(self) -> None:
        """Say goodbye where that is still possible, and close. Takes a second at most."""


class Relay(Protocol):
    """Where letters are handed over."""

    @property
    def connections(self) -> int:
        """How many connections may be open at once."""

    @property
    def limits(self) -> Limits:
        """How many letters it may get."""

    async def connect(self) -> Transport:
        """Open a connection that is ready for a letter, or raise RelayFaultError."""

    def turned_us_away(self, said: str) -> None:
        """Note that it refuses whatever we send, in which words: `connect` raises TurnedAway for a while."""
