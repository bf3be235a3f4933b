"""The whole trial: furnish a sandbox, kill its sending so many times, let it end, and draw up the account."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from iscm.selftest.account import Account, account_of
from iscm.selftest.killing import Killer, finish, living_victim
from iscm.selftest.sandbox import Sandbox, furnish
from iscm.selftest.server import running_server
from models import Database, InDoubtPolicy

_MOST_MISSED = 3


def readers_for(kills: int) -> int:
    """Return how many readers so many kills need, so that each finds a sending under way."""
    return 500 + 120 * kills


def try_in_a_sandbox(
    *,
    kills: int,
    policy: InDoubtPolicy,
    connections: int,
    seed: int,
    progress: Callable[[int], None] = lambda _kills: None,
) -> Account:
    """Kill a sending in a temporary folder of its own, on SQLite; nothing else is read or written."""
    with TemporaryDirectory(prefix="iscm-selftest-") as name:
        sandbox = Sandbox(f"sqlite:///{name}/sandbox.db", Path(name))
        database = Database(sandbox.database_url)
        try:
            database.upgrade()
            return try_sending(
                sandbox,
                database,
                kills=kills,
                policy=policy,
                connections=connections,
                chance=random.Random(seed),  # noqa: S311 - instants are no secrets
                progress=progress,
            )
        finally:
            database.close()


def try_sending(
    sandbox: Sandbox,
    database: Database,
    *,
    kills: int,
    policy: InDoubtPolicy,
    connections: int,
    chance: random.Random,
    progress: Callable[[int], None] = lambda _kills: None,
) -> Account:
    """Kill a sending from an empty database of this program's tables; `progress` is told of each kill.

    Raises SelftestStuck when the sending stands still or cannot be started.
    """
    with database.writing() as session:
        readers = furnish(session, readers=readers_for(kills), policy=policy)
    moments: Counter[str] = Counter()
    with (
        running_server() as inbox,
        living_victim(sandbox, port=inbox.port, connections=connections) as victim,
    ):
        killer = Killer(victim, inbox, chance, kills, len(readers))
        missed = 0
        while moments.total() < kills and missed < _MOST_MISSED * kills:
            moment = killer.kill_once(moments.total())
            if moment is None:
                missed += 1
            else:
                moments[moment.value] += 1
                progress(1)
        finish(victim)
    return account_of(sandbox, database, inbox, readers=readers, moments=moments, connections=connections)
