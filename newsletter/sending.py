"""Sending an issue: begun or gone on with, by as many connections as the relay allows, until nothing is left.

Killed at any instant it loses nobody; stopped in order it leaves nothing in doubt.
"""

import asyncio
import os
import re
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models import Delivery, DeliveryState, InDoubtPolicy, Issue, IssueState
from newsletter.bookkeeping import Bookkeeper
from newsletter.claims import are_held
from newsletter.course import (
    AUTOMATIC,
    begin_sending,
    encoded_editions,
    expire_if_late,
    find_issue,
    finish_if_done,
)
from newsletter.deliveries import OPEN, Counts, count
from newsletter.hours import issues_at_a_turn, keep_hours
from newsletter.journal import Journal
from newsletter.lanes import run_lanes
from newsletter.message import EncodedEdition
from newsletter.office import PostOffice
from newsletter.pace import Pace
from newsletter.recovery import expire_leases, recover_journals
from newsletter.round import Round
from newsletter.settling import IS_RESENT_BY_POLICY, follow_policy
from newsletter.transport import Relay

PATIENCE: Final = 15.0
_STOP_LOOK_SECONDS: Final = 0.05
_OTHERS_LOOK_SECONDS: Final = 0.5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sending:
    """How a sending ended: the numbers as they stand, and what kept it from going on, in a sentence."""

    counts: Counts
    fault: str | None

    @property
    def is_complete(self) -> bool:
        """Whether every letter is terminal: accepted, rejected or skipped."""
        return self.counts.is_finished and self.counts.state in {IssueState.SENT, IssueState.CANCELLED}


async def send_issue(
    office: PostOffice,
    code: str,
    *,
    relay: Relay,
    stop: threading.Event | None = None,
    progress: Callable[[int], None] = lambda _ended: None,
    patience: float = PATIENCE,
    waits_for_others: bool = False,
    editor: str = AUTOMATIC,
) -> Sending:
    """Send an issue, or go on with it, until nothing may be tried now; tell how it stands.

    Put-off letters whose time has not come stay open. A sent issue sends nothing. `stop`, when set, lets
    every connection finish the letter in hand and ends within seconds. `patience` is how long, in seconds,
    the relay may take nothing. With `waits_for_others`, rows that other living senders hold are waited for.
    `progress` is told how many letters have ended.

    Raises NoSuchIssue, NotSendable, JournalUnwritable, and what the database raises.
    """
    await asyncio.to_thread(recover, office)
    editions = await _writing(office, partial(_begin, office=office, code=code, editor=editor))
    limits = relay.limits
    pace = Pace(per_minute=limits.per_minute, domain_per_minute=limits.domain_per_minute)
    shared = Round(pace=pace, patience=patience)
    async with _watching(stop, shared):
        while editions and not shared.halt.is_set():
            await _run_lanes(office, code, relay=relay, editions=editions, shared=shared, progress=progress)
            # Asked first: others whose last letters end after this question are waited for, and the end that
            # is looked for next is theirs too.
            is_held = waits_for_others and await _writing(office, partial(_is_held, code=code))
            goes_on = await _writing(office, partial(_look_after, office=office, code=code, shared=shared))
            if is_held and not goes_on:
                goes_on = True
                await shared.rest(_OTHERS_LOOK_SECONDS)
                await asyncio.to_thread(recover, office)
            if not goes_on:
                break
    counts = await _writing(office, partial(_counted, code=code))
    return Sending(counts, shared.fault if counts.open else None)


def recover(office: PostOffice) -> int:
    """Settle what dead senders held; return how many letters that was."""
    now = office.clock()
    return recover_journals(office.database, folder=office.journals, now=now) + expire_leases(
        office.database, folder=office.journals, now=now
    )


def issues_to_send(session: Session, *, now: datetime) -> list[str]:
    """List the issues whose sending has something to do now: letters to try, or an end to be noted."""
    may_be_tried = or_(
        Delivery.state == DeliveryState.PENDING,
        and_(Delivery.state == DeliveryState.DEFERRED, Delivery.next_at <= now),
    )
    unfinished = Delivery.state.in_(OPEN | {DeliveryState.IN_DOUBT})
    of_issue = Delivery.issue_id == Issue.id
    to_resend = and_(
        Issue.in_doubt == InDoubtPolicy.RESEND,
        select(Delivery.id).where(of_issue, IS_RESENT_BY_POLICY).exists(),
    )
    is_open = or_(Issue.open_until.is_(None), Issue.open_until > now)
    query = select(Issue.code).where(
        Issue.state == IssueState.SENDING,
        or_(
            and_(is_open, or_(select(Delivery.id).where(of_issue, may_be_tried).exists(), to_resend)),
            ~select(Delivery.id).where(of_issue, unfinished).exists(),
            Issue.not_after < now,
        ),
    )
    return list(session.scalars(query.order_by(Issue.code)))


async def _run_lanes(
    office: PostOffice,
    code: str,
    *,
    relay: Relay,
    editions: Mapping[str, EncodedEdition],
    shared: Round,
    progress: Callable[[int], None],
) -> None:
    """Send what may be sent now, and leave nothing behind: no claim, no journal, no open connection."""
    owner = _owner_name()
    issue_id = await _writing(office, partial(_issue_id, code=code))
    journal = await asyncio.to_thread(Journal.begin, office.journals, owner)
    book = Bookkeeper(office, issue_id=issue_id, owner=owner, journal=journal, progress=progress)
    await run_lanes(office, relay=relay, book=book, editions=editions, shared=shared)


@asynccontextmanager
async def _watching(stop: threading.Event | None, shared: Round) -> AsyncIterator[None]:
    """Halt the round soon after `stop` is set by another thread."""

    async def watch(event: threading.Event) -> None:
        while not event.is_set():  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(_STOP_LOOK_SECONDS)
        shared.halt.set()

    watching = asyncio.create_task(watch(stop)) if stop is not None else None
    try:
        yield
    finally:
        if watching is not None:
            watching.cancel()


def _begin(session: Session, *, office: PostOffice, code: str, editor: str) -> Mapping[str, EncodedEdition]:
    """Begin the sending; return its editions, none when there is nothing to send."""
    issue = begin_sending(
        session,
        code,
        keys=office.keys,
        domain=office.letterhead.domain,
        now=office.clock(),
        editor=editor,
    )
    if issue.state is not IssueState.SENDING:
        return {}
    return encoded_editions(session, issue, signer=office.signer)


def _look_after(session: Session, *, office: PostOffice, code: str, shared: Round) -> bool:
    """Note an end, by success or by its latest time; tell whether there are letters to send again at once."""
    now = office.clock()
    issue = find_issue(session, code, lock=True)
    if shared.is_late:
        expire_if_late(session, issue, now=now)
    if code in issues_at_a_turn(session, now=now):
        keep_hours(session, code, now=now)
        return False
    again = follow_policy(session, issue, now=now)
    finish_if_done(session, code, now=now)
    return again > 0


def _is_held(session: Session, *, code: str) -> bool:
    """Tell whether other senders hold letters of the issue; this one holds none between its rounds."""
    return are_held(session, issue_id=find_issue(session, code).id)


def _issue_id(session: Session, *, code: str) -> int:
    return find_issue(session, code).id


def _counted(session: Session, *, code: str) -> Counts:
    return count(session, find_issue(session, code))


def _writing(office: PostOffice, act: Callable[[Session], T]) -> Coroutine[Any, Any, T]:
    def run() -> T:
        with office.database.writing() as session:
            return act(session)

    return asyncio.to_thread(run)


def _owner_name() -> str:
    """Return a name no other sender has, that can be a file's."""
    host = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:30]
    return f"{host}-{os.getpid()}-{secrets.token_hex(6)}"
