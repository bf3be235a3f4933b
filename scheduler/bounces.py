"""What came back, as the clock has it read: refusals of the sending, and the Maildir where one is set."""

from collections import Counter
from datetime import datetime

from models import Refusal
from newsletter.bounces.maildir import read_maildir, require_maildir
from newsletter.bounces.reading import Did
from newsletter.bounces.refused import count_refused, has_refused
from newsletter.tasks import end_moot_tasks, has_moot_tasks
from scheduler.work import Work


class MailsNotRead(Refusal):
    """Returned mails stay where they are."""


def read_bounces(work: Work, now: datetime) -> str | None:
    """Count what servers refused, and read the returned mails that are new.

    Raises NoMaildir, or MailsNotRead once all others are read: an alarm follows when that lasts.
    """
    with work.database.reading() as session:
        are_refused, are_moot = has_refused(session), has_moot_tasks(session)
    said = []
    if are_refused:
        said.append(f"{_count(work, now)} refusals counted")
    if are_moot:
        with work.database.writing() as session:
            said.append(f"{end_moot_tasks(session, now=now)} tasks about former addresses ended")
    if work.bounce_maildir is not None:
        require_maildir(work.bounce_maildir)
        did = _read(work)
        if did[Did.UNREAD]:
            raise MailsNotRead(
                f"{did[Did.UNREAD]} returned mails in {work.bounce_maildir} cannot be read or moved. See "
                f"which and why with: iscm bounces read --maildir {work.bounce_maildir}"
            )
        said += [f"{number} returned mails {one.value}" for one, number in sorted(did.items())]
    return ", ".join(said) or None


def _count(work: Work, now: datetime) -> int:
    refused = 0
    while not work.stopping.is_set():
        with work.database.writing() as session:
            portion = count_refused(session, work.office.keys, now=now)
        refused += portion
        if not portion:
            break
    return refused


def _read(work: Work) -> Counter[Did]:
    if work.bounce_maildir is None:
        return Counter()
    mails = read_maildir(
        work.database,
        work.office.keys,
        work.bounce_maildir,
        clock=work.now,
        is_stopping=work.stopping.is_set,
    )
    return Counter(mail.reading.did for mail in mails)
