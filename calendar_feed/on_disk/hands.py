"""Several hands write files at once, so that compressing and the disk do not hold up the making."""

import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from calendar_feed.on_disk.making import Bench
from calendar_feed.on_disk.plan import Plan
from calendar_feed.on_disk.register import Left
from calendar_feed.on_disk.tree import Tree
from calendar_feed.on_disk.wanted import PACKED, place_of

_HANDS: Final = 4
_TURN: Final = 100
"""How many files are made before they are written; they are in memory until then."""
_SECOND: Final = 1_000_000_000


class How(Enum):
    """What was done to a file: other bytes, the same bytes with another time, or nothing."""

    WRITTEN = auto()
    DATED = auto()
    UNTOUCHED = auto()


@dataclass(frozen=True, slots=True)
class Settled:
    """One file that is as it should be, with its compressed copy."""

    address: str
    left: Left
    how: How


def settle_files(
    tree: Tree, plan: Plan, bench: Bench, *, stopping: threading.Event | None
) -> Iterator[Settled]:
    """Make the stale files here, have hands write them, and yield each that is done.

    Making and writing take turns: threads that wait for the disk would wait for Python's lock as well while
    another one computes. Breaks off between two turns when `stopping` is set.
    """
    with ThreadPoolExecutor(_HANDS, thread_name_prefix="feed file") as hands:
        for start in range(0, len(plan.stale), _TURN):
            if stopping is not None and stopping.is_set():
                return
            made = [(address, *bench.make(plan.wanted[address][0])) for address in plan.stale[start:][:_TURN]]
            yield from hands.map(
                lambda one: _settle(tree, one[0], one[1], mark=plan.wanted[one[0]][1], changed_at=one[2]),
                made,
            )


def _settle(tree: Tree, address: str, data: bytes, *, mark: str, changed_at: datetime) -> Settled:
    """Bring one file and its compressed copy to `data`, touching nothing that is so already."""
    folder, name = place_of(address)
    packed = _packed(data)
    wanted = {name: data, name + PACKED: packed}
    there = {one: tree.file(folder, one) for one in wanted}
    mtime = int(changed_at.timestamp())
    if (found := there[name]) is not None:
        # Who asks by date must hear of other bytes, whatever the clock or a restored record says.
        mtime = max(mtime, int(found[1].st_mtime) + (found[0] != data))
    how = How.UNTOUCHED
    for one, new in wanted.items():
        found = there[one]
        if found is None or found[0] != new:
            tree.place(folder, one, new, mtime=mtime)
            how = How.WRITTEN
        elif found[1].st_mtime_ns != mtime * _SECOND:
            tree.date(folder, one, mtime=mtime)
            how = How.DATED if how is How.UNTOUCHED else how
    return Settled(address, Left(mark, len(data), len(packed), mtime), how)


def _packed(data: bytes) -> bytes:
    """Return bytes as gzip does, without a name and a time: the same bytes give the same copy."""
    packer = zlib.compressobj(level=6, wbits=16 + zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
