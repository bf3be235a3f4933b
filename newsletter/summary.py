"""How an issue's sending went, for the editor who sent it: the numbers, the doubts, what servers refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Delivery, DeliveryEvent, DeliveryState, ExclusionReason, Issue
from newsletter.contents import standing_approval
from newsletter.deliveries import Counts, count
from newsletter.message import Letterhead, encode_mail, mailbox_header, text_header
from templates.environment import render
from templates.languages import ENGLISH, catalogue

MOST_LISTED: Final = 50
"""How many addresses a list of the mail names; the ledger has them all."""

_CAME_BACK: Final = ("bounced", "complained")


@dataclass(frozen=True, slots=True)
class Listed:
    """An address, and what the mail server or the program said of its letter."""

    address: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is told of a sending that has ended. came_back counts letters bounced or complained of so far."""

    code: str
    counts: Counts
    started_at: datetime
    ended_at: datetime
    approved_by: str | None
    in_doubt: Sequence[Listed]
    rejected: Sequence[Listed]
    came_back: int


def summary_of(session: Session, issue: Issue, *, now: datetime) -> Summary:
    """Read how an issue's sending went. Its end is when the last letter ended."""
    approval = standing_approval(session, issue)
    newest = select(func.max(Delivery.at)).where(Delivery.issue_id == issue.id)
    came_back = (
        select(func.count(DeliveryEvent.delivery_id.distinct()))
        .join(Delivery, Delivery.id == DeliveryEvent.delivery_id)
        .where(Delivery.issue_id == issue.id, DeliveryEvent.event.in_(_CAME_BACK))
    )
    return Summary(
        code=issue.code,
        counts=count(session, issue),
        started_at=issue.started_at or now,
        ended_at=issue.finished_at or session.scalar(newest) or now,
        approved_by=approval.editor if approval else None,
        in_doubt=_listed(session, issue, DeliveryState.IN_DOUBT),
        rejected=_listed(session, issue, DeliveryState.REJECTED),
        came_back=session.scalar(came_back) or 0,
    )


def summary_mail(
    letterhead: Letterhead,
    summary: Summary,
    *,
    to: str,
    message_id: str,
    now: datetime,
    language: str = ENGLISH,
) -> bytes:
    """Return the mail that tells an editor how the sending went, as it goes over the wire."""
    values = _values(summary, site=letterhead.base_url, language=language)

    def part(name: str) -> str:
        return render(f"email/summary/{name}", language=language, **values)

    headers = [
        ("Date", format_datetime(now)),
        ("From", mailbox_header("From", letterhead.sender)),
        ("To", to),
        ("Subject", text_header("Subject", part("subject.txt"))),
        ("Message-ID", f"<{message_id}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", language),
    ]
    return encode_mail(headers, text=part("body.txt").strip() + "\n", html=part("body.html"))


def settlement_mail(
    letterhead: Letterhead,
    counts: Counts,
    *,
    code: str,
    to: str,
    message_id: str,
    answers: str | None,
    now: datetime,
    language: str = ENGLISH,
) -> bytes:
    """Return the mail that tells that what was in doubt is settled; `answers` is the summary's Message-ID."""
    values = {"code": code, "counts": counts, "site": letterhead.base_url}

    def part(name: str) -> str:
        return render(f"email/settlement/{name}", language=language, **values)

    answer = f"<{answers}>"
    headers = [
        ("Date", format_datetime(now)),
        ("From", mailbox_header("From", letterhead.sender)),
        ("To", to),
        ("Subject", text_header("Subject", part("subject.txt"))),
        ("Message-ID", f"<{message_id}>"),
        *([("In-Reply-To", answer), ("References", answer)] if answers else []),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", language),
    ]
    return encode_mail(headers, text=part("body.txt").strip(), html=None)


def _values(summary: Summary, *, site: str, language: str) -> dict[str, Any]:
    counts = summary.counts
    took = summary.ended_at - summary.started_at
    return {
        "code": summary.code,
        "state": counts.state.value,
        "counts": counts,
        "excluded": _reasons(counts.excluded_by, language=language),
        "took": str(timedelta(seconds=round(took.total_seconds()))),
        "started": f"{summary.started_at:%Y-%m-%d %H:%M} UTC",
        "ended": f"{summary.ended_at:%Y-%m-%d %H:%M} UTC",
        "approved_by": summary.approved_by,
        "in_doubt": summary.in_doubt,
        "in_doubt_more": counts.in_doubt - len(summary.in_doubt),
        "rejected": summary.rejected,
        "rejected_more": counts.rejected - len(summary.rejected),
        "came_back": summary.came_back,
        "site": site,
    }


def _reasons(excluded_by: Mapping[str, int], *, language: str) -> list[tuple[str, int]]:
    sentence = catalogue(language).gettext
    words = {
        ExclusionReason.UNCONFIRMED: sentence("not confirmed"),
        ExclusionReason.LEFT: sentence("left the list"),
        ExclusionReason.SUPPRESSED: sentence("nothing may be sent to them"),
        ExclusionReason.BOUNCED: sentence("letters came back before"),
        ExclusionReason.DUPLICATE: sentence("the same address twice"),
    }
    named = {reason.value: said for reason, said in words.items()}
    return [(named.get(reason, reason), number) for reason, number in excluded_by.items()]


def _listed(session: Session, issue: Issue, state: DeliveryState) -> list[Listed]:
    query = (
        select(Delivery.address, Delivery.code, Delivery.reply)
        .where(Delivery.issue_id == issue.id, Delivery.state == state)
        .order_by(Delivery.address)
        .limit(MOST_LISTED)
    )
    return [
        Listed(address, " ".join(f"{code or ''} {reply or ''}".split()))
        for address, code, reply in session.execute(query)
    ]
