"""A PostgreSQL server of the tests' own, from the system's binaries, with a database for each test."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

START_SECONDS = 60


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest release first; None when they are not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    released = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return released[-1].parent if released else None


class Server:
    """One server on a Unix socket in a temporary folder, gone with everything in it after `stop`.

    It does not wait for the disk: its data need not outlive it. PostgreSQL refuses to run as root, so as root
    it runs as the user `postgres`, or `nobody`.
    """

    def __init__(self, folder_of_programs: Path) -> None:
        self._programs = folder_of_programs
        self._folder = Path(tempfile.mkdtemp(prefix="iscm-pg-"))
        self._names = count(1)
        self._copying = ""
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = _unprivileged()
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._process = self._start()

    def url(self, name: str) -> str:
        """The SQLAlchemy address of a database here."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def create(self, template: str | None = None) -> str:
        """Make a database, empty or the copy of another one that nobody is connected to; give its name.

        Its files are copied as they are: where the disk is not waited for, that takes 0.03 s, and writing the
        copy into the log, PostgreSQL's way since release 15, ten times as long.
        """
        name = f"iscm_{next(self._names)}"
        self._run(f"CREATE DATABASE {{}} TEMPLATE {{}} {self._copying}", name, template or "template0")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> subprocess.Popen[bytes]:
        data = self._folder / "data"
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [self._programs / "initdb", "--pgdata", data, *options],
            check=True,
            capture_output=True,
            cwd=self._folder,
            **self._as_user,
        )
        careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=256MB"]
        place = ["listen_addresses=", f"unix_socket_directories={self._folder}", "max_connections=200"]
        settings = [word for setting in (*place, *careless) for word in ("-c", setting)]
        with (self._folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, *settings],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._as_user,
            )
        self._wait(process)
        return process

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            with (
                suppress(psycopg.OperationalError),
                psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres") as connection,
            ):
                # The choice came with release 15; before it, files were always copied.
                self._copying = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
                return
            time.sleep(0.05)
        process.kill()
        raise RuntimeError((self._folder / "log").read_text(errors="replace"))

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(
            host=str(self._folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _unprivileged() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")
