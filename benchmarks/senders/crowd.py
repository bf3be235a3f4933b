"""A sending to a crowd, step by step: each is timed, and the memory the process took at most is told."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from iscm.selftest.sandbox import CODE, Sandbox, furnish
from models import Database, InDoubtPolicy
from newsletter.course import begin_sending, find_issue
from newsletter.deliveries import count
from newsletter.ledger import write_ledger
from newsletter.office import PostOffice
from newsletter.relay import SmtpRelay
from newsletter.sending import send_issue
from newsletter.verifying import verify_ledger


def _fill(database: Database, readers: int) -> None:
    database.upgrade()
    with database.writing() as session:
        furnish(session, readers=readers, policy=InDoubtPolicy.HOLD)


def _begin(database: Database, office: PostOffice) -> None:
    with database.writing() as session:
        begin_sending(session, CODE, keys=office.keys, domain=office.letterhead.domain, now=office.clock())


def _measured(database: Database, office: PostOffice, *, port: int, most_seconds: float) -> dict[str, float]:
    """Send as long as that at most, and return the seconds of each step, and how many letters left."""
    freezing = _seconds(lambda: _begin(database, office))
    relay = SmtpRelay.from_url(f"smtp://127.0.0.1:{port}?starttls=never&connections=8")
    stop = threading.Event()
    clock = threading.Timer(min(most_seconds, threading.TIMEOUT_MAX), stop.set)
    clock.daemon = True
    clock.start()
    sending = _seconds(lambda: asyncio.run(send_issue(office, CODE, relay=relay, stop=stop)))
    clock.cancel()
    with database.reading() as session:
        issue = find_issue(session, CODE)
        counting = _seconds(lambda: count(session, issue))
        accepted = count(session, issue).accepted
    path = office.journals / "ledger.csv"
    with database.reading() as session, path.open("w") as file:
        issue = find_issue(session, CODE)
        writing = _seconds(lambda: write_ledger(session, issue, file, keys=office.keys, now=office.clock()))
    with path.open() as file:
        verifying = _seconds(lambda: verify_ledger(file, keys=office.keys))
    path.unlink()
    return {
        "freezing": freezing,
        "sending": sending,
        "accepted": accepted,
        "counting": counting,
        "writing": writing,
        "verifying": verifying,
        "megabytes": _megabytes(),
    }


def _megabytes() -> float:
    """Return the most memory this process ever held, without what its parent held before it began."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def main() -> None:
    """`fill FOLDER READERS` makes the crowd; `send FOLDER PORT SECONDS` sends to it."""
    act, folder, number, *rest = sys.argv[1:]
    sandbox = Sandbox(f"sqlite:///{folder}/iscm.db", Path(folder))
    database = Database(sandbox.database_url)
    if act == "fill":
        _fill(database, int(number))
        return
    found = _measured(database, sandbox.office(database), port=int(number), most_seconds=float(rest[0]))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
