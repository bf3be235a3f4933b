"""Feeds as the record grows to 100,000 meetings: one edit, a whole publishing, an answer, and memory."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select, update

from benchmarks.measure import CLIENT_CORE, SERVER_CORE, Table, duration, median, on_core
from benchmarks.records import NOW, filled, iscm, settings_for
from benchmarks.servers import free_port, running
from calendar_feed.asked import Asked
from calendar_feed.publication import publish
from calendar_feed.served import read_feed
from models import Database, Kind, Mechanism, Meeting, MeetingMechanism, MeetingStatus, change_meeting
from models.publication import Publication
from models.when import Precision

SIZES = (100, 1_000, 10_000, 100_000)
LANGUAGES = ("en",)
_BATCH = 5_000
_FEED = "/feeds/all.ics"
_ANSWERS = 500
_WARMING, _PUBLISHING = 20, 10
"""Seconds that the service is given to fill its shelf, and to publish an edit."""

_REMARK = (
    "In English alone; times are those of the processor, so that the machine's other work does not count. "
    "*One edit* is the whole publishing after it. *Everything* is a publishing that renders and parses every "
    "meeting anew, as after an upgrade, in a process of its own; *its memory* is the most it held. *Joined* "
    "is the feed of everything (1,000 events at most) put together for its first reader. *Answered* is the "
    "web process's time for one whole answer from its shelf. *Web* and *work* are the most that the two "
    "processes of `iscm serve` held while the shelf was warmed and an edit was published; 300 MB is the aim."
)


def measure(*, quick: bool) -> list[Table]:
    """Return what each size costs."""
    rows = []
    for size in SIZES[: 2 if quick else None]:
        with TemporaryDirectory() as folder:
            rows.append(_row(Path(folder), size, rounds=3 if quick else 5))
    heads = ("meetings", "one edit", "everything", "its memory", "joined", "answered", "web", "work")
    return [Table("Feeds as the record grows", heads, rows, (_REMARK,))]


def publishing_anew(folder: Path, base_url: str) -> subprocess.Popen[bytes]:
    """Start a process that publishes everything anew and prints what `publish_all` returns."""
    command = [sys.executable, "-m", "benchmarks.feed_growth", str(folder), base_url]
    return subprocess.Popen([*on_core(CLIENT_CORE), *command], stdout=subprocess.PIPE)


def publish_all(folder: Path, base_url: str) -> tuple[float, int]:
    """Publish everything anew; return the seconds it took and the bytes this process held at most."""
    database = Database(f"sqlite:///{folder / 'iscm.db'}")
    with database.writing() as session:
        session.execute(update(Publication).values(renderer=None))
        begun = time.process_time()
        publish(session, now=NOW, base_url=base_url, languages=LANGUAGES)
    taken = time.process_time() - begun
    database.close()
    # Not getrusage: what it tells was already true of the process this one was started by.
    return taken, _peak(os.getpid())


def _row(folder: Path, size: int, *, rounds: int) -> Sequence[str]:
    port = free_port()
    settings = settings_for(folder, port=port) | {"ISCM_LANGUAGES": ",".join(LANGUAGES)}
    base_url = settings["ISCM_BASE_URL"]
    with filled(folder, meetings=0) as database:
        add_meetings(database, size)
        said = publishing_anew(folder, base_url).communicate()[0].split()
        everything, most = float(said[0]), int(said[1])
        edit = median(_edits(database, base_url=base_url, rounds=rounds))
        with database.reading() as session:
            joined = median([_spent(partial(read_feed, session, Asked("all"))) for _ in range(rounds)])
        process = iscm("serve", settings=settings, before=on_core(SERVER_CORE))
        with running(process, port=port):
            time.sleep(_WARMING)
            web = _asked(process.pid, port)
            answered = (_spent_by(web, partial(_ask_often, port))) / _ANSWERS
            _edit(database, rounds + 1)
            time.sleep(_PUBLISHING)
            memory = [_peak(web), *(_peak(one) for one in _children(process.pid) if one != web)]
    web_and_work = [f"{one / 1e6:.0f} MB" for one in memory]
    return (
        f"{size:,}",
        duration(edit),
        duration(everything),
        f"{most / 1e6:.0f} MB",
        duration(joined),
        duration(answered),
        *web_and_work,
    )


def add_meetings(database: Database, number: int) -> None:
    """Write so many meetings past the ORM, spread over thirty years, a tenth of them still to come."""
    with database.reading() as session:
        mechanisms = session.scalars(select(Mechanism.id).order_by(Mechanism.slug)).all()
    for begin in range(0, number, _BATCH):
        rows, places = [], []
        for one in range(begin, min(begin + _BATCH, number)):
            first = date(2000, 1, 1) + timedelta(days=(one * 37) % 10_800)
            rows.append(
                {
                    "id": 1_000_000 + one,
                    "uid": f"00000000-0000-4000-8000-{one:012d}",
                    "slug": f"made-{one}",
                    "title": f"Technical meeting {one} on labour migration and border management",
                    "kind": Kind.TECHNICAL,
                    "status": MeetingStatus.HELD if first < NOW.date() else MeetingStatus.CONFIRMED,
                    "precision": Precision.DAY,
                    "first_day": first,
                    "last_day": first + timedelta(days=one % 4),
                    "city": "Lusaka",
                    "country": "ZM",
                    "created_at": NOW,
                }
            )
            mechanism = mechanisms[one % len(mechanisms)]
            places.append({"meeting_id": 1_000_000 + one, "mechanism_id": mechanism, "position": 0})
        with database.writing() as session:
            session.execute(insert(Meeting), rows)
            session.execute(insert(MeetingMechanism), places)


def _edit(database: Database, number: int) -> None:
    with database.writing() as session:
        change_meeting(session, "made-1", {"venue": f"Hall {number}"}, editor="bench", now=NOW)


def _edits(database: Database, *, base_url: str, rounds: int) -> list[float]:
    found = []
    for number in range(1, rounds + 1):
        _edit(database, number)
        begun = time.process_time()
        with database.writing() as session:
            publish(session, now=NOW + timedelta(seconds=number), base_url=base_url, languages=LANGUAGES)
        found.append(time.process_time() - begun)
    return found


def _spent(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _ask_often(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        for _ in range(_ANSWERS):
            connection.request("GET", _FEED)
            connection.getresponse().read()


def _asked(parent: int, port: int) -> int:
    """Return which child of a service answers: the one whose time passes while it is asked."""
    before = {child: _time_of(child) for child in _children(parent)}
    _ask_often(port)
    return max(before, key=lambda child: _time_of(child) - before[child])


def _spent_by(process: int, act: Callable[[], object]) -> float:
    begun = _time_of(process)
    act()
    return _time_of(process) - begun


def _time_of(process: int) -> float:
    """Return the seconds of processor time of a process."""
    words = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _children(parent: int) -> list[int]:
    told = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(child) for child in told.split()]


def _peak(process: int) -> int:
    """Return the most bytes of memory that a process ever held."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    taken, most = publish_all(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.write(f"{taken} {most}\n")
