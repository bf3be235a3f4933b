"""What a job is, and what every job is given to work with."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models import Database
from models.archive.nightly import Nightly
from newsletter.office import PostOffice
from newsletter.options import Options
from newsletter.preflight.check import Stationery
from newsletter.transport import Relay
from scheduler.due import When
from templates.languages import ENGLISH

if TYPE_CHECKING:
    from scheduler.feed_files import FeedFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The house as jobs see it; put together by iscm.assembly.

    now gives the time (aware UTC). owner names this process in what it claims, and started_at is when it
    began. base_url has no trailing slash. Letters leave from the office by the relay; a year's draft is
    compiled with the options, and what is due is checked with the stationery it was approved on. languages
    are those that pages and feeds are in. alert_to is mailed of alarms,
    reports_to of readers' reports of errors, nobody where they are empty; the disk of data_dir is watched.
    nightly says where the backup of every night is kept, None for none. Feeds are written as files into
    feed_folder, and returned mails are read from bounce_maildir, where one is set. stopping is set when the
    process is to end: long jobs look at it and leave what they have begun in order.
    """

    database: Database
    now: Callable[[], datetime]
    owner: str
    started_at: datetime
    base_url: str
    office: PostOffice
    relay: Relay
    options: Options
    stationery: Stationery | None = None
    languages: tuple[str, ...] = (ENGLISH,)
    alert_to: str = ""
    reports_to: str = ""
    data_dir: Path | None = None
    nightly: Nightly | None = None
    feed_folder: "FeedFolder | None" = None
    bounce_maildir: Path | None = None
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing the house does by itself.

    act is called with the work and the due time, in a thread of its own, never twice at once in one process.
    It returns a sentence on what it did, or None when there was nothing to do.
    """

    name: str
    when: When
    act: Callable[[Work, datetime], str | None]
