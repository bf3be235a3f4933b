"""Instants at which a sending kills itself with SIGKILL: exact ones, which a kill from outside seldom meets.

To the kernel it is the same signal, and to the program too: nothing is closed, written or given back.
"""

import os
import signal
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, event

from newsletter.journal import Journal


class Moment(StrEnum):
    """What the sending is doing when it is killed."""

    ANY_TIME = "any time"
    FREEZING = "freezing the audience"
    COMMITTING = "committing"
    JOURNALLING = "writing the journal"


@dataclass(frozen=True, slots=True)
class Trap:
    """Kill when `moment` comes for the `count`-th time.

    `fraction` (0 to 1) is how far into it: of a commit or a statement, the part of two milliseconds since its
    beginning; of a journal's line, half the part that is written: from 0.5 on the whole line is, and nothing
    of what it announces has been done.
    """

    moment: Moment
    count: int
    fraction: float


def set_trap(trap: Trap) -> None:
    """Set a trap in this process, which must not go on with anything else afterwards."""
    match trap.moment:
        case Moment.FREEZING:
            _when_freezing(trap)
        case Moment.COMMITTING:
            _when_committing(trap)
        case Moment.JOURNALLING:
            _when_journalling(trap)
        case Moment.ANY_TIME:
            return


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_soon(trap: Trap) -> None:
    """Kill from another thread, while this one is inside what the database does."""

    def wait() -> None:
        time.sleep(trap.fraction * 0.002)
        _kill()

    threading.Thread(target=wait, daemon=True).start()


def _when_freezing(trap: Trap) -> None:
    count = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def _look(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        nonlocal count
        del connection, cursor, rest
        count += "INSERT INTO deliveries" in statement
        if count == trap.count:
            _kill_soon(trap)


def _when_committing(trap: Trap) -> None:
    count = 0

    @event.listens_for(Engine, "commit")
    def _look(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        nonlocal count
        del connection
        count += 1
        if count == trap.count:
            _kill_soon(trap)


def _when_journalling(trap: Trap) -> None:
    count = 0
    write = Journal._write  # noqa: SLF001 - a trap reaches where nobody else may

    def torn(journal: Journal, line: bytes) -> None:
        nonlocal count
        count += 1
        if count == trap.count:
            written = line[: round(2 * trap.fraction * len(line))]
            os.write(journal._descriptor, written)  # noqa: SLF001 - see above
            _kill()
        write(journal, line)

    Journal._write = torn  # type: ignore[assignment,method-assign] # noqa: SLF001 - see above
