"""What runs in the processes of `iscm serve`: the web in one, the work in the other."""

import contextlib
import errno
import logging
import os
import socket
from collections.abc import Iterator

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from iscm.assembly import open_web, open_work
from iscm.processes import StopOrder
from iscm.settings import Settings
from models import Refusal
from scheduler.clock import Clock
from scheduler.engine import InThisProcess, reason_of
from scheduler.jobs import JOBS

BACKLOG = 2048
"""Connections that wait while the web process is busy or is being started again."""

_WORK_ENDS_WITHIN = 8.0
_PAGES_END_WITHIN = 5

log = logging.getLogger(__name__)


class CannotListen(Refusal):
    """The address or port cannot be listened on."""


def listen(host: str, port: int) -> socket.socket:
    """Take the port, before any process is started. Raises CannotListen."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} of {host} is taken by another program. Stop that one"
        elif error.errno == errno.EACCES:
            reason = f"Port {port} is reserved for the system. Use a proxy in front"
        else:
            reason = f"This machine has no address {host} to listen on ({error.strerror})"
        raise CannotListen(f"{reason}, or choose another with --host and --port.") from error


class _Server(uvicorn.Server):
    """uvicorn, told to stop by us: its own way ends the process with the signal as its exit code."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@contextlib.contextmanager
def _told_in_one_line(what: str) -> Iterator[None]:
    """End the process with one line where something outside it is wrong; its parent starts it again."""
    try:
        yield
    except (Refusal, OSError, SQLAlchemyError) as error:
        log.error("%s cannot run: %s", what, reason_of(error))  # noqa: TRY400 - the sentence is all there is to tell
        raise SystemExit(1) from None


def run_web(settings: Settings, listening: socket.socket) -> None:
    """Answer requests on the socket until told to stop."""
    order = StopOrder()
    with _told_in_one_line("web"), open_web(settings) as application:
        config = uvicorn.Config(
            application,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # web.proxies reads them, from named proxies alone
            timeout_graceful_shutdown=_PAGES_END_WITHIN,
        )
        server = _Server(config)

        def stop() -> None:
            server.should_exit = True

        order.listen(then=stop)
        server.run(sockets=[listening])


def run_work(settings: Settings) -> None:
    """Tick, publish, send, until told to stop."""
    order = StopOrder()
    order.listen()
    with _told_in_one_line("work"), open_work(settings) as work:
        clock = Clock(JOBS, engine=InThisProcess(work), now=work.now)
        clock.start()
        while not order.wait(1.0):
            clock.heed()
        work.stopping.set()
        if not clock.stop(within=_WORK_ENDS_WITHIN):
            log.error("a job did not end within %g seconds; what it had begun is undone", _WORK_ENDS_WITHIN)
            # Python would wait for the job's thread for as long as it takes.
            os._exit(1)
