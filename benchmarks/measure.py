"""Measuring: medians of repeated runs, each side in turn, on cores of their own; and tables to tell them."""

import gc
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

SERVER_CORE, CLIENT_CORE = 0, 1


@dataclass(frozen=True, slots=True)
class Table:
    """One finding: its name, the heads of its columns, its rows, and what must be known to read it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = field(default=())

    def markdown(self) -> str:
        """Return the table as it stands in docs/performance.md."""
        lines = [f"### {self.title}", ""]
        lines += [_row(self.columns), _row(["---", *["---:"] * (len(self.columns) - 1)])]
        lines += [_row(row) for row in self.rows]
        lines += [line for remark in self.remarks for line in ("", remark)]
        return "\n".join(lines) + "\n"


def seconds_of(act: Callable[[], object], *, rounds: int) -> list[float]:
    """Return the seconds each of so many runs of `act` took, after one run that does not count."""
    act()
    found = []
    for _ in range(rounds):
        gc.collect()
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return found


def in_turn(acts: Sequence[Callable[[], float]], *, rounds: int) -> list[list[float]]:
    """Run every act once a round, one after the other, and return what each gave in each round.

    What slows the machine for a while slows all sides alike.
    """
    found: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for given, act in zip(found, acts, strict=True):
            given.append(act())
    return found


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def on_core(core: int) -> list[str]:
    """Return the words before a command that keep it on one core; none where the machine has only one."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core % len(cores)])] if len(cores) > 1 else []


def duration(seconds: float) -> str:
    """Tell seconds in the unit one reads."""
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def rate(value: float) -> str:
    """Tell a rate with no more figures than were measured."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def times(ratio: float) -> str:
    """Tell a ratio."""
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.2g} ×" if ratio < 10 else f"{ratio:.3g} ×"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
