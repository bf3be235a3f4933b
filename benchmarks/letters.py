"""Letters a second, on loopback and 20 ms away, with and without the ledger, beside other senders."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import CLIENT_CORE, SERVER_CORE, Table, in_turn, median, on_core, rate, times
from benchmarks.peers import django, nodemailer, program, surroundings
from benchmarks.servers import free_port, running

LETTER_BYTES = 60_000
ROUND_TRIP_MS = 20
CONNECTIONS = (1, 4, 8, 16, 64)
_TYPICAL = 8

_SOURCE, _WIRE, _LEDGER, _POOL, _NODE, _LOOP, _DJANGO, _SIGNED, _FREE, _FREE_SIGNED = range(10)
_NAMES = (
    "Postfix's smtp-source",
    "this service, the conversation alone",
    "this service, whole ledger (SQLite)",
    "aiosmtplib, a pool of ready bytes",
    "nodemailer, its pool, ready bytes",
    "aiosmtplib, one EmailMessage after the other",
    "Django's mail loop, one connection",
    "this service, whole ledger, each letter signed (DKIM)",
    "this service, whole ledger, on both cores",
    "this service, whole ledger, each letter signed, on both cores",
)
_SLOW = {_POOL, _NODE, _LOOP, _DJANGO}
_SERVER = "The server is Postfix's smtp-sink, which offers PIPELINING, on the other core"
_REMARK = (
    f"{_SERVER}; {{number:,}} letters a round, a fourth of it for senders that are slow, {{rounds}} rounds "
    "in turn. The whole ledger freezes the audience, claims, looks once more before each letter, journals it "
    "before its first byte and writes what became of it. Starting a program is not counted, but for "
    "smtp-source, which starts in a millisecond, writes the same bytes again and keeps no account. All "
    "senders have one core, but for the last two: there a signature, nearly all of it one RSA operation of "
    "OpenSSL, is made beside the letters on what the server leaves of the other core."
)
_REMARK_BY_CONNECTIONS = (
    "Letters a second; in brackets how many times the aiosmtplib pool's. {where}; {rounds} rounds in turn."
)


@dataclass(frozen=True, slots=True)
class _Line:
    """The way to the server: a port, how many letters a round, and of which time apart."""

    port: int
    folder: Path

    def rate(self, sender: int, letters: int, connections: int) -> float:
        """Return the letters a second of one sender's round."""
        return _SENDERS[sender](self, letters, connections)


def measure(*, quick: bool) -> list[Table]:
    """Return the letters a second of each sender, measured in turn. Raises NoPeer without the peers."""
    rounds = 1 if quick else 3
    with TemporaryDirectory() as folder, smtp_sink() as port, _delayed(port) as far_port:
        near, far = _Line(port, Path(folder)), _Line(far_port, Path(folder))
        return [
            _side_by_side(near, number=400 if quick else 3_000, rounds=rounds),
            _by_connections(
                near,
                "on loopback",
                f"{_SERVER}, which it fills",
                letters=lambda _sender, _connections: 300 if quick else 1_500,
                rounds=rounds,
            ),
            _by_connections(
                far,
                f"{ROUND_TRIP_MS} ms away",
                f"A proxy of ours passes all on {ROUND_TRIP_MS // 2} ms later each way, on the server's"
                " core; it has no other limit, no bandwidth and no slow start",
                letters=partial(_far_letters, is_quick=quick),
                rounds=rounds,
                senders=(_SOURCE, _WIRE, _LEDGER, _SIGNED, _POOL, _NODE),
            ),
        ]


def _far_letters(sender: int, connections: int, *, is_quick: bool) -> int:
    """Return so many letters that a round takes about three seconds whatever the sender's round trips."""
    trips = {_WIRE: 1, _LEDGER: 1, _SIGNED: 1}.get(sender, 4)
    return max(10, min(4 * 1_500, connections * (20 if is_quick else 100) // trips))


def _side_by_side(line: _Line, *, number: int, rounds: int) -> Table:
    acts = [
        partial(line.rate, sender, number if sender not in _SLOW else number // 4, _TYPICAL)
        for sender in range(len(_NAMES))
    ]
    rates = [median(given) for given in in_turn(acts, rounds=rounds)]
    return Table(
        f"Letters of {LETTER_BYTES // 1000} kB on loopback, {_TYPICAL} connections",
        ("sender", "letters a second", "of smtp-source", "the whole ledger is"),
        [
            (name, rate(value), f"{value / rates[_SOURCE]:.2g}", times(rates[_LEDGER] / value))
            for name, value in zip(_NAMES, rates, strict=True)
        ],
        (_REMARK.format(number=number, rounds=rounds),),
    )


def _by_connections(
    line: _Line,
    where: str,
    remark: str,
    *,
    letters: Callable[[int, int], int],
    rounds: int,
    senders: Sequence[int] = (_SOURCE, _WIRE, _LEDGER, _POOL, _NODE),
) -> Table:
    rows = []
    for connections in CONNECTIONS:
        acts = [partial(line.rate, sender, letters(sender, connections), connections) for sender in senders]
        rates = [median(given) for given in in_turn(acts, rounds=rounds)]
        pool = rates[senders.index(_POOL)]
        rows.append((str(connections), *(f"{rate(value)} ({times(value / pool)})" for value in rates)))
    return Table(
        f"Letters of {LETTER_BYTES // 1000} kB {where}, by connections",
        ("connections", *(_NAMES[sender] for sender in senders)),
        rows,
        (_REMARK_BY_CONNECTIONS.format(where=remark, rounds=rounds),),
    )


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Run Postfix's smtp-sink on its own core for the block; give its port. Raises NoPeer without it."""
    port = free_port()
    who = ["-u", "nobody"] if os.geteuid() == 0 else []
    order = [*on_core(SERVER_CORE), program("smtp-sink"), *who, f"127.0.0.1:{port}", "1000"]
    with running(subprocess.Popen(order, env=surroundings()), port=port):
        yield port


@contextmanager
def _delayed(server_port: int) -> Iterator[int]:
    port = free_port()
    order = [sys.executable, "-m", "benchmarks.delay", str(port), str(server_port), str(ROUND_TRIP_MS)]
    with running(subprocess.Popen([*on_core(SERVER_CORE), *order]), port=port):
        yield port


def _smtp_source(line: _Line, number: int, connections: int) -> float:
    order = [
        *on_core(CLIENT_CORE), program("smtp-source"), "-d", "-l", str(LETTER_BYTES), "-m", str(number),
        "-s", str(connections), "-f", "a@example.org", "-t", "b@example.org", f"127.0.0.1:{line.port}",
    ]  # fmt: skip
    begun = time.perf_counter()
    subprocess.run(order, check=True, env=surroundings())
    return number / (time.perf_counter() - begun)


def _told(
    order: Sequence[str],
    line: _Line,
    number: int,
    connections: int,
    *,
    core: Sequence[str] | None = None,
    **also: str,
) -> float:
    """Have a sender do its work and tell the seconds it took; return the letters a second.

    `core` are the words before the command that keep it on one; unasked it has that of all senders.
    """
    on_its_core = on_core(CLIENT_CORE) if core is None else core
    facts = [str(fact) for fact in (line.port, number, connections, LETTER_BYTES, line.folder)]
    surroundings: Mapping[str, str] = {**os.environ, **also}
    said = subprocess.run(
        [*on_its_core, *order, *facts], check=True, capture_output=True, text=True, env=surroundings
    ).stdout
    taken: float = json.loads(said.splitlines()[-1])["seconds"]
    return number / taken


def _ours(name: str, *, core: Sequence[str] | None = None) -> Callable[[_Line, int, int], float]:
    return partial(_told, [sys.executable, "-m", f"benchmarks.senders.{name}"], core=core)


def _django(line: _Line, number: int, connections: int) -> float:
    return _told([django(), "-m", "benchmarks.senders.django_loop"], line, number, connections)


def _nodemailer(line: _Line, number: int, connections: int) -> float:
    node, folder = nodemailer()
    script = str(Path(__file__).parent / "senders" / "nodemailer.js")
    modules = str(folder / "node_modules")
    return _told([node, script], line, number, connections, NODE_PATH=modules)


_SENDERS: Sequence[Callable[[_Line, int, int], float]] = (
    _smtp_source,
    _ours("wire"),
    _ours("ours"),
    _ours("pool"),
    _nodemailer,
    _ours("loop"),
    _django,
    _ours("signed"),
    _ours("ours", core=()),
    _ours("signed", core=()),
)
