"""kill -9 of a sending at random instants, again and again: nobody is lost, nobody is sent two unasked."""

import random
from pathlib import Path

import pytest

from iscm.selftest.sandbox import Sandbox
from iscm.selftest.trap import Moment
from iscm.selftest.trial import try_sending
from models import Database, InDoubtPolicy

CONNECTIONS = 4


def killed(database: Database, folder: Path, *, kills: int, policy: InDoubtPolicy) -> None:
    """Kill a sending so many times, and see that nothing is as it must never be."""
    seed = random.randrange(10**9)  # noqa: S311 - instants are no secrets
    print(f"seed {seed}")  # noqa: T201 - a failure can be repeated
    account = try_sending(
        Sandbox(database.url.render_as_string(hide_password=False), folder),
        database,
        kills=kills,
        policy=policy,
        connections=CONNECTIONS,
        chance=random.Random(seed),  # noqa: S311 - instants are no secrets
    )
    print(account)  # noqa: T201 - the figures of a proof are worth keeping
    assert account.violations == []
    assert (account.kills, account.lost, account.counts.adds_up) == (kills, 0, True)
    assert account.in_doubt + account.duplicates <= kills * CONNECTIONS
    if policy is InDoubtPolicy.HOLD:
        assert account.duplicates == 0
    assert account.moments[Moment.FREEZING] > 0


@pytest.mark.parametrize(
    ("database", "kills", "policy"),
    [("sqlite", 6, InDoubtPolicy.HOLD), ("postgresql", 4, InDoubtPolicy.RESEND)],
    indirect=["database"],
)
def test_sending_killed_at_random_instants(
    database: Database, tmp_path: Path, *, kills: int, policy: InDoubtPolicy
) -> None:
    """Nobody is lost; at most one letter per connection and kill is in doubt or twice; copies are equal."""
    killed(database, tmp_path, kills=kills, policy=policy)


@pytest.mark.soak
@pytest.mark.parametrize("policy", InDoubtPolicy)
def test_sending_killed_fifty_times(database: Database, tmp_path: Path, policy: InDoubtPolicy) -> None:
    """The same with fifty kills, at any time, while freezing, committing and journalling."""
    killed(database, tmp_path, kills=50, policy=policy)
