"""A work process tells that it lives, and what it takes of memory and processor."""

import os
import resource
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete

from models import Worker
from scheduler.work import Work

_FORGOTTEN_AFTER: Final = timedelta(hours=1)
_STATM: Final = Path("/proc/self/statm")


def tell_of_life(work: Work, now: datetime) -> str | None:
    """Write down that this process is there; let go of those that have not been for an hour."""
    with work.database.writing() as session:
        row = session.get(Worker, work.owner)
        if row is None:
            row = Worker(owner=work.owner, started_at=work.started_at)
            session.add(row)
        row.seen_at, row.memory, row.cpu = now, resident_memory(), time.process_time()
        session.execute(delete(Worker).where(Worker.seen_at < now - _FORGOTTEN_AFTER))
    return None


def resident_memory() -> int:
    """Return the bytes of memory this process holds; where that is not told, the most it ever held."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * os.sysconf("SC_PAGE_SIZE")
