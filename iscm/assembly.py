"""Puts the house together from its settings: what answers requests, and what does the work."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from starlette.types import ASGIApp

from iscm.belongings import nightly_of, open_database
from iscm.letter import options_of, stationery_of
from iscm.post_office import post_office_of
from iscm.settings import Settings
from models import Database
from models.document_filing import documents_folder
from newsletter.keys import Keys
from newsletter.mailbox import Mailbox, mailbox_folder
from newsletter.relay import SmtpRelay
from scheduler.feed_files import FeedFolder
from scheduler.work import Work
from web.application import build_application
from web.asked_choices import AskedChoices
from web.feed_watch import FeedWatch, watching
from web.feeds import FeedsFirst
from web.measuring import Measured
from web.meters import Meters
from web.proxies import NamedProxies, Networks
from web.site import Site
from web.upkeep import Upkeep


@contextmanager
def open_web(settings: Settings) -> Iterator[ASGIApp]:
    """Give the whole web application for the block: who asks is told first, then feeds, then pages."""
    database = open_database(settings)
    try:
        with watching(database, asked=AskedChoices(clock=now)) as watch:
            upkeep = upkeep_of(settings, database, watch)
            pages = build_application(database=database, site=site_of(settings), clock=now, upkeep=upkeep)
            measured = Measured(
                FeedsFirst(pages, watch=watch), meters=upkeep.meters, writes_access_log=settings.access_log
            )
            yield NamedProxies(measured, trusted=Networks(settings.trusted_proxies))
    finally:
        database.close()


@contextmanager
def open_work(settings: Settings) -> Iterator[Work]:
    """Give jobs what they work with for the block, and run the local mailbox when no mail server is set."""
    database = open_database(settings)
    try:
        with _mail_server(settings) as smtp_url:
            yield Work(
                database=database,
                now=now,
                owner=_owner(),
                started_at=now(),
                base_url=settings.base_url,
                languages=settings.languages,
                office=post_office_of(settings, database, clock=now),
                relay=SmtpRelay.from_url(smtp_url),
                options=options_of(settings),
                stationery=stationery_of(settings),
                alert_to=settings.alert_to,
                reports_to=settings.alert_to or settings.mail_reply_to,
                data_dir=settings.data_dir,
                nightly=nightly_of(settings),
                bounce_maildir=settings.bounce_maildir,
                feed_folder=FeedFolder(settings.publish_dir) if settings.publish_dir else None,
            )
    finally:
        database.close()


def site_of(settings: Settings) -> Site:
    """What pages know of this installation."""
    return Site(
        base_url=settings.base_url,
        languages=settings.languages,
        keys=Keys(settings.secret_key),
        contact=settings.mail_reply_to or settings.mail_from or None,
        postal_address=settings.postal_address or None,
        mailbox=mailbox_folder(settings.data_dir) if settings.uses_local_mailbox else None,
        documents=documents_folder(settings.data_dir),
    )


def upkeep_of(settings: Settings, database: Database, watch: FeedWatch) -> Upkeep:
    """What the operator's addresses of this web process are answered from."""
    meters = Meters()
    meters.tell_feeds(lambda: len(watch.current.feeds) if watch.current else 0)
    meters.tell_record(database, now=lambda: now().timestamp(), backups=settings.backup_dir)
    return Upkeep(feeds=lambda: watch.current, meters=meters, metrics_from=Networks(settings.metrics_from))


def now() -> datetime:
    """The time, aware, in UTC: the one place where the house looks at the clock."""
    return datetime.now(UTC)


@contextmanager
def _mail_server(settings: Settings) -> Iterator[str]:
    """Give the mail server's address; where none is set, that of the mailbox started for the block."""
    if settings.smtp_url is not None:
        yield settings.smtp_url
        return
    mailbox = Mailbox(settings.data_dir)
    mailbox.start()
    mailbox.publish()
    try:
        yield mailbox.url
    finally:
        mailbox.withdraw()
        mailbox.stop()


def _owner() -> str:
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
