"""What a job is, and what every job is given to work with."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from models import Database
from scheduler.due import When


@dataclass(frozen=True, slots=True)
class Work:
    """The house as jobs see it; put together by iscm.assembly.

    now gives the time (aware UTC). stopping is set when the process is to end: long jobs look at it and leave
    what they have begun in order. owner names this process in what it claims.
    """

    database: Database
    now: Callable[[], datetime]
    owner: str
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing the house does by itself.

    act is called with the work and the due time, in a thread of its own, never twice at once in one process.
    It returns a sentence on what it did, or None when there was nothing to do.
    """

    name: str
    when: When
    act: Callable[[Work, datetime], str | None]
