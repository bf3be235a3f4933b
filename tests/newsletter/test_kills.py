"""kill -9 of a real sending process at random instants, again and again: nobody is lost."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from models import Database, DeliveryState, IssueState
from newsletter.course import begin_sending, find_issue
from newsletter.deliveries import count
from newsletter.keys import Keys
from newsletter.settling import resend
from tests.letters import CODE, HEAD, NOW, ready_to_send, states
from tests.sink import Sink, running_sink

ROOT = Path(__file__).parents[2]
READERS = 2000
CONNECTIONS = 4
SECRET = "a key of the tests that is long enough for anybody"


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 10), ("postgresql", 3)], indirect=["database"])
def test_sending_killed_at_random_instants(database: Database, tmp_path: Path, *, kills: int) -> None:
    """Nobody is lost; at most one letter per connection and kill is in doubt or twice; copies are equal."""
    readers = ready_to_send(database, READERS, padding=2000)
    with database.writing() as session:
        begin_sending(session, CODE, keys=Keys(SECRET), domain=HEAD.domain, now=NOW)
    seed = random.randrange(10**9)  # noqa: S311 - instants are no secrets
    print(f"seed {seed}")  # noqa: T201 - a failure can be repeated
    chance = random.Random(seed)  # noqa: S311 - instants are no secrets
    with running_sink() as server:
        for _ in range(kills):
            kill_after(server, database, tmp_path, letters=chance.randint(0, READERS // (kills + 1)))
        ended = run(server, database, tmp_path)
        assert ended.returncode == (1 if in_doubt(database) else 0), ended.stderr
        assert in_doubt(database) <= kills * CONNECTIONS
        assert_nobody_is_lost(database, server, readers)
        settle_and_finish(database, server, tmp_path)
    copies = server.readers
    assert set(copies) == set(readers)
    assert copies.total() - len(readers) <= kills * CONNECTIONS
    assert len(set(server.kept)) == len(readers)
    with database.reading() as session:
        counts = count(session, find_issue(session, CODE))
    assert (counts.state, counts.included, counts.accepted) == (IssueState.SENT, READERS, READERS)
    assert counts.adds_up
    assert list((tmp_path / "journals").iterdir()) == []


def kill_after(server: Sink, database: Database, folder: Path, *, letters: int) -> None:
    """Start a sending, and kill it once that many more letters have arrived."""
    goal = len(server.kept) + letters
    with subprocess.Popen(
        command(), env=environment(server, database, folder), cwd=folder, stderr=subprocess.PIPE
    ) as child:
        end = time.monotonic() + 60
        while len(server.kept) < goal and child.poll() is None:
            assert time.monotonic() < end, "the sending stands still"
            time.sleep(0.001)
        child.kill()


def run(server: Sink, database: Database, folder: Path) -> subprocess.CompletedProcess[str]:
    """Send to the end."""
    return subprocess.run(
        command(),
        env=environment(server, database, folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def command() -> list[str]:
    """Return the command of a sending, as anybody would start it."""
    return [sys.executable, "-m", "iscm", "newsletter", "send", CODE]


def environment(server: Sink, database: Database, folder: Path) -> dict[str, str]:
    """Return the settings of a sending to the test's server."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ISCM_DATA_DIR": str(folder),
        "ISCM_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "ISCM_SMTP_URL": server.url,
        "ISCM_MAIL_FROM": HEAD.sender,
        "ISCM_SECRET_KEY": SECRET,
    }


def in_doubt(database: Database) -> int:
    """Count the letters in doubt."""
    return Counter(states(database).values())[DeliveryState.IN_DOUBT]


def assert_nobody_is_lost(database: Database, server: Sink, readers: list[str]) -> None:
    """Each reader has one copy and is told as accepted, or is in doubt with one copy or none."""
    told, copies = states(database), server.readers
    assert set(told) == set(readers)
    assert set(told.values()) <= {DeliveryState.ACCEPTED, DeliveryState.IN_DOUBT}
    assert all(copies[reader] == 1 for reader, state in told.items() if state is DeliveryState.ACCEPTED)
    assert all(copies[reader] <= 1 for reader in readers)


def settle_and_finish(database: Database, server: Sink, folder: Path) -> None:
    """Send again what is in doubt, until everybody is told as accepted."""
    if in_doubt(database):
        with database.writing() as session:
            resend(session, find_issue(session, CODE), now=NOW)
        ended = run(server, database, folder)
        assert ended.returncode == 0, ended.stderr
