"""What the doctor asks of system, database and mail server; each answer is a value for a check."""

import asyncio
import os
import shutil
import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

import tzdata  # type: ignore[import-untyped]  # data with one constant
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from iscm.doctor.mail import MailServer
from models import Database, JobStanding, Occurrence, Publication, Revision, Worker
from newsletter.conversation import Timeouts
from newsletter.relay import SmtpRelay
from newsletter.transport import RelayFaultError

SMTP_SECONDS: Final = 5.0
"""How long the mail server may take for an answer, in seconds; for all of them three times as long."""


def writing_fault(folder: Path) -> str | None:
    """Write and delete a file in the folder; return what the system said where that cannot be."""
    probe = folder / f".doctor.{os.getpid()}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def free_bytes(folder: Path) -> int:
    """Return how much room is left on the folder's disk. Raises OSError."""
    return shutil.disk_usage(folder).free


def mode_of(file: Path) -> int | None:
    """Return the permissions of a file, None where it is not there."""
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return None


def zones_release() -> tuple[str, date | None]:
    """Return the release of the zones' rules, and the day this copy was installed."""
    release = str(tzdata.IANA_VERSION)
    files = metadata.files("tzdata") or []
    found = [Path(str(file.locate())) for file in files if file.name == "METADATA"]
    try:
        return release, datetime.fromtimestamp(found[0].stat().st_mtime, UTC).date()
    except (OSError, IndexError):
        return release, None


def file_complaints(database: Database) -> list[str]:
    """Return what SQLite finds wrong with its file, quickly: without comparing indexes with tables."""
    with database.reading() as session:
        rows = session.execute(text("PRAGMA quick_check")).scalars()
        return [str(row) for row in rows if row != "ok"]


def server_version(database: Database) -> str:
    """Return the release of the PostgreSQL server."""
    with database.reading() as session:
        return str(session.scalar(text("SHOW server_version")))


def server_time(database: Database) -> datetime | None:
    """Return what the database server's clock shows; None for SQLite, which has none of its own."""
    if database.is_sqlite:
        return None
    with database.reading() as session:
        return session.scalar(select(func.clock_timestamp()))


def newest_time(session: Session) -> datetime | None:
    """Return the newest time at which anything is recorded to have been done."""
    times = (
        session.scalar(select(Revision.at).order_by(Revision.id.desc()).limit(1)),
        session.scalar(select(Publication.published_at)),
        session.scalar(select(Occurrence.started_at).order_by(Occurrence.id.desc()).limit(1)),
        session.scalar(select(func.max(Worker.seen_at))),
        session.scalar(select(func.max(JobStanding.succeeded_at))),
    )
    return max((moment for moment in times if moment is not None), default=None)


def meet_mail_server(url: str) -> MailServer | str:
    """Connect to the mail server, greet it, encrypt, sign in and take leave, sending nothing.

    Returns how it received us, or the sentence that says why it did not.
    """
    return asyncio.run(_meet(url))


async def _meet(url: str) -> MailServer | str:
    patience = Timeouts(connect=SMTP_SECONDS, command=SMTP_SECONDS, body=SMTP_SECONDS)
    relay = replace(SmtpRelay.from_url(url), timeouts=patience)
    try:
        async with asyncio.timeout(3 * SMTP_SECONDS):
            conversation = await relay.connect()
            tls = conversation.tls
            certificate = tls.getpeercert() if tls is not None else None
            met = MailServer(
                encryption=tls.version() if tls is not None else None,
                is_checked=bool(certificate),
                expires=_expiry(certificate.get("notAfter")) if certificate else None,
                signed_in=relay.username is not None,
            )
            await conversation.close()
    except RelayFaultError as fault:
        return str(fault)
    except TimeoutError:
        return f"The mail server {relay.name} does not come to an end within {3 * SMTP_SECONDS:.0f} seconds."
    return met


def _expiry(words: object) -> datetime | None:
    """Return the moment of a certificate's notAfter, such as "Jun  1 12:00:00 2027 GMT"."""
    try:
        return datetime.strptime(str(words), "%b %d %H:%M:%S %Y %Z").replace(tzinfo=UTC)
    except ValueError:
        return None
