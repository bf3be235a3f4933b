"""A parent and its children: a child that dies is started again, all end together, none outlives the parent.

Children are forked from a parent that has imported everything and opened nothing: so the second and third
process cost no imports, and one started anew is there within milliseconds.
"""

import logging
import multiprocessing
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from types import FrameType

from iscm.logs import tell_of_defect

log = logging.getLogger(__name__)

GRACE = 9.0
"""Seconds a child has to end in order before it is killed. Ten is what the house promises."""

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_STEADY_AFTER = 60.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopOrder:
    """SIGTERM and SIGINT as something that can be waited for. For the main thread of a process."""

    def __init__(self) -> None:
        self._heard, self._tell = os.pipe()
        os.set_blocking(self._tell, False)
        self.is_given = False

    def listen(self, then: Callable[[], None] | None = None) -> None:
        """Take the signals from now on; then() runs in the handler, so it may only set an attribute."""

        def heard(_number: int, _frame: FrameType | None) -> None:
            self.is_given = True
            if then is not None:
                then()

        # Whichever thread the system gives the signal to, this wakes the main thread out of its waiting.
        signal.set_wakeup_fd(self._tell, warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, heard)

    def wait(self, seconds: float, *also: int) -> bool:
        """Wait until the order comes, one of the file descriptors can be read, or the time is up."""
        select.select([self._heard, *also], [], [], max(0.0, seconds))
        return self.is_given


@dataclass(slots=True)
class _Child:
    name: str
    run: Callable[[], None]
    process: ForkProcess | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    wait: float = _FIRST_WAIT


class Family:
    """The children of this process. Each runs a function until it is told to stop by SIGTERM or SIGINT."""

    def __init__(self, members: Mapping[str, Callable[[], None]], *, grace: float = GRACE) -> None:
        self._grace = grace
        self._children = [_Child(name, run) for name, run in members.items()]
        self._context = multiprocessing.get_context("fork")
        # Nobody writes here: the children see its end when the parent is gone, however it went.
        self._life, self._alive = os.pipe()
        self.order = StopOrder()

    def start(self) -> None:
        """Start all children."""
        self.order.listen()
        for child in self._children:
            self._start(child)

    def tend(self, seconds: float) -> bool:
        """Look after the children for that long, or until the order to stop; true when it has come."""
        until = time.monotonic() + seconds
        while not self.order.is_given and (rest := until - time.monotonic()) > 0:
            now = time.monotonic()
            for child in self._children:
                self._look_after(child, now)
            due = [child.start_at - now for child in self._children if child.process is None]
            living = [child.process.sentinel for child in self._children if child.process is not None]
            self.order.wait(min([rest, *due]), *living)
        return self.order.is_given

    def end(self) -> bool:
        """Tell all to stop and wait for them; false when one had to be killed."""
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + self._grace
        for process in running:
            process.join(max(0.0, until - time.monotonic()))
        late = [process for process in running if process.is_alive()]
        for process in late:
            log.error("%s did not stop within %g seconds and was killed", process.name, self._grace)
            process.kill()
            process.join()
        return not late

    def _look_after(self, child: _Child, now: float) -> None:
        if child.process is None:
            if now >= child.start_at:
                self._start(child)
        elif not child.process.is_alive():
            if now - child.started_at >= _STEADY_AFTER:
                child.wait = _FIRST_WAIT
            code = child.process.exitcode
            log.error("%s ended (%s); started again in %g s", child.name, _told(code), child.wait)
            child.process.close()
            child.process, child.start_at = None, now + child.wait
            child.wait = min(child.wait * 2, _LONGEST_WAIT)

    def _start(self, child: _Child) -> None:
        with _signals_held():
            process = self._context.Process(target=self._live, args=(child.run,), name=child.name)
            process.start()
        child.process, child.started_at = process, time.monotonic()

    def _live(self, run: Callable[[], None]) -> None:
        # The parent's way of hearing is not the child's: until it listens for itself, a signal ends it.
        signal.set_wakeup_fd(-1)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        os.close(self._alive)
        threading.Thread(target=_end_with, args=(self._life, self._grace), name="parent", daemon=True).start()
        try:
            run()
        except Exception as error:  # noqa: BLE001 - multiprocessing would write the traceback past the log's mask
            tell_of_defect(error)
            raise SystemExit(1) from None


def _end_with(life: int, grace: float) -> None:
    """Stop this process when the other end of the pipe is gone: in order, then by force."""
    os.read(life, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hold signals back, so that a child forked in the block never meets one with its parent's handlers."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _told(code: int | None) -> str:
    if code is not None and code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"exit code {code}"
