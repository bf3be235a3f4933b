"""Tasks of editors as mails to ISCM_ALERT_TO: the new ones gathered, one mail a day, each task told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from models import OperatorMailKind, Subscriber, Task
from newsletter.tasks import advice_of, oldest_untold, reason_of, set_told, untold_tasks
from scheduler.operator_mail import DAY, Telling, Words, send_to_operator, take_turn
from scheduler.work import Work
from templates.environment import render

GATHERED_FOR: Final = timedelta(hours=1)
"""How long after the first is opened new tasks are told: what a sending brings back comes together."""

MOST_IN_ONE: Final = 100
"""How many tasks one mail tells of; the others wait for the next one."""


def mail_tasks(work: Work, now: datetime) -> str | None:
    """Mail the tasks that no mail has told of. Raises SendingHeldUp: then they wait.

    They are noted as told before the mail's first byte leaves: what may have arrived is not sent again.
    """
    if not work.alert_to:
        return None
    with work.database.reading() as session:
        since = oldest_untold(session)
    if since is None or now - since < GATHERED_FOR:
        return None
    with work.database.writing() as session:
        untold = untold_tasks(session)
        if not untold:
            return None
        turn = take_turn(session, kind=OperatorMailKind.TASKS, owner=work.owner, most=1, gap=DAY, now=now)
        if turn is None:
            return None
        told = untold[:MOST_IN_ONE]
        words = task_words(told, more=len(untold) - len(told), site=work.base_url)
        numbers = [task.id for task, _ in told]
    telling = Telling(
        leaving=lambda session: set_told(session, numbers, now),
        kept_back=lambda session: set_told(session, numbers, None),
    )
    taken = send_to_operator(work, turn, words, to=work.alert_to, telling=telling)
    return f"{len(numbers)} told" if taken else f"the mail of {len(numbers)} tasks did not leave"


def task_words(tasks: Sequence[tuple[Task, Subscriber]], *, more: int, site: str) -> Words:
    """Return the mail that tells of these tasks; `more` is how many wait for the next one."""
    values: dict[str, Any] = {
        "tasks": [
            {
                "number": task.id,
                "since": f"{task.opened_at:%Y-%m-%d %H:%M} UTC",
                "reason": reason_of(task, reader),
                "advice": advice_of(task, reader),
            }
            for task, reader in tasks
        ],
        "more": more,
        "site": site,
    }
    return Words(
        subject=render("email/tasks/subject.txt", **values),
        text=render("email/tasks/body.txt", **values).strip(),
    )
