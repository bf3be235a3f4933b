"""A feed over HTTP: requests a second on one core, beside nginx with the same file and Radicale."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import CLIENT_CORE, SERVER_CORE, Table, in_turn, median, on_core, rate, times
from benchmarks.peers import NoPeer, program, radicale, surroundings
from benchmarks.records import NOW, filled, iscm, settings_for
from benchmarks.servers import free_port, get, running, send
from calendar_feed.publication import publish

EVENTS = 200
CONNECTIONS = 32
MECHANISM = "bali-process"
_REMARK = (
    f"wrk with {CONNECTIONS} connections on the other core, every second request conditional (If-None-Match, "
    "answered 304; Radicale answers every one whole), {rounds} rounds of {seconds} s each in turn."
)
_LUA = Path(__file__).with_name("conditional.lua")

Server = tuple[str, int, str]
"""What is told of a server: its name, its port, the path of the feed there."""


def measure(*, quick: bool) -> list[Table]:
    """Return the requests a second of each server, measured in turn. Raises NoPeer without wrk or nginx."""
    seconds, rounds = (2, 2) if quick else (4, 5)
    remarks = [_REMARK.format(rounds=rounds, seconds=seconds)]
    with TemporaryDirectory() as folder, ExitStack() as servers:
        root = Path(folder)
        root.chmod(0o755)  # nginx's worker is nobody
        ours = servers.enter_context(_ours(root / "ours"))
        feed = get(ours[1], ours[2])[2]
        found = [ours, servers.enter_context(_nginx(root / "nginx", feed))]
        try:
            found.append(servers.enter_context(_radicale(root / "radicale", feed)))
        except NoPeer as missing:
            remarks.append(str(missing))
        given = in_turn([partial(_requests, server, seconds) for server in found], rounds=rounds)
    rates = [median(values) for values in given]
    size = f"{len(feed) / 1000:.0f} kB"
    return [
        Table(
            f"A feed of {feed.count(b'BEGIN:VEVENT')} events ({size}) over HTTP, one core",
            ("server", "requests a second", "of nginx", "ours is"),
            [
                (name, rate(value), f"{value / rates[1]:.2g}", times(rates[0] / value))
                for (name, _, _), value in zip(found, rates, strict=True)
            ],
            tuple(remarks),
        )
    ]


def _requests(server: Server, seconds: int) -> float:
    _, port, path = server
    tag = get(port, path)[1].get("etag", "")
    order = [
        *on_core(CLIENT_CORE), program("wrk"), "-t1", "--timeout", "30s", f"-c{CONNECTIONS}",
        f"-d{seconds}s", "-s", str(_LUA),
        f"http://127.0.0.1:{port}{path}", "--", tag,
    ]  # fmt: skip
    said = subprocess.run(order, capture_output=True, text=True, check=True, env=surroundings()).stdout
    if wrong := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", said):
        raise RuntimeError(f"{server[0]}: {wrong[0]}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None:
        raise RuntimeError(f"wrk did not tell a rate: {said}")
    return float(found[1])


@contextmanager
def _ours(folder: Path) -> Iterator[Server]:
    port = free_port()
    settings = settings_for(folder, port=port)
    with filled(folder, meetings=EVENTS, of=MECHANISM) as database, database.writing() as session:
        publish(session, now=NOW, base_url=settings["ISCM_BASE_URL"])
    process = iscm("serve", "--only", "web", settings=settings, before=on_core(SERVER_CORE))
    with running(process, port=port):
        yield "this service", port, f"/feeds/mechanism/{MECHANISM}.ics"


@contextmanager
def _nginx(folder: Path, feed: bytes) -> Iterator[Server]:
    port = free_port()
    folder.mkdir()
    (folder / "feed.ics").write_bytes(feed)
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, port=port))
    order = [
        *on_core(SERVER_CORE),
        program("nginx"),
        "-c",
        str(settings),
        "-p",
        str(folder),
        "-e",
        str(folder / "log"),
    ]
    with running(subprocess.Popen(order, env=surroundings()), port=port):
        yield "nginx, the same file", port, "/feed.ics"


@contextmanager
def _radicale(folder: Path, feed: bytes) -> Iterator[Server]:
    port = free_port()
    folder.mkdir()
    (folder / "rights").write_text("[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n")
    (folder / "config").write_text(_RADICALE.format(folder=folder, port=port))
    order = [*on_core(SERVER_CORE), radicale(), "-m", "radicale", "--config", str(folder / "config")]
    with running(subprocess.Popen(order, stderr=subprocess.DEVNULL), port=port):
        send(port, "MKCOL", "/bench/")
        status = send(port, "PUT", "/bench/calendar/", body=feed, content_type="text/calendar; charset=utf-8")
        if status != 201:
            raise RuntimeError(f"Radicale did not take the calendar: {status}.")
        yield "Radicale", port, "/bench/calendar/"


_NGINX = """\
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=10;
  types {{ text/calendar ics; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""
_RADICALE = """\
[server]
hosts = 127.0.0.1:{port}
max_connections = 64
[auth]
type = none
[rights]
type = from_file
file = {folder}/rights
[storage]
filesystem_folder = {folder}/collections
[logging]
level = error
"""
