"""Pages over HTTP at 10,000 meetings: how long each takes, beside the smallest answer the server gives."""

import http.client
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import SERVER_CORE, Table, duration, in_turn, median, on_core, times
from benchmarks.records import NOW, filled, iscm, settings_for
from benchmarks.servers import free_port, running
from calendar_feed.publication import publish

SIZES = (0, 10_000)
AIM = 0.050
"""Seconds within which every page is to answer at 10,000 meetings."""

_REMARK = (
    "Whole answers over HTTP on loopback from one web process, {rounds} rounds in turn; the smallest answer, "
    "`/healthz`, takes {least}."
)

PAGES = (
    "/",
    "/calendar/2026",
    "/calendar/2026/11",
    "/mechanisms",
    "/mechanisms/bali-process",
    "/types/rcp",
    "/countries",
    "/countries/zm",
    "/themes",
    "/themes/gcm",
    "/meetings/budapest-process-19971014-ministerial",
    "/updates",
    "/documents",
    "/subscribe",
    "/highlights",
    "/about",
    "/help/calendar",
    "/search?q=migration",
    "/sitemap.xml",
)


def measure(*, quick: bool) -> list[Table]:
    """Return the median seconds of each page at both sizes, each page fetched in turn over one connection."""
    rounds = 5 if quick else 40
    found = {size: _medians(size, rounds=rounds) for size in SIZES}
    few, many = (found[size] for size in SIZES)
    rows = [
        (
            path,
            duration(few[path]),
            duration(many[path]),
            times(many[path] / few[path]),
            "yes" if many[path] < AIM else "no",
        )
        for path in PAGES
    ]
    return [
        Table(
            "Pages",
            ("page", "registry alone", "10,000 meetings, updates and documents more", "ratio", "under 50 ms"),
            rows,
            (_REMARK.format(rounds=rounds, least=duration(many["/healthz"])),),
        )
    ]


def _medians(size: int, *, rounds: int) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        port = free_port()
        settings = settings_for(Path(folder), port=port)
        with (
            filled(Path(folder), meetings=size, updates=size, documents=size) as database,
            database.writing() as session,
        ):
            publish(session, now=NOW, base_url=settings["ISCM_BASE_URL"])
        process = iscm("serve", "--only", "web", settings=settings, before=on_core(SERVER_CORE))
        with running(process, port=port):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            paths = ("/healthz", *PAGES)
            for path in paths:
                _seconds(connection, path)
            given = in_turn([partial(_seconds, connection, path) for path in paths], rounds=rounds)
            connection.close()
    return {path: median(values) for path, values in zip(paths, given, strict=True)}


def _seconds(connection: http.client.HTTPConnection, path: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - begun
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}.")
    return taken
