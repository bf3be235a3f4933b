"""Bringing files to what they should be, some at a time, without touching one that is so already."""

import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from calendar_feed.on_disk.making import Bench
from calendar_feed.on_disk.plan import Plan
from calendar_feed.on_disk.register import Left
from calendar_feed.on_disk.tree import New, Tree
from calendar_feed.on_disk.wanted import PACKED, place_of

_AT_ONCE: Final = 50
"""How many files are written side by side; each is open until all of them are on the disk."""
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
    """Make the stale files, write what differs, and yield each file once it is in its place.

    Breaks off between two times when `stopping` is set.
    """
    for start in range(0, len(plan.stale), _AT_ONCE):
        if stopping is not None and stopping.is_set():
            return
        wanted: list[New] = []
        settled: list[Settled] = []
        for address in plan.stale[start : start + _AT_ONCE]:
            asked, mark = plan.wanted[address]
            data, changed_at = bench.make(asked)
            left, how, new = _compared(tree, address, data, mark=mark, changed_at=changed_at)
            settled.append(Settled(address, left, how))
            wanted += new
        tree.place(wanted)
        yield from settled


def _compared(
    tree: Tree, address: str, data: bytes, *, mark: str, changed_at: datetime
) -> tuple[Left, How, list[New]]:
    """Give one file and its compressed copy their time, and return what of the two must be written."""
    folder, name = place_of(address)
    packed = _packed(data)
    wanted = {name: data, name + PACKED: packed}
    there = {one: tree.file(folder, one) for one in wanted}
    mtime = int(changed_at.timestamp())
    if (found := there[name]) is not None:
        # Who asks by date must hear of other bytes, whatever the clock or a restored record says.
        mtime = max(mtime, int(found[1].st_mtime) + (found[0] != data))
    how, new = How.UNTOUCHED, []
    for one, content in wanted.items():
        found = there[one]
        if found is None or found[0] != content:
            new.append(New(folder, one, content, mtime))
        elif found[1].st_mtime_ns != mtime * _SECOND:
            tree.date(folder, one, mtime=mtime)
            how = How.DATED
    return Left(mark, len(data), len(packed), mtime), How.WRITTEN if new else how, new


def _packed(data: bytes) -> bytes:
    """Return bytes as gzip does, without a name and a time: the same bytes give the same copy."""
    packer = zlib.compressobj(level=6, wbits=16 + zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
