"""Reports of errors: taken from readers, closed by editors, forgotten in time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import plain_text
from models.error_report import ErrorReport
from models.keeping import NothingToChange, alone
from models.known import UnknownName
from models.refusal import Refusal

LONGEST: Final = 4_000
"""Characters of one report."""

MOST_A_DAY: Final = 50
MOST_OPEN: Final = 500
"""Reports taken within 24 hours, and kept at one time that nobody has closed: a form without a sign-in is
found by programs, and nothing about the visitors is kept by which they could be told apart."""

KEPT_AFTER_CLOSING: Final = timedelta(days=90)


class EmptyReport(Refusal):
    """The report does not say what is wrong."""


class TooManyReports(Refusal):
    """No more reports are taken for now."""


def take_report(
    session: Session, *, page: str, words: str, reply_to: str | None, now: datetime
) -> ErrorReport:
    """Keep a report and return it. page is a path of this site, or empty where none was named.

    reply_to is a checked address, or None. Raises EmptyReport, UnwelcomeText for words too long or
    unprintable, TooManyReports.
    """
    said = plain_text.text(words, name="report", limit=LONGEST)
    if said is None:
        raise EmptyReport("Say what is wrong, in a few words.")
    alone(session)
    forget_reports(session, now=now)
    today = select(func.count()).where(ErrorReport.reported_at > now - timedelta(days=1))
    still_open = select(func.count()).where(ErrorReport.closed_at.is_(None))
    if (session.scalar(today) or 0) >= MOST_A_DAY or (session.scalar(still_open) or 0) >= MOST_OPEN:
        raise TooManyReports("More reports came in than we can read just now. Please try again tomorrow.")
    report = ErrorReport(page=page, words=said, reply_to=reply_to, reported_at=now)
    session.add(report)
    session.flush()
    return report


def close_report(session: Session, number: int, *, editor: str, now: datetime) -> ErrorReport:
    """Note that a report has been seen to. Raises UnknownName, or NothingToChange for one closed already."""
    report = session.get(ErrorReport, number, with_for_update=True)
    if report is None:
        raise UnknownName(f"There is no report {number}. See: iscm reports list")
    if report.closed_at is not None:
        raise NothingToChange(f"Report {number} was closed already, by {report.closed_by}.")
    report.closed_at, report.closed_by = now, editor
    return report


def list_reports(session: Session, *, only_open: bool = False) -> list[ErrorReport]:
    """Return the reports, the oldest first."""
    found = select(ErrorReport).order_by(ErrorReport.id)
    return list(session.scalars(found.where(ErrorReport.closed_at.is_(None)) if only_open else found))


def forget_reports(session: Session, *, now: datetime) -> int:
    """Delete what was closed 90 days ago, with the addresses in it; return how many reports that was."""
    past = session.execute(
        delete(ErrorReport)
        .where(ErrorReport.closed_at < now - KEPT_AFTER_CLOSING)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(past, "rowcount", 0))
