"""What came of a sending that was killed: who was lost, who got two, who is in doubt, and what is wrong."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from sqlalchemy import select

from iscm.selftest.sandbox import CODE, Sandbox
from iscm.selftest.server import Inbox
from models import Database, Delivery, DeliveryState, InDoubtPolicy
from newsletter.course import find_issue
from newsletter.deliveries import Counts, count
from newsletter.ledger import write_ledger
from newsletter.verifying import LedgerBroken, verify_ledger

# Who is told as one of these must have a copy, or may have one.
_SENT: Final = DeliveryState.ACCEPTED
_DOUBTED: Final = DeliveryState.IN_DOUBT


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of one selftest.

    `lost` counts readers of whom the ledger says nothing, or says accepted where no copy arrived.
    `duplicates` counts copies beyond the first. `in_doubt` counts letters of which nobody knows, `arrived`
    those of them whose copy the server has. `violations` are sentences about what must never be.
    """

    kills: int
    moments: Mapping[str, int]
    connections: int
    policy: InDoubtPolicy
    counts: Counts
    lost: int
    duplicates: int
    in_doubt: int
    arrived: int
    violations: Sequence[str]


def account_of(
    sandbox: Sandbox,
    database: Database,
    inbox: Inbox,
    *,
    readers: Iterable[str],
    moments: Counter[str],
    connections: int,
) -> Account:
    """Compare what the ledger says with what the server has, reader by reader."""
    with database.reading() as session:
        issue = find_issue(session, CODE)
        counts, policy = count(session, issue), issue.in_doubt
        states: dict[str, DeliveryState] = dict(
            session.execute(select(Delivery.address, Delivery.state)).all()
        )
    copies, wanted = inbox.copies, set(readers)
    lost = {one for one in wanted if one not in states}
    lost |= {one for one, state in states.items() if state is _SENT and not copies[one]}
    doubted = [one for one, state in states.items() if state is _DOUBTED]
    duplicates = copies.total() - len(copies)
    kills = moments.total()
    account = Account(
        kills=kills,
        moments=dict(moments),
        connections=connections,
        policy=policy,
        counts=counts,
        lost=len(lost),
        duplicates=duplicates,
        in_doubt=len(doubted),
        arrived=sum(1 for one in doubted if copies[one]),
        violations=[],
    )
    wrong = [*_violations(account), *_unlike(inbox), *_ledger_faults(sandbox, database)]
    if other := {one for one, state in states.items() if state not in {_SENT, _DOUBTED}}:
        wrong.append(f"{len(other)} letters have not ended, though nothing kept them from it.")
    if strangers := set(copies) - wanted:
        wrong.append(f"{len(strangers)} copies went to nobody who was to get one.")
    if left := sorted(path.name for path in sandbox.journals.glob("*")):
        wrong.append(f"A journal was left behind: {', '.join(left)}.")
    return Account(**{name: getattr(account, name) for name in Account.__slots__} | {"violations": wrong})


def _violations(account: Account) -> list[str]:
    most = account.kills * account.connections
    said = []
    if account.lost:
        said.append(f"{account.lost} readers were lost.")
    if not account.counts.adds_up:
        said.append(f"The numbers do not add up: {account.counts}.")
    if account.policy is InDoubtPolicy.HOLD and account.duplicates:
        said.append(f"{account.duplicates} letters arrived twice.")
    if account.duplicates > most:
        said.append(
            f"{account.duplicates} letters arrived twice, more than {most}: one a connection and kill."
        )
    if account.in_doubt > most:
        said.append(f"{account.in_doubt} letters are in doubt, more than {most}: one a connection and kill.")
    return said


def _unlike(inbox: Inbox) -> list[str]:
    """Say whether any reader's copies differ by so much as a byte."""
    kinds = Counter(recipient for recipient, _ in set(inbox.kept))
    unlike = sum(1 for number in kinds.values() if number > 1)
    return [f"{unlike} readers got two copies that differ."] if unlike else []


def _ledger_faults(sandbox: Sandbox, database: Database) -> list[str]:
    """Write the ledger, check it as a stranger would, and say what is wrong with it."""
    office, file = sandbox.office(database), StringIO()
    with database.reading() as session:
        write_ledger(session, find_issue(session, CODE), file, keys=office.keys, now=office.clock())
    file.seek(0)
    try:
        verify_ledger(file, keys=office.keys)
    except LedgerBroken as broken:
        return [f"The ledger does not hold: {broken}"]
    return []
