"""Starting a sending and killing it, again and again, and letting the last one come to its end."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import IO, Final

from iscm.selftest.sandbox import Sandbox
from iscm.selftest.server import Inbox
from iscm.selftest.trap import Moment, Trap
from models import Refusal

PATIENCE: Final = 120.0
_LOG: Final = "victim.log"
_LOOK_SECONDS: Final = 0.0005


class SelftestStuck(Refusal):
    """The sending in the sandbox neither ended nor could be killed as it should."""


@dataclass(slots=True)
class Victim:
    """The process whose children send."""

    orders: IO[bytes]
    answers: IO[bytes]
    sandbox: Sandbox
    port: int
    connections: int
    child: int = 0
    _heard: bytes = b""

    def start(self, trap: Trap | None) -> None:
        """Let a child begin to send."""
        order = {
            "trap": None if trap is None else astuple(trap),
            "database_url": self.sandbox.database_url,
            "folder": str(self.sandbox.folder),
            "port": self.port,
            "connections": self.connections,
        }
        self.orders.write(json.dumps(order).encode() + b"\n")
        self.orders.flush()
        self.child = self._number(PATIENCE)

    def ended(self, *, within: float = 0.0) -> int | None:
        """Return how the child ended, waiting so many seconds; None while it lives."""
        try:
            code = self._number(within)
        except TimeoutError:
            return None
        self.child = 0
        return code

    def kill(self) -> None:
        """Kill the child as it stands."""
        os.kill(self.child, signal.SIGKILL)

    def _number(self, within: float) -> int:
        end = time.monotonic() + within
        while b"\n" not in self._heard:
            left = max(0.0, end - time.monotonic())
            if not select.select([self.answers], [], [], left)[0]:
                raise TimeoutError
            said = os.read(self.answers.fileno(), 100)
            if not said:
                raise SelftestStuck(f"The process that sends has ended: {_last_line(self.sandbox.folder)}")
            self._heard += said
        line, _, self._heard = self._heard.partition(b"\n")
        return int(line)


@contextmanager
def living_victim(sandbox: Sandbox, *, port: int, connections: int) -> Iterator[Victim]:
    """Start the process whose children send, without the user's settings; nothing of it is left behind."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ISCM_")}
    # The folder of this very program first: a test may run it from where it is not installed.
    root = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    log: IO[bytes]
    with (
        (sandbox.folder / _LOG).open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "iscm.selftest.victim"],
            cwd=sandbox.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        if process.stdin is None or process.stdout is None:
            raise SelftestStuck("The process that sends cannot be talked to.")
        victim = Victim(process.stdin, process.stdout, sandbox, port, connections)
        try:
            yield victim
        finally:
            if victim.child:
                victim.kill()
            process.kill()


@dataclass(frozen=True, slots=True)
class Killer:
    """Kills a sending at moments that chance chooses. `kills` is how often, `readers` how many there are."""

    victim: Victim
    inbox: Inbox
    chance: random.Random
    kills: int
    readers: int

    def kill_once(self, number: int) -> Moment | None:
        """Start a sending and see it killed; return when, or None where it had ended before.

        `number` counts the kills, from 0. The first ones find the audience not frozen yet.
        """
        allowance = max(1, (self.readers - len(self.inbox.kept)) // (self.kills - number + 1))
        trap = self._trap(number, allowance)
        goal = len(self.inbox.kept) + self.chance.randint(0, allowance)
        self.victim.start(trap)
        if trap.moment is Moment.ANY_TIME:
            code = self._kill_after(goal)
        else:
            code = self.victim.ended(within=PATIENCE)
        if code is None:
            raise SelftestStuck(f"The sending stood still, {trap.moment}.")
        return trap.moment if code == -signal.SIGKILL else None

    def _trap(self, number: int, allowance: int) -> Trap:
        is_frozen = bool(self.inbox.kept)
        moments = [Moment.ANY_TIME, Moment.COMMITTING, Moment.JOURNALLING]
        moment = self.chance.choice(moments)
        # A few of the first kills, so that there is a sending left to be killed.
        if not is_frozen and number < 1 + self.kills // 10:
            moment = Moment.FREEZING
        most = {
            Moment.FREEZING: 1 + self.readers // 1000,
            # The journal's own first line, and two lines a letter after it.
            Moment.JOURNALLING: 1 + 2 * allowance,
            Moment.COMMITTING: 3 + allowance // 100,
            Moment.ANY_TIME: 1,
        }[moment]
        return Trap(moment, self.chance.randint(1, most), self.chance.random())

    def _kill_after(self, letters: int) -> int | None:
        """Kill once that many letters have arrived, or a moment later; return how the child ended."""
        end = time.monotonic() + PATIENCE
        while len(self.inbox.kept) < letters:
            if (code := self.victim.ended(within=_LOOK_SECONDS)) is not None:
                return code
            if time.monotonic() > end:
                return None
        if (code := self.victim.ended(within=self.chance.random() * 0.01)) is not None:
            return code
        self.victim.kill()
        return self.victim.ended(within=PATIENCE)


def finish(victim: Victim) -> int:
    """Let a sending come to its end; return 0 where nothing is left, 1 where something is in doubt."""
    victim.start(None)
    code = victim.ended(within=5 * PATIENCE)
    if code not in {0, 1}:
        raise SelftestStuck(f"The last sending did not come to its end: {_last_line(victim.sandbox.folder)}")
    return code


def _last_line(folder: Path) -> str:
    lines: Sequence[str] = (folder / _LOG).read_text(errors="replace").split("\n")
    said = [line for line in lines if line.strip()]
    return said[-1] if said else "it said nothing"
