"""Databases to measure on: the bundled registry, and as many records more as one likes."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    BUNDLED,
    Database,
    Document,
    DocumentAct,
    DocumentKind,
    Kind,
    Mechanism,
    Meeting,
    MeetingMechanism,
    MeetingStatus,
    Theme,
    When,
    load_registry,
)
from models.update import DayMeans, Update, UpdateKind, UpdateMechanism
from models.when import Precision

BASE_URL = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

_CITIES = [("Lusaka", "ZM"), ("Genève", "CH"), ("Bali", "ID"), ("Ciudad de México", "MX"), ("Đà Nẵng", "VN")]
_SUBJECTS = ["return and reintegration", "labour migration", "border management", "migration data", "climate"]
_BATCH = 500


@contextmanager
def filled(
    folder: Path, *, meetings: int, updates: int = 0, documents: int = 0, of: str | None = None
) -> Iterator[Database]:
    """Give a SQLite database with the registry and so many records more, made the same way every time.

    `of` is the slug of a mechanism that all the meetings are of; without it they are spread over all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{folder / 'iscm.db'}")
    try:
        database.upgrade()
        with database.writing() as session:
            load_registry(session, BUNDLED, now=NOW)
        chance = random.Random(20261123)  # noqa: S311 - the same records every time are what is wanted
        for first in range(0, meetings, _BATCH):
            with database.writing() as session:
                _add_meetings(session, range(first, min(first + _BATCH, meetings)), chance, of=of)
        for first in range(0, updates, _BATCH):
            with database.writing() as session:
                _add_updates(session, range(first, min(first + _BATCH, updates)), chance)
        for first in range(0, documents, _BATCH):
            with database.writing() as session:
                _add_documents(session, range(first, min(first + _BATCH, documents)), chance)
        yield database
    finally:
        database.close()


def settings_for(folder: Path, *, port: int) -> dict[str, str]:
    """Return the environment of a command on that database, served on a port of loopback."""
    return {
        **os.environ,
        "ISCM_DATA_DIR": str(folder),
        "ISCM_PORT": str(port),
        "ISCM_BASE_URL": f"http://127.0.0.1:{port}",
        "ISCM_LOG_LEVEL": "warning",
    }


def iscm(*words: str, settings: dict[str, str], before: list[str]) -> subprocess.Popen[bytes]:
    """Start a command of the program, its words after those that keep it on a core."""
    command = [*before, sys.executable, "-m", "iscm", *words]
    return subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL)


def _add_meetings(session: Session, numbers: range, chance: random.Random, *, of: str | None) -> None:
    wanted = [Mechanism.slug == of] if of else []
    mechanisms = session.scalars(select(Mechanism).where(*wanted).order_by(Mechanism.slug)).all()
    themes = session.scalars(select(Theme).order_by(Theme.position)).all()
    for number in numbers:
        own = chance.choice(mechanisms)
        city, country = chance.choice(_CITIES)
        # Spread over thirty years, a tenth of them still to come.
        first = date(2000, 1, 1) + timedelta(days=(number * 37) % 10_800)
        meeting = Meeting(
            uid=f"00000000-0000-4000-8000-{number:012d}",
            slug=f"made-{number}",
            title=f"Technical meeting {number} of the {own.short_name} on {chance.choice(_SUBJECTS)}",
            kind=Kind.TECHNICAL,
            status=MeetingStatus.HELD if first < NOW.date() else MeetingStatus.CONFIRMED,
            when=When(Precision.DAY, first, first + timedelta(days=number % 4)),
            city=city,
            country=country,
            created_at=NOW,
            places=[MeetingMechanism(mechanism=own)],
            theme_tags=chance.sample(themes, 2),
        )
        session.add(meeting)


def _add_updates(session: Session, numbers: range, chance: random.Random) -> None:
    mechanisms = session.scalars(select(Mechanism).order_by(Mechanism.slug)).all()
    for number in numbers:
        own = chance.choice(mechanisms)
        update = Update(
            slug=f"made-update-{number}",
            day=date(2000, 1, 1) + timedelta(days=(number * 41) % 9_800),
            day_means=DayMeans.PUBLICATION,
            kind=UpdateKind.ANNOUNCEMENT,
            title=f"{own.short_name} takes up {chance.choice(_SUBJECTS)} ({number})",
            summary="States compared their laws and practice and agreed on what to do together.",
            created_at=NOW,
            places=[UpdateMechanism(mechanism=own)],
        )
        session.add(update)


def _add_documents(session: Session, numbers: range, chance: random.Random) -> None:
    meetings = session.scalars(select(Meeting).order_by(Meeting.uid).limit(2_000)).all()
    for number in numbers:
        meeting = chance.choice(meetings)
        document = Document(
            slug=f"made-document-{number}",
            title=f"Chair’s summary {number} on {chance.choice(_SUBJECTS)}",
            kind=DocumentKind.SUMMARY,
            act=DocumentAct.ISSUED,
            language=chance.choice(["en", "fr", "es"]),
            meeting=meeting,
        )
        session.add(document)
