"""Sending, as the clock has it done: issues side by side, and the single mails that people wait for."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from models import Issue, IssueState, Refusal
from newsletter.course import expire_if_late, find_issue
from newsletter.deliveries import count
from newsletter.mailing import send_queued_mail
from newsletter.sending import Sending, issues_to_send, send_issue
from newsletter.summary_mailing import send_summaries
from newsletter.transport import RelayFaultError
from scheduler.work import Work

_LOOK_SECONDS = 1.0
_NOT_AGAIN_SECONDS = 5.0
_STOP_LOOK_SECONDS = 0.1
_MAIL_ENDS_WITHIN = 3.0

T = TypeVar("T")


class SendingHeldUp(Refusal):
    """Letters wait because of the mail server, not because of their readers."""


def send_what_waits(work: Work, now: datetime) -> str | None:
    """Send until no issue has a letter that may be tried now, or the process is to stop.

    Raises SendingHeldUp with the mail server's fault, or the error that ended an issue's sending; whatever
    waits is tried again at the next call.
    """
    return asyncio.run(_Round(work).run()) if _waiting(work, now) else None


def send_single_mails(work: Work, now: datetime) -> str | None:
    """Send the mails that a person waits for at a screen: confirmations. Raises SendingHeldUp."""
    del now
    try:
        sent = asyncio.run(until_stopped(work, send_queued_mail(work.office, relay=work.relay)))
    except RelayFaultError as fault:
        raise SendingHeldUp(str(fault)) from fault
    return f"{sent} sent" if sent else None


def tell_editors(work: Work, now: datetime) -> str | None:
    """Mail editors how their sendings went, once each. Raises SendingHeldUp."""
    del now
    telling = send_summaries(work.office, relay=work.relay, alert_to=work.alert_to)
    try:
        sent = asyncio.run(until_stopped(work, telling))
    except RelayFaultError as fault:
        raise SendingHeldUp(str(fault)) from fault
    return f"{sent} summaries sent" if sent else None


class _Round:
    """Every issue in a task of its own: one that starts later does not wait for one that takes hours."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._running: dict[str, asyncio.Task[Sending]] = {}
        self._rests_until: dict[str, float] = {}
        self._ended: Counter[str] = Counter()
        self._told: dict[str, str] = {}
        self._faults: dict[str, str] = {}
        self._errors: list[BaseException] = []

    async def run(self) -> str | None:
        """Send; tell what was sent."""
        while True:
            for code in await asyncio.to_thread(_waiting, self._work, self._work.now()):
                self._begin(code)
            if not self._running:
                break
            await asyncio.wait(
                self._running.values(), timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            for code in [code for code, task in self._running.items() if task.done()]:
                self._end(code)
        if self._errors:
            raise self._errors[0]
        if self._faults:
            raise SendingHeldUp(" ".join(f"Issue {code}: {fault}" for code, fault in self._faults.items()))
        return "; ".join(self._told.values()) or None

    def _begin(self, code: str) -> None:
        is_resting = asyncio.get_running_loop().time() < self._rests_until.get(code, 0.0)
        if code not in self._running and not is_resting:
            sending = send_issue(
                self._work.office,
                code,
                relay=self._work.relay,
                stop=self._work.stopping,
                progress=partial(self._count, code),
            )
            self._running[code] = asyncio.create_task(sending, name=f"issue {code}")

    def _count(self, code: str, letters: int) -> None:
        self._ended[code] += letters

    def _end(self, code: str) -> None:
        task = self._running.pop(code)
        self._rests_until[code] = asyncio.get_running_loop().time() + _NOT_AGAIN_SECONDS
        if (error := task.exception()) is not None:
            self._errors.append(error)
            return
        sending = task.result()
        self._faults.pop(code, None)
        if sending.fault:
            self._faults[code] = sending.fault
        if self._ended[code]:
            self._told[code] = f"issue {code}: {_numbers(sending)}"


def _waiting(work: Work, now: datetime) -> list[str]:
    """List the issues that have something to send now; those whose latest time has passed are put away."""
    if work.stopping.is_set():
        return []
    with work.database.reading() as session:
        codes = issues_to_send(session, now=now)
        late = [code for code in codes if _is_late(find_issue(session, code), now)]
    put_away = {code for code in late if _put_away(work, code, now=now)}
    return [code for code in codes if code not in put_away]


def _is_late(issue: Issue, now: datetime) -> bool:
    return issue.not_after is not None and issue.not_after < now


def _put_away(work: Work, code: str, *, now: datetime) -> bool:
    """Expire a late issue that has letters left; say whether nothing can be done about it just now."""
    with work.database.writing() as session:
        issue = find_issue(session, code, lock=True)
        counts = count(session, issue)
        if counts.open and issue.state is IssueState.SENDING:
            expire_if_late(session, issue, now=now)
        return not counts.is_finished


async def until_stopped(work: Work, act: Coroutine[Any, Any, T]) -> T | None:
    """Do something that takes seconds; give it three more when the process is to stop, then break it off."""
    task = asyncio.create_task(act)
    while not task.done() and not work.stopping.is_set():
        await asyncio.wait([task], timeout=_STOP_LOOK_SECONDS)
    await asyncio.wait([task], timeout=_MAIL_ENDS_WITHIN)
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
    return None if task.cancelled() else task.result()


def _numbers(sending: Sending) -> str:
    counts = sending.counts
    return (
        f"{counts.accepted} accepted, {counts.rejected} rejected, {counts.skipped} skipped, "
        f"{counts.in_doubt} in doubt, {counts.open} open"
    )
