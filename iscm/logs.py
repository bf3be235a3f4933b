"""Logging: structlog on standard error, the standard library's loggers through the same pipe.

People's addresses and the tokens of their links are masked in every line, whoever wrote it.
"""

import logging
import re
import sys
from collections.abc import Sequence
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_TOKEN = re.compile(r"(/(?:u|c|p|feeds/private)/)[A-Za-z0-9_.~-]+")
_PASSWORD = re.compile(r"(\w://[^\s/:@]*:)[^\s/@]+@")


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
    output = logging.StreamHandler(sys.stderr)
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


def _line(form: Literal["text", "json"]) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def mask(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The event with passwords, addresses and link tokens taken out of every value, however deep."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: object) -> object:
    if isinstance(value, dict):
        return {_masked(key): _masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = _PASSWORD.sub(r"\1***@", str(value))
    text = _TOKEN.sub(r"\1***", text)
    return _ADDRESS.sub("***", text)
