"""Handing letters over a connection, several commands in one write, so that each failure's phase is known.

aiosmtplib gives the same exception for a connection lost before and after the final dot; here MAIL, RCPT,
DATA and the body are our own steps (RFC 5321 section 3.3, DSN as of RFC 3461). Where the server announces
PIPELINING the three commands go together, and those of the next letter with the final dot of the one before
(RFC 2920): one round trip a letter instead of four. Only one letter's body is ever on the wire.
"""

import ssl
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from newsletter.envelope import Commands, can_be_addressed, commands_of
from newsletter.replies import (
    Phase,
    Reply,
    Verdict,
    asked_wait,
    closes_connection,
    judge,
    kept,
    minds_pipelining,
)
from newsletter.transport import Fate, Outcome, Parcel
from newsletter.wire import Silent, Unanswered, Unintelligible, Wire

_GOODBYE_SECONDS: Final = 1.0
_MOST_STRIKES: Final = 2
_END: Final = b".\r\n"

_FATES: Final = {
    Verdict.ACCEPTED: Fate.ACCEPTED,
    Verdict.DEFERRED: Fate.DEFERRED,
    Verdict.REJECTED: Fate.REJECTED,
    Verdict.RELAY_FAULT: Fate.RELAY_FAULT,
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a reply may take, in seconds. RFC 5321 section 4.5.3.2 asks for ten minutes for the body."""

    connect: float = 30.0
    command: float = 120.0
    body: float = 600.0


@dataclass(slots=True)
class Pipelining:
    """Whether a server is taken at its word that it takes several commands at once.

    Some servers, and devices in front of them, announce it and lose commands. After one silence, one answer
    that makes no sense or two lost connections among commands written together, each waits for its answer.
    """

    strikes: int = 0

    @property
    def is_trusted(self) -> bool:
        """Whether commands are written together."""
        return self.strikes < _MOST_STRIKES

    def failed(self, fault: Unanswered | None = None) -> None:
        """Count what went wrong while commands had been written together."""
        is_telling = fault is None or isinstance(fault, Silent | Unintelligible)
        self.strikes += _MOST_STRIKES if is_telling else 1

    def worked(self) -> None:
        """Forget a lost connection, now that it worked."""
        if self.is_trusted:
            self.strikes = 0


class Conversation:
    """One connection that has said EHLO, after TLS and AUTH; a Transport."""

    def __init__(
        self, wire: Wire, *, offers: Collection[str], timeouts: Timeouts, pipelining: Pipelining
    ) -> None:
        """Take a connection, and the server's extensions in lower case as it offered them last."""
        self._wire = wire
        self._offers = frozenset(offers)
        self._timeouts = timeouts
        self._pipelining = pipelining
        self._announced: Parcel | None = None
        self._announced_by: Commands = ()
        self._is_awaiting_body = False

    @property
    def is_usable(self) -> bool:
        """Whether another letter may be tried on it."""
        return self._wire.is_open

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The encryption of the connection, None where there is none."""
        return self._wire.tls

    async def deliver(self, parcel: Parcel, *, on_wire: Callable[[], None]) -> Outcome:
        """Announce one letter and hand it over; see Transport."""
        ended = await self.offer(parcel)
        return ended if ended is not None else await self.hand_over(parcel, on_wire=on_wire)

    async def offer(self, parcel: Parcel) -> Outcome | None:
        """Announce a letter, unless that is done; see Transport."""
        announced, self._announced = self._announced, None
        try:
            if announced is not None and announced is not parcel:
                self._wire.drop()
                return Outcome(Fate.LOST, None, "The connection was closed: another letter was announced")
            if announced is not None:
                return await self._announce(self._announced_by, is_written=True)
            if not can_be_addressed(parcel, self._offers):
                said = "The mail server cannot take addresses in this alphabet (SMTPUTF8)."
                return Outcome(Fate.REJECTED, None, said)
            return await self._announce(commands_of(parcel, self._offers), is_written=False)
        except BaseException:
            self._wire.drop()
            raise

    async def hand_over(
        self, parcel: Parcel, *, on_wire: Callable[[], None], following: Parcel | None = None
    ) -> Outcome:
        """Write the letter the server waits for; see Transport."""
        if not self._wire.is_open or not self._is_awaiting_body:
            self._wire.drop()
            return Outcome(Fate.LOST, None, "The connection was lost (after DATA)")
        try:
            on_wire()
            self._is_awaiting_body = False
            return await self._body(parcel, following)
        except BaseException:
            self._wire.drop()
            raise

    def withhold(self) -> None:
        """Close a connection that waits for a body: there is no command to take an announced letter back."""
        self._wire.drop()

    async def close(self) -> None:
        """Say QUIT if the server would understand it, then close."""
        is_between_letters = self._announced is None and not self._is_awaiting_body
        if self._wire.is_open and is_between_letters:
            with suppress(Unanswered, OSError):
                self._wire.command(b"QUIT\r\n")
                await self._wire.reply(_GOODBYE_SECONDS)
        self._wire.drop()

    @property
    def _pipelines(self) -> bool:
        return "pipelining" in self._offers and self._pipelining.is_trusted

    async def _announce(self, commands: Commands, *, is_written: bool) -> Outcome | None:
        """Have the commands answered; None when the server waits for the body."""
        is_together = is_written or self._pipelines
        phase = Phase.MAIL
        try:
            if is_together and not is_written:
                self._wire.command(_together(commands), replies=len(commands))
            for phase, words in commands:
                if not is_together:
                    self._wire.command(words)
                reply = await self._wire.reply(self._timeouts.command)
                verdict = judge(phase, reply)
                if verdict is not Verdict.GO_ON:
                    return await self._refused(phase, reply, verdict, is_together=is_together)
        except Unanswered as fault:
            if is_together:
                self._pipelining.failed(fault)
            self._wire.drop()
            return Outcome(Fate.LOST, None, f"{fault} (after {phase.upper()})")
        self._is_awaiting_body = True
        return None

    async def _refused(self, phase: Phase, reply: Reply, verdict: Verdict, *, is_together: bool) -> Outcome:
        """Leave the connection clean after a refusal, or leave it altogether."""
        if is_together and (verdict is Verdict.NONSENSE or minds_pipelining(reply)):
            # Whatever was refused, it was not this reader: the two sides do not agree what was said.
            self._pipelining.failed()
            verdict = Verdict.RELAY_FAULT if verdict is not Verdict.NONSENSE else verdict
        outcome = Outcome(_FATES.get(verdict, Fate.LOST), reply.code, kept(reply.text), asked_wait(reply))
        is_broken = verdict in {Verdict.NONSENSE, Verdict.RELAY_FAULT} or closes_connection(reply)
        try:
            is_clear = not is_broken and (
                not is_together or phase is not Phase.RCPT or await self._data_is_over()
            )
            if not (is_clear and await self._reset()):
                self._wire.drop()
        except Unanswered as fault:
            if is_together:
                self._pipelining.failed(fault)
            self._wire.drop()
        return outcome

    async def _data_is_over(self) -> bool:
        """After a refused reader, hear the answer to the DATA that went with it; tell whether all is clear.

        Some servers wait for a body all the same. RFC 2920 section 3.1 has it ended by a dot alone; one that
        takes this for a letter is not trusted further.
        """
        reply = await self._wire.reply(self._timeouts.command)
        if judge(Phase.DATA, reply) is Verdict.GO_ON:
            self._wire.command(_END)
            reply = await self._wire.reply(self._timeouts.command)
        return 400 <= reply.code <= 599 and not closes_connection(reply)

    async def _body(self, parcel: Parcel, following: Parcel | None) -> Outcome:
        end, replies = _END, 1
        if following is not None and self._pipelines and can_be_addressed(following, self._offers):
            commands = commands_of(following, self._offers)
            end, replies = _END + _together(commands), 1 + len(commands)
            self._announced, self._announced_by = following, commands
        try:
            await self._wire.letter(parcel.letter, end, replies=replies, seconds=self._timeouts.body)
            is_unsent = self._wire.has_unsent_letter
            reply = await self._wire.reply(self._timeouts.body)
        except Unanswered as fault:
            if self._announced is not None:
                self._pipelining.failed(fault)
            is_unsent = self._wire.has_unsent_letter
            self._wire.drop()
            if is_unsent:
                return Outcome(Fate.LOST, None, f"{fault} (before the letter's end)")
            return Outcome(Fate.IN_DOUBT, None, f"{fault} (after the letter was under way)")
        return await self._answered(reply, is_early=is_unsent)

    async def _answered(self, reply: Reply, *, is_early: bool) -> Outcome:
        """Say how a letter ended whose body was answered, its end written or (`is_early`) not yet."""
        verdict = judge(Phase.BODY, reply)
        if verdict is Verdict.ACCEPTED and not is_early:
            self._pipelining.worked()
            return Outcome(Fate.ACCEPTED, reply.code, kept(reply.text))
        outcome = Outcome(_FATES.get(verdict, Fate.IN_DOUBT), reply.code, kept(reply.text), asked_wait(reply))
        if is_early and verdict in {Verdict.ACCEPTED, Verdict.NONSENSE}:
            # Nothing can have been taken: the end of it never left.
            self._wire.drop()
            return Outcome(Fate.LOST, reply.code, f"{kept(reply.text)} (before the letter's end)")
        if is_early or verdict in {Verdict.NONSENSE, Verdict.RELAY_FAULT} or closes_connection(reply):
            # A reply that came before the whole body was written leaves the two sides at different places.
            self._wire.drop()
        elif self._announced is None:
            try:
                if not await self._reset():
                    self._wire.drop()
            except Unanswered:
                self._wire.drop()
        return outcome

    async def _reset(self) -> bool:
        self._wire.command(b"RSET\r\n")
        return (await self._wire.reply(self._timeouts.command)).code == 250


def _together(commands: Commands) -> bytes:
    return b"".join(words for _, words in commands)
