"""The service as an outsider meets it: commands, HTTP, the files of the local mailbox; nothing imported."""

import email
import email.policy
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import pytest

START_SECONDS = 30.0
STOP_SECONDS = 10.0

Found = TypeVar("Found")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(look: Callable[[], Found], *, seconds: float, what: str) -> Found:
    """Look again and again until something true is found, and give it; fail by name when the time is up."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, body read whole; the names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as a server took it, parsed, with the address of its envelope and when it came (seconds)."""

    recipient: str
    content: EmailMessage
    arrived: float

    @classmethod
    def read(cls, raw: bytes, *, arrived: float, recipient: str = "") -> "Mail":
        """Read a mail; without a recipient it begins with the envelope, as the local mailbox writes it."""
        content = email.message_from_bytes(raw, policy=email.policy.default)
        return cls(recipient or content["X-Envelope-To"].strip("<>"), content, arrived)

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter of the list, and not a single mail such as a confirmation."""
        return self.content["List-Id"] is not None

    @property
    def text(self) -> str:
        """Its text part."""
        part = self.content.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def one_click(self) -> str:
        """The path a mail program posts to when its reader asks it to leave (RFC 8058)."""
        assert self.content["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        return path_in(self.content["List-Unsubscribe"], "/u/")


def path_in(text: str, start: str) -> str:
    """The path of the first link in a text whose path begins so."""
    for address in re.findall(r"https?://[^\s<>\"]+", text):
        if urlsplit(address).path.startswith(start):
            return str(urlsplit(address).path)
    raise AssertionError(f"no link to {start} in:\n{text}")


ON_SQLITE = pytest.mark.parametrize(
    "each_house", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
"""For a journey that is long and the same on both databases: the other one is gone through in `make soak`."""

ON_POSTGRESQL = pytest.mark.parametrize(
    "each_house", [pytest.param("sqlite", marks=pytest.mark.soak), "postgresql"], indirect=True
)
"""The same, where PostgreSQL is the one that could go wrong: several machines, rows locked one by one."""


@dataclass
class House:
    """One data folder and one port.

    It speaks English alone unless it is told otherwise: each start and each restore publishes the feeds of
    every language, which costs seconds and proves nothing about letters or archives. None: as shipped.
    """

    folder: Path
    database_url: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    languages: str | None = "en"
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this house: nothing of ISCM_* but what is meant."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ISCM_", "PYTEST"))}
        own = {
            "ISCM_DATA_DIR": str(self.folder / "data"),
            "ISCM_PORT": str(self.port),
            "ISCM_EDITOR_NAME": "journey",
            "PYTHONUNBUFFERED": "1",
        }
        if self.database_url is not None:
            own["ISCM_DATABASE_URL"] = self.database_url
        if self.languages is not None:
            own["ISCM_LANGUAGES"] = self.languages
        return {**kept, **own, **self.settings}

    @property
    def database_file(self) -> Path:
        """The SQLite file, where it is SQLite."""
        return self.folder / "data" / "iscm.db"

    def run(self, *words: str, code: int = 0, said: str = "") -> str:
        """Run a command to its end, exit code `code`, and give what it printed. It reads `said`."""
        ended = self.command(*words, said=said)
        assert ended.returncode == code, (
            f"iscm {' '.join(words)}: {ended.returncode}\n{ended.stdout}{ended.stderr}"
        )
        return ended.stdout if code == 0 else ended.stderr

    def command(self, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, however it ends."""
        return subprocess.run(
            [sys.executable, "-m", "iscm", *words],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            check=False,
            input=said,
            text=True,
            timeout=120,
        )

    def listed(self, *words: str) -> Any:  # noqa: ANN401 - what --json prints
        """What a command prints with --json."""
        return json.loads(self.run(*words, "--json"))

    @contextmanager
    def serving(self, *words: str, ready: str = "Ready", **changed: str) -> Iterator["Serving"]:
        """Run `iscm serve` for the block, from `Ready` on; then it must stop in time with exit code 0."""
        log = self.folder / f"serve-{time.monotonic_ns()}.log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "iscm", "serve", *words],
                env={**self.environment, **changed},
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                start_new_session=True,
            )
        serving = Serving(self, process, log)
        try:
            serving.wait_for(ready)
            yield serving
            if process.poll() is None:
                serving.stop()
        finally:
            process.kill()
            process.communicate()

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One HTTP request on a connection of its own; redirects are not followed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            content = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
            body = urlencode(form) if form is not None else None
            connection.request(method, path, body=body, headers={**content, **(headers or {})})
            answer = connection.getresponse()
            return Answer(
                answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
            )
        finally:
            connection.close()

    def post(self, path: str, **form: str) -> Answer:
        """Send a form."""
        return self.ask(path, method="POST", form=form)

    def mails(self) -> list[Mail]:
        """What the local mailbox holds, in order of arrival."""
        files = sorted((self.folder / "data" / "mailbox").glob("*.eml"))
        return [Mail.read(file.read_bytes(), arrived=file.stat().st_mtime) for file in files]


@dataclass
class Serving:
    """A running `iscm serve`."""

    house: House
    process: subprocess.Popen[bytes]
    log_file: Path
    said: str = ""

    @property
    def log(self) -> str:
        """What it wrote on standard error so far."""
        return self.log_file.read_text(errors="replace")

    @property
    def troubles(self) -> list[str]:
        """What it wrote there that is more than news."""
        return [line for line in self.log.splitlines() if "[info" not in line]

    def wait_for(self, words: str, *, seconds: float = START_SECONDS) -> None:
        """Wait until it prints these words."""
        assert self.process.stdout is not None
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while words not in self.said:
                left = end - time.monotonic()
                assert left > 0, f"not within {seconds:g} s: {words!r}\n{self.said}{self.log}"
                if selector.select(left):
                    more = os.read(self.process.stdout.fileno(), 65536)
                    assert more, f"iscm serve ended ({self.process.wait(5)})\n{self.said}{self.log}"
                    self.said += more.decode()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Tell it to stop; it must end with exit code 0 within ten seconds. Gives the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(STOP_SECONDS)
        assert code == 0, f"exit code {code}\n{self.log}"
        return time.monotonic() - begun

    def children(self) -> dict[int, str]:
        """The processes below it, by number, with what runs in them."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        numbers = [int(word) for word in task.read_text(encoding="ascii").split()]
        return {number: Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ") for number in numbers}

    def waited_for_a_core(self) -> float:
        """Seconds its processes were ready to run and others had the machine; nought where that is not told.

        Other tests and builds run beside this one, and what they take is not the service's slowness.
        """
        waited = 0.0
        for number in (self.process.pid, *self.children()):
            with suppress(OSError):
                _, nanoseconds, _ = Path(f"/proc/{number}/schedstat").read_text(encoding="ascii").split()
                waited += int(nanoseconds) / 1e9
        return waited
