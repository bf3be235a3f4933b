"""The selftest's account: each thing that must never be is seen, and said in a sentence."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import update

from iscm.selftest.account import Account, account_of
from iscm.selftest.sandbox import CODE, Sandbox, furnish
from iscm.selftest.server import Inbox
from iscm.selftest.trap import Moment
from models import Database, Delivery, DeliveryState, InDoubtPolicy, Issue
from newsletter.course import begin_sending

FIRST, SECOND, THIRD = (f"reader{number}@sandbox.invalid" for number in (1, 2, 3))
LETTER, OTHER = b"a letter", b"another one"


def account(
    database: Database, folder: Path, arrived: list[tuple[str, bytes]], *, policy: InDoubtPolicy
) -> Account:
    """Return the account of three readers after one kill on one connection: two accepted, one in doubt."""
    sandbox = Sandbox(database.url.render_as_string(), folder)
    office = sandbox.office(database)
    with database.writing() as session:
        readers = furnish(session, readers=3, policy=policy)
        begin_sending(session, CODE, keys=office.keys, domain=office.letterhead.domain, now=office.clock())
        session.execute(update(Delivery).values(state=DeliveryState.ACCEPTED))
        session.execute(
            update(Delivery).where(Delivery.address == THIRD).values(state=DeliveryState.IN_DOUBT)
        )
    return account_of(
        sandbox,
        database,
        Inbox(arrived),
        readers=readers,
        moments=Counter({Moment.ANY_TIME.value: 1}),
        connections=1,
    )


def test_account_of_what_may_be(sqlite_database: Database, tmp_path: Path) -> None:
    """Everybody who is told as accepted has one copy, who is in doubt one or none: nothing is wrong."""
    found = account(
        sqlite_database,
        tmp_path,
        [(one, LETTER) for one in (FIRST, SECOND, THIRD)],
        policy=InDoubtPolicy.HOLD,
    )
    assert (found.lost, found.duplicates, found.in_doubt, found.arrived, found.violations) == (0, 0, 1, 1, [])


@pytest.mark.parametrize(
    ("arrived", "said"),
    [
        ([(FIRST, LETTER)], ["1 readers were lost."]),
        (
            [(FIRST, LETTER), (SECOND, LETTER), (SECOND, LETTER)],
            ["1 letters arrived twice."],
        ),
        (
            [(FIRST, LETTER), (SECOND, LETTER), (SECOND, OTHER)],
            ["1 letters arrived twice.", "1 readers got two copies that differ."],
        ),
        (
            [(FIRST, LETTER), (SECOND, LETTER), ("stranger@sandbox.invalid", LETTER)],
            ["1 copies went to nobody who was to get one."],
        ),
    ],
)
def test_account_of_what_must_never_be(
    sqlite_database: Database, tmp_path: Path, arrived: list[tuple[str, bytes]], said: list[str]
) -> None:
    """A reader without a copy, one with two, one with two that differ, a stranger: each is said."""
    found = account(sqlite_database, tmp_path, arrived, policy=InDoubtPolicy.HOLD)
    assert found.violations == said


def test_account_under_resend(sqlite_database: Database, tmp_path: Path) -> None:
    """Sent again by policy, one copy more a connection and kill is as agreed; two are not."""
    twice = [(one, LETTER) for one in (FIRST, SECOND, FIRST)]
    found = account(sqlite_database, tmp_path, twice, policy=InDoubtPolicy.RESEND)
    assert (found.duplicates, found.violations) == (1, [])


def test_account_of_numbers_that_do_not_add_up(sqlite_database: Database, tmp_path: Path) -> None:
    """Somebody who is in no row is lost, and the equation says so too."""
    account(sqlite_database, tmp_path, [(FIRST, LETTER), (SECOND, LETTER)], policy=InDoubtPolicy.HOLD)
    sandbox = Sandbox(sqlite_database.url.render_as_string(), tmp_path)
    with sqlite_database.writing() as session:
        session.execute(update(Issue).values(candidates=4))
    found = account_of(
        sandbox,
        sqlite_database,
        Inbox([(FIRST, LETTER), (SECOND, LETTER)]),
        readers=[FIRST, SECOND, THIRD, "reader4@sandbox.invalid"],
        moments=Counter({Moment.ANY_TIME.value: 1}),
        connections=1,
    )
    assert found.lost == 1
    assert [one.partition(":")[0] for one in found.violations] == [
        "1 readers were lost.",
        "The numbers do not add up",
        "The ledger does not hold",
    ]
