"""What the tests of pages in a browser are given."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from models import Database
from tests.web.visitor import KEYS, NOW
from web.application import build_application
from web.site import Site


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serve pages on a free port of loopback for the test; give the address, without a trailing slash."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(database: Database, *, mailbox: Path | None = None) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        site = Site(base_url=address, languages=("en", "fr", "es", "ar"), keys=KEYS, mailbox=mailbox)
        application = build_application(database=database, site=site, clock=lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(application, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        running.append((server, thread))
        return address

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()
