"""What sending asks of a connection to a mail server, and the six ways one letter can end.

The engine knows only these types, so that a faster conversation can take the place of today's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from models import Refusal


class Fate(StrEnum):
    """How handing over one letter ended.

    accepted: the server has taken it. deferred: not now, for this reader (4xx). rejected: never (5xx).
    lost: the connection broke before the first byte of the body, so nothing can have arrived.
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


class RelayFaultError(Refusal):
    """No usable connection: unreachable, no TLS, or our signing in refused. Counted against no reader.

    The message says what the server or the network said; `wait` is what the server asked for, in seconds.
    """

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class SigningInRefused(RelayFaultError):  # noqa: N818 - it reads as what happened
    """The server does not take our user and password. Nobody tries them again for `wait` seconds."""


class Transport(Protocol):
    """One open connection that carries one letter at a time."""

    @property
    def is_usable(self) -> bool:
        """Whether another letter may be tried on it."""

    async def deliver(self, parcel: Parcel, *, on_wire: Callable[[], None]) -> Outcome:
        """Hand one letter over and say how it ended; never raises for what the server or the network does.

        Calls `on_wire` once, right before the first byte of the body. When it raises, nothing of the body is
        written, the connection is closed and the exception goes on to the caller. When cancelled after
        `on_wire`, the letter is in doubt.
        """

    async def close(self) -> None:
        """Say goodbye where that is still possible, and close. Takes a second at most."""


class Relay(Protocol):
    """Where letters are handed over."""

    @property
    def connections(self) -> int:
        """How many connections may be open at once."""

    async def connect(self) -> Transport:
        """Open a connection that is ready for a letter, or raise RelayFaultError."""
