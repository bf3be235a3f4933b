"""The site as its operator meets it: with the addresses for machines, and with proxies in front."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from starlette.testclient import TestClient

from models import Database
from tests.web.visitor import BASE_URL, NOW, site
from web.application import build_application
from web.feed_watch import FeedWatch
from web.feeds import FeedsFirst
from web.measuring import Measured
from web.meters import Meters
from web.proxies import NamedProxies, Networks
from web.upkeep import Upkeep


def operator(
    database: Database,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    peer: str = "127.0.0.1",
    trusted: Sequence[str] = (),
    metrics_from: Sequence[str] = ("127.0.0.0/8",),
    backups: Path | None = None,
    writes_access_log: bool = False,
) -> TestClient:
    """A client at `peer` before the whole web application; the feeds are read once, now."""
    watch = FeedWatch(database)
    watch.look()
    meters = Meters()
    meters.tell_feeds(lambda: len(watch.current.feeds) if watch.current else 0)
    meters.tell_record(database, now=lambda: clock().timestamp(), backups=backups)
    upkeep = Upkeep(feeds=lambda: watch.current, meters=meters, metrics_from=Networks(metrics_from))
    pages = build_application(database=database, site=site(), clock=clock, upkeep=upkeep)
    measured = Measured(FeedsFirst(pages, watch=watch), meters=meters, writes_access_log=writes_access_log)
    application = NamedProxies(measured, trusted=Networks(trusted))
    return TestClient(application, base_url=BASE_URL, client=(peer, 50000), follow_redirects=False)
