"""What the work of one process is made of, in tests."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from models import Database
from newsletter.keys import Keys
from newsletter.message import Letterhead
from newsletter.office import PostOffice
from newsletter.options import Options
from newsletter.relay import SmtpRelay
from scheduler.work import Work

BASE = "https://iscm.example.org"


class WorkOf(Protocol):
    """Makes the work of a process on a database, with a clock of the test's own."""

    def __call__(
        self, database: Database, *, now: Callable[[], datetime], owner: str = "one", smtp: str = ""
    ) -> Work:
        """Give the work; `smtp` is the mail server's address, by default one nobody listens on."""
        ...


@pytest.fixture
def work_of(tmp_path: Path) -> WorkOf:
    """Give the maker of works."""

    def make(database: Database, *, now: Callable[[], datetime], owner: str = "one", smtp: str = "") -> Work:
        office = PostOffice(
            database=database,
            keys=Keys("k" * 32),
            letterhead=Letterhead(sender="ISCM <letters@iscm.example.org>", reply_to=None, base_url=BASE),
            bounce_domain="",
            journals=tmp_path / "journals",
            clock=now,
        )
        return Work(
            database=database,
            now=now,
            owner=owner,
            started_at=now(),
            base_url=BASE,
            office=office,
            relay=SmtpRelay.from_url(smtp or "smtp://127.0.0.1:9?starttls=never"),
            options=Options(base_url=BASE),
        )

    return make
