"""What is counted of requests, and what else /metrics tells of this process and of the record.

Every process has its own registry; the names of all metrics stand in docs/metrics.md, held equal by a test.
"""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from models.database import Database
from web.record_metrics import record_metrics

# When each counter was made is told by the start of the process; told for each, it would double the lines.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has left its types out here

KEPT_SECONDS: Final = 5.0
"""For how long the numbers read from the database are given again, however often they are asked for."""

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Meters:
    """The registry of one web process."""

    def __init__(self) -> None:
        """Make the meters; all stand at nought."""
        self._registry = CollectorRegistry()
        ProcessCollector(namespace="iscm_web", registry=self._registry)
        self._requests = Counter(
            "iscm_http_requests",
            "Requests answered, by the route's template; feeds are /feeds/.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "iscm_http_request_seconds",
            "Seconds from a request to the end of its answer.",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._feeds = Gauge(
            "iscm_feeds_in_memory", "Calendars this process serves from memory.", registry=self._registry
        )
        # Labels are looked up under a lock and by strings each time; the few that occur are kept instead.
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        key = (method if method in _METHODS else "other", route, status)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (
                self._requests.labels(key[0], route, str(status)),
                self._seconds.labels(route),
            )
        found[0].inc()
        found[1].observe(seconds)

    def tell_feeds(self, count: Callable[[], int]) -> None:
        """Have the number of calendars in memory asked for when it is wanted."""
        self._feeds.set_function(count)

    def tell_record(self, database: Database, *, now: Callable[[], float], backups: Path | None) -> None:
        """Have the numbers of the record told too; `now` gives the time in seconds since 1970."""
        self._registry.register(_RecordCollector(database, now=now, backups=backups))

    def exposition(self) -> bytes:
        """Return all meters in the text format of Prometheus."""
        return generate_latest(self._registry)


class _RecordCollector(Collector):
    """Reads the numbers of the record, at most once in five seconds."""

    def __init__(self, database: Database, *, now: Callable[[], float], backups: Path | None) -> None:
        self._database = database
        self._now = now
        self._backups = backups
        self._reading = threading.Lock()
        self._kept: list[Metric] = []
        self._read_at = -KEPT_SECONDS

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: the registry would read the database to know."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Give the numbers."""
        with self._reading:
            if time.monotonic() - self._read_at >= KEPT_SECONDS:
                self._kept = list(record_metrics(self._database, now=self._now(), backups=self._backups))
                self._read_at = time.monotonic()
            return self._kept
