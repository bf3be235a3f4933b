"""A parent and its children, as real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

FAMILY = """
import os, pathlib, sys, time
from iscm.processes import Family, StopOrder

folder = pathlib.Path(sys.argv[1])

def obedient(name):
    order = StopOrder()
    order.listen()
    (folder / f"{name}.{os.getpid()}").touch()
    while not order.wait(60):
        pass
    (folder / f"{name}.ended").touch()

def stubborn():
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (folder / f"stubborn.{os.getpid()}").touch()
    time.sleep(60)

members = {"one": lambda: obedient("one"), "two": lambda: obedient("two")}
if "stubborn" in sys.argv:
    members["stubborn"] = stubborn
family = Family(members, grace=0.5)
family.start()
while not family.tend(60):
    pass
sys.exit(0 if family.end() else 1)
"""


@contextmanager
def family(folder: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A parent of two or three, in its own process; whatever is left of it is killed at the end."""
    parent = subprocess.Popen(
        [sys.executable, "-c", FAMILY, str(folder), *more], stderr=subprocess.PIPE, text=True
    )
    try:
        yield parent
    finally:
        parent.kill()
        parent.communicate()
        for file in folder.glob("*.[0-9]*"):
            with suppress(ProcessLookupError):
                os.kill(int(file.suffix[1:]), signal.SIGKILL)


def children(folder: Path, name: str) -> set[int]:
    """The numbers of all processes that ever were this child."""
    return {int(file.suffix[1:]) for file in folder.glob(f"{name}.[0-9]*")}


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for the condition, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def is_alive(number: int) -> bool:
    """Say whether the process runs; one that is dead but not yet fetched by its parent does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_family_told_to_stop_ends_in_order(tmp_path: Path, order: signal.Signals) -> None:
    """A signal to the parent ends both children in order, then the parent with exit code 0."""
    with family(tmp_path) as parent:
        until(lambda: children(tmp_path, "one") and children(tmp_path, "two"))
        parent.send_signal(order)
        assert parent.wait(10) == 0
    assert {file.name for file in tmp_path.glob("*.ended")} == {"one.ended", "two.ended"}


def test_family_starts_a_dead_child_again(tmp_path: Path) -> None:
    """A child that is killed is replaced and a line says so; its sister is left alone."""
    with family(tmp_path) as parent:
        until(lambda: children(tmp_path, "one") and children(tmp_path, "two"))
        (first,) = children(tmp_path, "one")
        os.kill(first, signal.SIGKILL)
        until(lambda: len(children(tmp_path, "one")) == 2)
        parent.terminate()
        _, said = parent.communicate(timeout=10)
    assert said == "one ended (by SIGKILL); started again in 0.5 s\n"
    assert len(children(tmp_path, "two")) == 1


def test_family_of_a_killed_parent_ends(tmp_path: Path) -> None:
    """A parent that is killed leaves no child behind, and the children end in order."""
    with family(tmp_path) as parent:
        until(lambda: children(tmp_path, "one") and children(tmp_path, "two"))
        parent.kill()
        parent.wait()
        left = children(tmp_path, "one") | children(tmp_path, "two")
        until(lambda: not any(map(is_alive, left)))
    assert {file.name for file in tmp_path.glob("*.ended")} == {"one.ended", "two.ended"}


def test_family_with_a_child_that_will_not_stop_kills_it(tmp_path: Path) -> None:
    """A child that does not heed the order is killed after its grace, and the parent's exit code tells."""
    with family(tmp_path, "stubborn") as parent:
        until(lambda: children(tmp_path, "stubborn") and children(tmp_path, "one"))
        parent.terminate()
        _, said = parent.communicate(timeout=10)
    assert parent.returncode == 1
    assert said == "stubborn did not stop within 0.5 seconds and was killed\n"
    assert not any(map(is_alive, children(tmp_path, "stubborn")))
