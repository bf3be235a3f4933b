"""Readers' reports of errors as mails to those who keep the record: gathered, one mail an hour at most."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from models import ErrorReport, OperatorMailKind
from scheduler.operator_mail import Telling, Words, send_to_operator, take_turn
from scheduler.work import Work
from templates.environment import render

GAP: Final = timedelta(hours=1)
MOST_A_DAY: Final = 24
MOST_IN_ONE: Final = 50

_LONGEST: Final = 2000


def mail_error_reports(work: Work, now: datetime) -> str | None:
    """Mail what readers have reported since the last mail. Raises SendingHeldUp: then the reports wait."""
    if not work.reports_to:
        return None
    with work.database.reading() as session:
        if session.scalars(_untold().limit(1)).first() is None:
            return None
    with work.database.writing() as session:
        turn = take_turn(
            session,
            kind=OperatorMailKind.ERROR_REPORTS,
            owner=work.owner,
            most=MOST_A_DAY,
            gap=GAP,
            now=now,
        )
        if turn is None:
            return None
        number = session.scalar(select(func.count()).where(ErrorReport.told_at.is_(None))) or 0
        reports = session.scalars(_untold().limit(MOST_IN_ONE)).all()
        words = report_words(reports, more=number - len(reports), site=work.base_url)
        newest = reports[-1].id

    def told(session: Session) -> None:
        session.execute(
            update(ErrorReport)
            .where(ErrorReport.told_at.is_(None), ErrorReport.id <= newest)
            .values(told_at=now),
            execution_options={"synchronize_session": False},
        )

    taken = send_to_operator(work, turn, words, to=work.reports_to, telling=Telling(taken=told))
    return f"{len(reports)} told" if taken else "the mail server refused the mail of readers' reports"


def report_words(reports: Sequence[ErrorReport], *, more: int, site: str) -> Words:
    """Return the mail with these reports; `more` is how many wait for the next one."""
    values: dict[str, Any] = {
        "reports": [
            {
                "page": f"{site}{report.page}",
                "at": f"{report.reported_at:%Y-%m-%d %H:%M} UTC",
                "lines": report.words[:_LONGEST].splitlines(),
                "reply_to": report.reply_to,
            }
            for report in reports
        ],
        "more": more,
        "site": site,
    }
    return Words(
        subject=render("email/error_reports/subject.txt", **values),
        text=render("email/error_reports/body.txt", **values).strip(),
    )


def _untold() -> Select[ErrorReport]:
    return select(ErrorReport).where(ErrorReport.told_at.is_(None)).order_by(ErrorReport.id)
