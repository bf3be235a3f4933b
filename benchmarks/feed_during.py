"""Feeds while heavy work is done beside them: requests a second, and how long the slowest answers take."""

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from benchmarks.feed_growth import add_meetings, publishing_anew
from benchmarks.measure import CLIENT_CORE, SERVER_CORE, Table, median, on_core, rate
from benchmarks.peers import program, surroundings
from benchmarks.records import NOW, filled, iscm, settings_for
from benchmarks.servers import free_port, get, running
from calendar_feed.publication import publish

MEETINGS, IMPORTED, CONNECTIONS = 2_000, 3_000, 32
_REMARK = (
    f"A feed of 1,000 events asked for by wrk with {CONNECTIONS} connections, {{rounds}} rounds of "
    "{seconds} s each in turn. wrk shares the web process's core, each time; what it is measured beside has "
    f"the other one to itself. *Publishing everything* renders all {MEETINGS:,} meetings anew, again and "
    f"again; *an import* enters a calendar of {IMPORTED:,} events."
)
_FEED = "/feeds/all.ics"

Beside = Callable[[], subprocess.Popen[bytes]]


def measure(*, quick: bool) -> list[Table]:
    """Return rates and slowest answers, alone and beside each kind of work. Raises NoPeer without wrk."""
    seconds, rounds = (4, 1) if quick else (6, 3)
    with TemporaryDirectory() as folder, ExitStack() as servers:
        root, port = Path(folder), free_port()
        settings = settings_for(root, port=port)
        with filled(root, meetings=0) as database:
            add_meetings(database, MEETINGS)
            with database.writing() as session:
                publish(session, now=NOW, base_url=settings["ISCM_BASE_URL"])
        file = root / "calendar.ics"
        file.write_bytes(_calendar())
        process = iscm("serve", "--only", "web", settings=settings, before=on_core(SERVER_CORE))
        servers.enter_context(running(process, port=port))
        get(port, _FEED)
        beside: dict[str, Beside | None] = {
            "alone": None,
            "beside publishing everything": partial(publishing_anew, root, settings["ISCM_BASE_URL"]),
            "beside an import": partial(
                iscm,
                "meetings",
                "import",
                str(file),
                "--mechanism",
                "bali-process",
                settings=settings,
                before=on_core(CLIENT_CORE),
            ),
        }
        given: dict[str, list[tuple[float, float]]] = {name: [] for name in beside}
        for _ in range(rounds):
            for name, work in beside.items():
                given[name].append(_asked(port, seconds, work))
    rates = {name: median([one for one, _ in found]) for name, found in given.items()}
    slowest = {name: median([one for _, one in found]) for name, found in given.items()}
    rows = [
        (name, rate(rates[name]), f"{rates[name] / rates['alone']:.2g}", f"{slowest[name]:.3g} ms")
        for name in beside
    ]
    heads = ("the web process", "requests a second", "of alone", "99 of 100 within")
    remark = _REMARK.format(rounds=rounds, seconds=seconds)
    return [Table("Feeds while something heavy runs", heads, rows, (remark,))]


def _asked(port: int, seconds: int, beside: Beside | None) -> tuple[float, float]:
    """Return requests a second, and the milliseconds within which 99 of 100 answers came."""
    order = [
        *on_core(SERVER_CORE), program("wrk"), "-t1", "--latency", f"-c{CONNECTIONS}", f"-d{seconds}s",
        f"http://127.0.0.1:{port}{_FEED}",
    ]  # fmt: skip
    with _working(beside):
        said = subprocess.run(order, capture_output=True, text=True, check=True, env=surroundings()).stdout
    if wrong := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", said):
        raise RuntimeError(wrong[0])
    found, slowest = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if found is None or slowest is None:
        raise RuntimeError(f"wrk did not tell enough: {said}")
    return float(found[1]), float(slowest[1]) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[slowest[2]]


@contextmanager
def _working(beside: Beside | None) -> Iterator[None]:
    """Have something run during the block, begun anew whenever it ends."""
    over = Event()

    def go_on(start: Beside) -> None:
        while not over.is_set():
            process = start()
            while process.poll() is None:
                if over.wait(0.05):
                    process.kill()
            process.wait()

    thread = Thread(target=go_on, args=(beside,)) if beside else None
    if thread:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if thread:
            thread.join()


def _calendar() -> bytes:
    """Return somebody's calendar of many meetings."""
    lines: Sequence[str] = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Somebody//Calendar//EN",
        *(line for number in range(IMPORTED) for line in _event(number)),
        "END:VCALENDAR",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _event(number: int) -> Sequence[str]:
    first = date(2027, 1, 1) + timedelta(days=number % 700)
    return (
        "BEGIN:VEVENT",
        f"UID:{number}@somebody.example",
        "DTSTAMP:20261101T000000Z",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{first + timedelta(days=2):%Y%m%d}",
        f"SUMMARY:Technical meeting {number}",
        "LOCATION:Lusaka",
        "END:VEVENT",
    )
