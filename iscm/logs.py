"""Logging: structlog on standard error, the standard library's loggers through the same pipe.

People's addresses and the tokens of their links are masked in every line, whoever wrote it.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Literal

import structlog
from structlog.typing import EventDict, Processor

from models.masking import MASK, masked

_SECRET_KEY: Final = re.compile(r"(?i)password|passwd|secret|token|authorization|cookie")


class _Output(logging.StreamHandler):  # type: ignore[type-arg]  # the standard library's is generic in stubs only
    """Standard error. A line that cannot be written is told of without its words, which nobody has masked."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say that a line is missing, and where it was to be written."""
        try:
            self.stream.write(f"a log line of {record.name} could not be written\n")
            self.flush()
        except (OSError, ValueError):
            return


def start_logging(*, level: str, form: Literal["text", "json"]) -> None:
    """Send messages from `level` up to standard error, as lines or as JSON objects. Can be repeated."""
    before: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    output = _Output(sys.stderr)
    output.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                mask,
                _line(form),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(level.upper())
    if level != "debug":
        for talkative in ("alembic", "apscheduler", "asyncio"):
            logging.getLogger(talkative).setLevel(logging.WARNING)
    sys.excepthook = _tell_masked
    threading.excepthook = _tell_of_thread


def tell_of_defect(error: BaseException) -> None:
    """Write the traceback of what ends a process, masked like every line of the log."""
    logging.getLogger("iscm").critical("ended by a defect", exc_info=error)


def _tell_masked(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Stand in for Python's own words about an error nobody caught, on a terminal too."""
    sys.stderr.write(masked("".join(traceback.format_exception(kind, error, trace))))


def _tell_of_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None and what.exc_type is not SystemExit:
        name = what.thread.name if what.thread is not None else "gone"
        logging.getLogger("iscm").error("the thread %s ended by a defect", name, exc_info=what.exc_value)


def _line(form: Literal["text", "json"]) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def mask(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The event with passwords, addresses and link tokens taken out of every value, however deep."""
    return {key: _masked(value, under=key) for key, value in event.items()}


def _masked(value: object, *, under: object = "") -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(under, str) and _SECRET_KEY.search(under):
        return MASK
    if isinstance(value, dict):
        return {_masked(key): _masked(one, under=key) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(one) for one in value]
    return masked(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))
