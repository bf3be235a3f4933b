"""Reading one returned mail with all that follows from it, once: counted, ignored with a reason, or known."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import BounceKind, BounceSource, Issue, Report, ReturnedMail, TaskKind
from models.masking import masked
from newsletter.bounces.classes import class_of
from newsletter.bounces.consequences import ask, note_bounce, take_complaint
from newsletter.bounces.letters import Named, Stranger, find_letter, is_of
from newsletter.bounces.parsing import read_returned
from newsletter.bounces.raw import RawMail
from newsletter.bounces.returned import Action, Outcome, Returned, ReturnedKind
from newsletter.envelope_id import envelope_id_of
from newsletter.events import note_report
from newsletter.keys import Keys
from newsletter.settling import settle_by_report
from newsletter.subscription import leave


class Did(StrEnum):
    """What reading a mail did."""

    COUNTED = "counted"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    UNREAD = "unread"


class Why(StrEnum):
    """Why a mail is ignored, in a word for programs."""

    EMPTY = "empty"
    FORGED = "forged"
    OTHER_LETTER = "other_letter"
    UNKNOWN_LETTER = "unknown_letter"
    NOT_A_REPORT = "not_a_report"
    AUTOMATIC_REPLY = "automatic_reply"
    DELAYED = "delayed"
    NOTHING_SAID = "nothing_said"
    UNPROVED = "unproved"


_OF_STRANGERS: Final = {
    Stranger.FORGED: Why.FORGED,
    Stranger.ANOTHER: Why.OTHER_LETTER,
    Stranger.UNKNOWN: Why.UNKNOWN_LETTER,
}
_SENTENCES: Final = {
    Why.EMPTY: "there is nothing in it",
    Why.UNKNOWN_LETTER: Stranger.UNKNOWN.value,
    Why.NOT_A_REPORT: "it is neither a report, a complaint nor an automatic reply; a person should read it",
    Why.AUTOMATIC_REPLY: "an automatic reply",
    Why.DELAYED: "the letter is late, and still being tried",
    Why.NOTHING_SAID: "it does not say what became of the letter",
    Why.UNPROVED: "it names an address alone, which proves nothing",
}
# The mildest first: where several recipients are told of, and none is ours by name, the gravest is a guess.
_MILDEST: Final = (BounceKind.SOFT, BounceKind.POLICY, BounceKind.UNCLEAR, BounceKind.HARD)
_BY_MAIL: Final = "a mail to the address in List-Unsubscribe"
_ARRIVED: Final = (Action.DELIVERED, Action.RELAYED, Action.EXPANDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading one mail did, for whoever started it.

    `what` is what the mail told ("bounced hard", "complained", ...), `why` the reason for ignoring it, both
    empty where there is none; `said` says in words what followed.
    """

    did: Did
    what: str = ""
    why: Why | None = None
    issue: str = ""
    address: str = ""
    status: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    session: Session
    keys: Keys
    named: Named
    digest: str
    now: datetime

    def counted(self, what: str, said: str, *, status: str | None = None) -> Reading:
        delivery = self.named.delivery
        issue = self.session.get_one(Issue, delivery.issue_id)
        return Reading(
            did=Did.COUNTED,
            what=what,
            issue=issue.code,
            address=delivery.address,
            status=status or "",
            said=said,
        )

    def tell(self, what: Report | None, *, status: str | None = None, said: str = "") -> None:
        """Add what is told to the letter's history, and settle it where it is certain which letter it is."""
        delivery = self.named.delivery
        detail = masked(said) or None
        if self.named.is_certain:
            settle_by_report(
                self.session,
                envelope_id=envelope_id_of(delivery.id, delivery.message_id),
                what=what,
                now=self.now,
                status=status,
                detail=detail,
                report=self.digest,
            )
        elif what is not None:
            note_report(
                self.session,
                delivery_id=delivery.id,
                what=what,
                at=self.now,
                status=status,
                detail=detail,
                report=self.digest,
            )


def take_mail(session: Session, keys: Keys, raw: RawMail, *, recipient: str = "", now: datetime) -> Reading:
    """Read a mail and do what follows from it, in the session's transaction; the same bytes a second time do
    nothing. `recipient` is the address it was delivered to, where that is known.
    """  # noqa: D205 - one sentence, and the summary would say less than the promise
    if not raw.content.strip():
        return _ignored(Why.EMPTY)
    if session.get(ReturnedMail, raw.digest) is not None:
        return Reading(did=Did.DUPLICATE, said="this mail was counted before")
    mail = read_returned(raw.content, recipient=recipient)
    if mail.leaves_by:
        return _left(session, keys, mail.leaves_by, digest=raw.digest, now=now)
    return _about_a_letter(session, keys, mail, digest=raw.digest, now=now)


def _about_a_letter(session: Session, keys: Keys, mail: Returned, *, digest: str, now: datetime) -> Reading:
    named = find_letter(session, keys, mail)
    if isinstance(named, Stranger):
        if named is Stranger.UNKNOWN and mail.kind is ReturnedKind.OTHER:
            return _ignored(Why.NOT_A_REPORT)
        return Reading(did=Did.IGNORED, why=_OF_STRANGERS[named], said=named.value)
    with session.begin_nested() as attempt:
        if not _is_first(session, digest, now=now):
            return Reading(did=Did.DUPLICATE, said="this mail was counted before")
        reading = _taken(_Counting(session=session, keys=keys, named=named, digest=digest, now=now), mail)
        if reading.did is Did.IGNORED and reading.why is not Why.DELAYED:
            attempt.rollback()
    return reading


def _left(session: Session, keys: Keys, token: str, *, digest: str, now: datetime) -> Reading:
    """Take a reader off whose mail program wrote to leave, as their own click would; the token proves it."""
    reader = leave(session, keys, token, source=_BY_MAIL, now=now)
    if reader is None:
        return _ignored(Why.UNKNOWN_LETTER)
    # Read once more after they have come back, it must not take them off again.
    _is_first(session, digest, now=now)
    return Reading(did=Did.COUNTED, what="left", address=reader.address, said="gets no letter any more")


def _taken(counting: _Counting, mail: Returned) -> Reading:
    match mail.kind:
        case ReturnedKind.COMPLAINT:
            return _complained(counting)
        case ReturnedKind.REPORT:
            return _reported(counting, mail)
        # Old programs do not say that a reply is automatic; a person who has left may write it, too.
        case ReturnedKind.AUTOMATIC_REPLY | ReturnedKind.OTHER if mail.has_left:
            said = ask(
                counting.session,
                TaskKind.LEFT_POST,
                counting.named.delivery,
                detail=mail.subject,
                now=counting.now,
            )
            return counting.counted("left the post", said)
        case ReturnedKind.AUTOMATIC_REPLY:
            return _ignored(Why.AUTOMATIC_REPLY)
        case _:
            return _ignored(Why.NOT_A_REPORT)


def _complained(counting: _Counting) -> Reading:
    delivery = counting.named.delivery
    if not counting.named.is_proved:
        # Anybody can write such a mail about anybody, and a complaint takes them off for good.
        said = ask(counting.session, TaskKind.UNPROVED_COMPLAINT, delivery, detail="", now=counting.now)
        return counting.counted("complained, without proof", said)
    counting.tell(Report.COMPLAINED)
    said = take_complaint(counting.session, counting.keys, delivery, now=counting.now)
    return counting.counted("complained", said)


def _reported(counting: _Counting, mail: Returned) -> Reading:
    outcome = _outcome_of(counting.named, mail.outcomes)
    if outcome is None:
        return _ignored(Why.NOTHING_SAID)
    kind = class_of(outcome.status)
    if not counting.named.is_proved:
        return _unproved(counting, outcome, kind)
    if outcome.action is Action.DELAYED:
        counting.tell(None)
        return _ignored(Why.DELAYED)
    if outcome.action in _ARRIVED:
        # Relayed and expanded say that it went on, but not that it arrived.
        counting.tell(Report.DELIVERED if outcome.action is Action.DELIVERED else None)
        return counting.counted(outcome.action.value, "kept in the letter's history", status=outcome.status)
    counting.tell(Report.BOUNCED, status=outcome.status, said=outcome.said)
    followed = note_bounce(
        counting.session,
        counting.keys,
        counting.named.delivery,
        kind=kind,
        source=BounceSource.REPORT,
        status=outcome.status,
        code=outcome.code,
        said=outcome.said,
        now=counting.now,
    )
    said = followed or "this letter was known to have come back"
    return counting.counted(f"bounced {kind.value}", said, status=outcome.status)


def _unproved(counting: _Counting, outcome: Outcome, kind: BounceKind) -> Reading:
    """A report that names an address alone is worth a question, and never takes anybody off the list."""
    if outcome.action is not Action.FAILED or kind not in {BounceKind.HARD, BounceKind.UNCLEAR}:
        return _ignored(Why.UNPROVED)
    task = TaskKind.NEW_ADDRESS if kind is BounceKind.HARD else TaskKind.UNCLEAR_REFUSAL
    said = ask(counting.session, task, counting.named.delivery, detail=outcome.said, now=counting.now)
    return counting.counted(f"bounced {kind.value}, without proof", said, status=outcome.status)


def _outcome_of(named: Named, outcomes: tuple[Outcome, ...]) -> Outcome | None:
    """Return what a report says of the letter's own recipient; else, of a list behind it, the mildest."""
    own = [one for one in outcomes if is_of(named.delivery, one.original) or is_of(named.delivery, one.final)]
    return min(own or outcomes, key=_gravity, default=None)


def _gravity(outcome: Outcome) -> tuple[int, int]:
    if outcome.action is Action.FAILED:
        return 2, _MILDEST.index(class_of(outcome.status))
    return (1 if outcome.action is Action.DELAYED else 0), 0


def _is_first(session: Session, digest: str, *, now: datetime) -> bool:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(ReturnedMail)
        .values(digest=digest, counted_at=now)
        .on_conflict_do_nothing()
        .returning(ReturnedMail.digest)
    )
    return session.scalar(statement) is not None


def _ignored(why: Why) -> Reading:
    return Reading(did=Did.IGNORED, why=why, said=_SENTENCES[why])
