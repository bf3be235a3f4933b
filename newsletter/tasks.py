"""What only a person can do about a reader: kept once, told in a sentence, done by somebody with a name."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from models import RecipientKind, Subscriber, Task, TaskKind
from models.keeping import NothingToChange
from models.known import UnknownName
from models.masking import masked

SOMEBODY: Final = "the post has another address"
"""Who a task is done by that nobody needs to do any more."""

_DETAIL: Final = 300

_SENTENCES: Final = {
    TaskKind.NEW_ADDRESS: "Ask the mission for the new address of {who}: {issue} came back because the "
    "address does not exist{detail}. A second letter that comes back takes it off the list.",
    TaskKind.LEFT_POST: "Ask the mission who holds the post of {who} now: an automatic reply to {issue} "
    "says that they have left{detail}.",
    TaskKind.UNCLEAR_REFUSAL: "Ask the mission whether the address of {who} is right: {issue} was refused "
    "for good without a reason that programs understand{detail}.",
    TaskKind.UNPROVED_COMPLAINT: "Ask {who} whether they still want the letter: a complaint names them, but "
    "nothing proves that it is about {issue}, so nothing was changed{detail}.",
}


def open_task(
    session: Session,
    kind: TaskKind,
    reader: Subscriber,
    *,
    address: str,
    issue: str,
    detail: str,
    now: datetime,
) -> Task:
    """Open a task about a reader's address; one that is open already is seen once more."""
    said = masked(" ".join(detail.split()))[:_DETAIL] or None
    query = select(Task).where(
        Task.kind == kind, Task.subscriber_id == reader.id, Task.address == address, Task.done_at.is_(None)
    )
    task = session.scalars(query.with_for_update()).first()
    if task is None:
        task = Task(
            kind=kind,
            subscriber_id=reader.id,
            address=address,
            issue=issue,
            detail=said,
            opened_at=now,
            seen_at=now,
            count=1,
        )
        session.add(task)
    else:
        task.issue, task.detail, task.seen_at, task.count = issue, said, now, task.count + 1
    session.flush()
    return task


def list_tasks(session: Session, *, only_open: bool) -> list[tuple[Task, Subscriber]]:
    """Return tasks with the readers they are about, the oldest first."""
    query = select(Task, Subscriber).join(Subscriber, Subscriber.id == Task.subscriber_id).order_by(Task.id)
    if only_open:
        query = query.where(Task.done_at.is_(None))
    return [(task, reader) for task, reader in session.execute(query)]


def end_task(session: Session, number: int, *, editor: str, remark: str | None, now: datetime) -> Task:
    """Note that a task is done. Raises UnknownName, or NothingToChange for one that was done already."""
    task = session.get(Task, number, with_for_update=True)
    if task is None:
        raise UnknownName(f"There is no task {number}. See: iscm tasks list")
    if task.done_at is not None:
        raise NothingToChange(f"Task {number} was done already, by {task.done_by}.")
    task.done_at, task.done_by, task.remark = now, editor, remark
    return task


def end_moot_tasks(session: Session, *, now: datetime) -> int:
    """End the tasks about addresses that are nobody's any more; return how many."""
    ids = list(session.scalars(_moot().limit(500)))
    if ids:
        session.execute(
            update(Task).where(Task.id.in_(ids), Task.done_at.is_(None)).values(done_at=now, done_by=SOMEBODY)
        )
    return len(ids)


def has_moot_tasks(session: Session) -> bool:
    """Tell whether there is a task about an address that is nobody's any more."""
    return session.scalars(_moot().limit(1)).first() is not None


def _moot() -> Select[int]:
    return (
        select(Task.id)
        .join(Subscriber, Subscriber.id == Task.subscriber_id)
        .where(Task.done_at.is_(None), Subscriber.address != Task.address)
    )


def untold_tasks(session: Session) -> list[tuple[Task, Subscriber]]:
    """Return the open tasks that no mail has told of, with their readers, the oldest first."""
    query = (
        select(Task, Subscriber)
        .join(Subscriber, Subscriber.id == Task.subscriber_id)
        .where(Task.done_at.is_(None), Task.told_at.is_(None), Subscriber.address == Task.address)
        .order_by(Task.id)
    )
    return [(task, reader) for task, reader in session.execute(query)]


def oldest_untold(session: Session) -> datetime | None:
    """Return since when the oldest task waits that no mail has told of; None where there is none."""
    return session.scalar(
        select(func.min(Task.opened_at)).where(Task.done_at.is_(None), Task.told_at.is_(None))
    )


def set_told(session: Session, tasks: Collection[int], at: datetime | None) -> None:
    """Note when a mail told of these tasks, or (None) that it did not after all."""
    session.execute(
        update(Task).where(Task.id.in_(tasks)).values(told_at=at),
        execution_options={"synchronize_session": False},
    )


def sentence_of(task: Task, reader: Subscriber) -> str:
    """Return what is to be done, in a sentence for an editor, and what to type once that is known."""
    return f"{reason_of(task, reader)} {advice_of(task, reader)}"


def reason_of(task: Task, reader: Subscriber) -> str:
    """Return what is to be done about whom, and why."""
    about = ", ".join(one for one in (reader.name, reader.post, reader.organisation) if one)
    who = f"{about} ({task.address})" if about else task.address
    issue = f"issue {task.issue}" if task.issue else "a letter"
    detail = f" (“{task.detail}”)" if task.detail else ""
    return _SENTENCES[task.kind].format(who=who, issue=issue, detail=detail)


def advice_of(task: Task, reader: Subscriber) -> str:
    """Return what to type once the answer is there."""
    if task.kind is TaskKind.UNPROVED_COMPLAINT:
        return f"If not: iscm subscribers leave {task.address}"
    if reader.kind is RecipientKind.CIRCULATION:
        return f"Then: iscm subscribers hand-over {task.address} NEW-ADDRESS"
    return "Whoever is to get it now signs up, since a consent cannot be handed over."
