"""Letters a second on loopback, the whole ledger kept, beside Postfix's smtp-source and aiosmtplib."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import CLIENT_CORE, SERVER_CORE, Table, in_turn, median, on_core, rate, times
from benchmarks.peers import program, surroundings
from benchmarks.servers import free_port, running

LETTER_BYTES = 60_000
CONNECTIONS = 8

_REMARK = (
    "The server is Postfix's smtp-sink, on the other core; {number:,} letters a round (the aiosmtplib ones "
    "{fewer:,}), {rounds} rounds in turn. Ours freezes the audience, claims, journals each letter before its "
    "first byte and writes what became of it; starting Python is not counted, for anybody. smtp-source "
    "writes the same bytes again and keeps no account."
)
_SENDERS = (
    ("this service, whole ledger (SQLite)", "ours"),
    ("aiosmtplib, a pool of ready bytes", "pool"),
    ("aiosmtplib, one EmailMessage after the other", "loop"),
)


def measure(*, quick: bool) -> list[Table]:
    """Return the letters a second of each sender, measured in turn. Raises NoPeer without Postfix's tools."""
    number, rounds = (400, 1) if quick else (3_000, 3)
    with TemporaryDirectory() as folder, _smtp_sink() as port:
        acts = [partial(_smtp_source, port, number)]
        for _, sender in _SENDERS:
            # The slow ones send fewer, so that a round takes seconds and not minutes.
            letters = number if sender == "ours" else number // 4
            acts.append(partial(_python_sender, sender, port, letters, Path(folder)))
        rates = [median(given) for given in in_turn(acts, rounds=rounds)]
    names = ["Postfix's smtp-source", *(name for name, _ in _SENDERS)]
    return [
        Table(
            f"Letters of {LETTER_BYTES // 1000} kB on loopback, {CONNECTIONS} connections",
            ("sender", "letters a second", "of smtp-source", "ours is"),
            [
                (name, rate(value), f"{value / rates[0]:.2g}", times(rates[1] / value))
                for name, value in zip(names, rates, strict=True)
            ],
            (_REMARK.format(number=number, fewer=number // 4, rounds=rounds),),
        )
    ]


@contextmanager
def _smtp_sink() -> Iterator[int]:
    port = free_port()
    who = ["-u", "nobody"] if os.geteuid() == 0 else []
    order = [*on_core(SERVER_CORE), program("smtp-sink"), *who, f"127.0.0.1:{port}", "1000"]
    with running(subprocess.Popen(order, env=surroundings()), port=port):
        yield port


def _smtp_source(port: int, number: int) -> float:
    order = [
        *on_core(CLIENT_CORE), program("smtp-source"), "-d", "-l", str(LETTER_BYTES), "-m", str(number),
        "-s", str(CONNECTIONS), "-f", "a@example.org", "-t", "b@example.org", f"127.0.0.1:{port}",
    ]  # fmt: skip
    begun = time.perf_counter()
    subprocess.run(order, check=True, env=surroundings())
    return number / (time.perf_counter() - begun)


def _python_sender(name: str, port: int, number: int, folder: Path) -> float:
    order: Sequence[str] = [*on_core(CLIENT_CORE), sys.executable, "-m", f"benchmarks.senders.{name}"]
    said = subprocess.run(
        [*order, str(port), str(number), str(CONNECTIONS), str(LETTER_BYTES), str(folder)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    taken: float = json.loads(said.splitlines()[-1])["seconds"]
    return number / taken
