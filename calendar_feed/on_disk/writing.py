"""Writing the feeds into a folder: only what changed, and each file whole at every moment.

Killed at any instant it leaves whole files of two states of the record at worst, and the next run writes the
rest: which files may be half-way is noted before the first of them is touched.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from calendar_feed.on_disk.making import Bench
from calendar_feed.on_disk.plan import Plan, planned
from calendar_feed.on_disk.register import Left, Register, read_register
from calendar_feed.on_disk.settling import How, settle_files
from calendar_feed.on_disk.tree import New, Tree, told_plainly
from calendar_feed.on_disk.wanted import PACKED, moved_map, place_of
from calendar_feed.overview import NothingPublished
from calendar_feed.standings import Standings, read_standings

MOVED: Final = "moved.map"
"""The file in which nginx finds the keys that lead to another key."""


@dataclass(slots=True)
class Written:
    """What a run did, in files, their compressed copies not counted.

    `dated` kept their bytes and got another time. `bytes` and `packed` are the sizes of all that is there.
    `is_whole` is False for a run that was told to stop.
    """

    feeds: int = 0
    files: int = 0
    written: int = 0
    dated: int = 0
    removed: int = 0
    bytes: int = 0
    packed: int = 0
    is_whole: bool = True

    @property
    def did_something(self) -> bool:
        """Whether anything in the folder is other than before."""
        return bool(self.written or self.dated or self.removed)


Watching = Callable[[int, int], None]
"""Told how many files are done and how many there are to do, whenever that changes."""


def write_feeds(
    session: Session,
    folder: Path,
    *,
    patience: float = 0.0,
    watching: Watching = lambda _done, _of: None,
    stopping: threading.Event | None = None,
) -> Written:
    """Bring the folder to the feeds as `session` sees them; one that is not there is made.

    Raises NothingPublished, NotOurs, AnotherWrites (after `patience` seconds), SomethingInTheWay and
    CannotWrite; whatever is raised, every file that is there is whole.
    """
    standings = _standings(session)
    with told_plainly(folder):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        with _opened(folder) as tree:
            read_register(tree)  # nothing is written, the lock neither, into a folder that is not ours
            tree.lock(patience=patience)
            register = read_register(tree)
            bench = Bench(session)
            plan = planned(tree, register, standings, bench)
            done = Written(feeds=len(standings.feeds), files=len(plan.wanted))
            _sweep(tree, plan, register)
            if plan.stale or plan.gone:
                _carry_out(tree, register, plan, bench, done=done, watching=watching, stopping=stopping)
            _lead_on(tree, standings)
    done.bytes = sum(left.size for left in register.files.values())
    done.packed = sum(left.packed for left in register.files.values())
    return done


def files_behind(session: Session, folder: Path) -> int:
    """Return how many files in a folder are not those of the record; writes nothing.

    Raises NothingPublished, NotOurs, SomethingInTheWay, and CannotWrite where it cannot even be read.
    """
    standings = _standings(session)
    with told_plainly(folder), _opened(folder) as tree:
        plan = planned(tree, read_register(tree), standings, Bench(session))
    return len(plan.stale) + len(plan.gone)


def _standings(session: Session) -> Standings:
    standings = read_standings(session)
    if not standings.feeds:
        raise NothingPublished("No feed has been published yet. Start the service with: iscm serve")
    return standings


@contextmanager
def _opened(folder: Path) -> Iterator[Tree]:
    tree = Tree(folder)
    try:
        yield tree
    finally:
        tree.close()


def _sweep(tree: Tree, plan: Plan, register: Register) -> None:
    """Delete what a killed run left half-written."""
    for folder in {place_of(address)[0] for address in (*plan.wanted, *register.files)} | {()}:
        tree.sweep(folder)


def _carry_out(
    tree: Tree,
    register: Register,
    plan: Plan,
    bench: Bench,
    *,
    done: Written,
    watching: Watching,
    stopping: threading.Event | None,
) -> None:
    register.files |= {address: Left("") for address in plan.stale}
    register.keep(tree)
    for address in plan.stale:
        tree.folder(place_of(address)[0], make=True)
    watching(0, len(plan.stale))
    for number, settled in enumerate(settle_files(tree, plan, bench, stopping=stopping), start=1):
        register.files[settled.address] = settled.left
        done.written += settled.how is How.WRITTEN
        done.dated += settled.how is How.DATED
        watching(number, len(plan.stale))
    done.is_whole = all(register.files[address].mark for address in plan.stale)
    for address in plan.gone:
        folder, name = place_of(address)
        tree.remove(folder, name + PACKED)
        done.removed += tree.remove(folder, name)
        del register.files[address]
    for folder in sorted({place_of(address)[0] for address in plan.gone}, key=len, reverse=True):
        tree.clear(folder)
    tree.keep()
    register.keep(tree)


def _lead_on(tree: Tree, standings: Standings) -> None:
    """Write down which keys lead to another, where that is not what stands there."""
    moved, there = moved_map(standings), tree.file((), MOVED)
    if there is None or there[0] != moved:
        tree.place([New((), MOVED, moved)])
    tree.keep()
