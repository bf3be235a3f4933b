"""Sending, as the clock has it done: issues side by side, and the single mails that people wait for."""

import asyncio
from datetime import datetime

from models import Refusal
from newsletter.mailing import send_queued_mail
from newsletter.sending import Sending, issues_to_send, send_issue
from newsletter.transport import RelayFaultError
from scheduler.work import Work

_LOOK_SECONDS = 1.0
_NOT_AGAIN_SECONDS = 5.0


class SendingHeldUp(Refusal):
    """Letters wait because of the mail server, not because of their readers."""


def send_what_waits(work: Work, now: datetime) -> str | None:
    """Send until no issue has a letter that may be tried now, or the process is to stop.

    Raises SendingHeldUp with the mail server's fault; whatever waits is tried again at the next call.
    """
    if not _waiting(work, now):
        return None
    ended = asyncio.run(_send(work))
    faults = [f"Issue {code}: {sending.fault}" for code, sending in ended.items() if sending.fault]
    if faults:
        raise SendingHeldUp(" ".join(faults))
    return "; ".join(f"issue {code}: {_told(sending)}" for code, sending in ended.items())


def send_single_mails(work: Work, now: datetime) -> str | None:
    """Send the mails that a person waits for at a screen: confirmations. Raises SendingHeldUp."""
    del now
    try:
        sent = asyncio.run(send_queued_mail(work.office, relay=work.relay))
    except RelayFaultError as fault:
        raise SendingHeldUp(str(fault)) from fault
    return f"{sent} sent" if sent else None


async def _send(work: Work) -> dict[str, Sending]:
    """Send every issue in a task of its own: one that starts later does not wait for one that takes hours."""
    running: dict[str, asyncio.Task[Sending]] = {}
    ended: dict[str, Sending] = {}
    rests_until: dict[str, float] = {}
    time = asyncio.get_running_loop().time
    try:
        while True:
            for code in await asyncio.to_thread(_waiting, work, work.now()):
                if code not in running and time() >= rests_until.get(code, 0.0):
                    sending = send_issue(work.office, code, relay=work.relay, stop=work.stopping)
                    running[code] = asyncio.create_task(sending)
            if not running:
                return ended
            await asyncio.wait(running.values(), timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for code in [code for code, task in running.items() if task.done()]:
                ended[code] = running.pop(code).result()
                rests_until[code] = time() + _NOT_AGAIN_SECONDS
    finally:
        # One issue's failure ends no other one in the middle of a letter: the rest is waited for.
        if running:
            await asyncio.wait(running.values())


def _waiting(work: Work, now: datetime) -> list[str]:
    if work.stopping.is_set():
        return []
    with work.database.reading() as session:
        return issues_to_send(session, now=now)


def _told(sending: Sending) -> str:
    counts = sending.counts
    return (
        f"{counts.accepted} accepted, {counts.rejected} rejected, {counts.skipped} skipped, "
        f"{counts.in_doubt} in doubt, {counts.open} open"
    )
