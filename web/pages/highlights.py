"""The archive of Highlights: the issues that were sent, and each as the page it is."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.issue import Approval, Edition, Issue
from templates.dates import written_date
from templates.languages import ENGLISH, own_name
from web.addresses import whole_address
from web.answer import page
from web.language import language_of
from web.representation import represent
from web.surroundings import surroundings_of

# An edition was checked and approved as it is, and keeps the styles it was mailed with inside. It may show
# nothing from elsewhere, run nothing and send nothing.
_EDITION_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline' 'self'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue in the archive: its year and code, when it was sent, and its editions by language."""

    year: int
    code: str
    sent_on: str
    editions: tuple[tuple[str, str], ...]


def highlights(request: Request) -> Response:
    """Answer `/highlights`."""
    with surroundings_of(request).database.reading() as session:
        issues = read_issues(session, language=language_of(request))
    return page(request, "highlights.html", issues=issues)


def issue(request: Request) -> Response:
    """Answer `/highlights/{issue}` with the edition in its language, or in that of `?language=`."""
    code, language = request.path_params["issue"], request.query_params.get("language", language_of(request))
    around = surroundings_of(request)
    with around.database.reading() as session:
        edition = read_edition(session, code, language=language)
    if edition is None:
        raise HTTPException(404)
    # The page is as it was approved, so what it cannot say of itself stands in a header (RFC 6596).
    canonical = whole_address(around.site, f"/highlights/{code}", language=edition.language)
    headers = {
        "Content-Security-Policy": _EDITION_POLICY,
        "Link": f'<{canonical}>; rel="canonical"',
        "Content-Language": edition.language,
        "Cache-Control": "public, max-age=300",
        "Content-Type": "text/html; charset=utf-8",
    }
    return represent(request, edition.web.encode(), headers=headers)


def read_issues(session: Session, *, language: str = ENGLISH) -> tuple[IssueLine, ...]:
    """Return the issues whose sending has begun, newest first; an issue in the making is not shown."""
    rows = session.execute(
        select(Issue.year, Issue.code, Issue.started_at, Edition.language)
        .join(Approval, Approval.issue_id == Issue.id)
        .join(Edition, Edition.approval_id == Approval.id)
        .where(Issue.started_at.is_not(None), Approval.withdrawn_at.is_(None))
        .order_by(Issue.year.desc(), Issue.code.desc(), Edition.language)
    ).all()
    lines: dict[str, IssueLine] = {}
    for year, code, started_at, edition in rows:
        kept = lines.get(code)
        editions = (*(kept.editions if kept else ()), (edition, own_name(edition)))
        sent_on = written_date(started_at.date(), language=language) if started_at else ""
        lines[code] = IssueLine(year, code, sent_on, tuple(dict.fromkeys(editions)))
    return tuple(lines.values())


def read_edition(session: Session, code: str, *, language: str) -> Edition | None:
    """Return the edition of an issue whose sending has begun; English where that language was not made."""
    editions = session.scalars(
        select(Edition)
        .join(Approval, Approval.id == Edition.approval_id)
        .join(Issue, Issue.id == Approval.issue_id)
        .where(Issue.code == code, Issue.started_at.is_not(None), Approval.withdrawn_at.is_(None))
        .where(Edition.language.in_([language, ENGLISH]))
        .order_by(Approval.id.desc())
    ).all()
    return next((one for one in editions if one.language == language), editions[0] if editions else None)
