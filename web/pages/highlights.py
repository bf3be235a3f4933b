"""The archive of Highlights: the issues that were sent, and each as the page and the PDF it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.issue import Approval, Edition, Issue
from templates.dates import written_date
from templates.environment import render
from templates.languages import ENGLISH, own_name
from web.addresses import whole_address
from web.answer import page
from web.language import language_of
from web.language_switch import languages_of
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
    """One issue in the archive: its year and code, when it was sent, and its editions by language.

    papers are the languages that have a PDF; corrects is the code of the issue that this one corrects.
    """

    year: int
    code: str
    sent_on: str
    editions: tuple[tuple[str, str], ...]
    papers: tuple[str, ...] = ()
    corrects: str | None = None

    def paper_in(self, language: str) -> str | None:
        """Return the language of the PDF that a reader of this language gets: English where theirs is not."""
        return next((one for one in (language, ENGLISH) if one in self.papers), None)


@dataclass(frozen=True, slots=True)
class Correction:
    """The issue by which another one was corrected, and when that was sent."""

    code: str
    sent_on: str


def highlights(request: Request) -> Response:
    """Answer `/highlights`."""
    around = surroundings_of(request)
    with around.database.reading() as session:
        issues = read_issues(session, language=language_of(request), languages=around.site.languages)
    return page(request, "highlights.html", issues=issues, feed="/highlights.atom")


def issue(request: Request) -> Response:
    """Answer `/highlights/{issue}` with the edition in its language, or in that of `?language=`."""
    code, language = request.path_params["issue"], request.query_params.get("language", language_of(request))
    around = surroundings_of(request)
    with around.database.reading() as session:
        edition = read_edition(session, code, language=language)
        corrections = read_corrections(session, code, language=edition.language) if edition else ()
        corrects = session.scalar(select(Issue.corrects).where(Issue.code == code))
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
    shown = _corrected(edition.web, corrections, corrects=corrects, language=edition.language)
    return represent(request, shown.encode(), headers=headers)


def issue_as_pdf(request: Request) -> Response:
    """Answer `/highlights/{issue}.pdf` with the edition in its language, in English where that has none."""
    code, language = request.path_params["issue"], language_of(request)
    around = surroundings_of(request)
    with around.database.reading() as session:
        found = read_pdf(session, code, language=language)
    if found is None:
        raise HTTPException(404)
    language, pdf = found
    shown = whole_address(around.site, f"/highlights/{code}", language=language)
    headers = {
        "Link": f'<{shown}>; rel="canonical"',
        "Content-Language": language,
        "Content-Disposition": f'inline; filename="iscm-highlights-{code}-{language}.pdf"',
        "Cache-Control": "public, max-age=300",
        "Content-Type": "application/pdf",
    }
    return represent(request, pdf, headers=headers, compressible=False)


def read_issues(
    session: Session, *, language: str = ENGLISH, languages: Sequence[str] = ()
) -> tuple[IssueLine, ...]:
    """Return the issues whose sending has begun, newest first; an issue in the making is not shown.

    Editions stand in the order of `languages`, English before all that are not among them.
    """
    rows = session.execute(
        select(
            Issue.year,
            Issue.code,
            Issue.started_at,
            Issue.corrects,
            Edition.language,
            Edition.pdf.is_not(None).label("has_pdf"),
        )
        .join(Approval, Approval.issue_id == Issue.id)
        .join(Edition, Edition.approval_id == Approval.id)
        .where(Issue.started_at.is_not(None), Approval.withdrawn_at.is_(None))
        .order_by(Issue.year.desc(), Issue.code.desc())
    ).all()
    order = {one: place for place, one in enumerate(languages_of(languages))}
    issues = (
        sorted(editions, key=lambda row: (order.get(row.language, len(order)), row.language))
        for _, editions in groupby(rows, key=lambda row: row.code)
    )
    return tuple(_line(editions, language=language) for editions in issues)


def read_corrections(session: Session, code: str, *, language: str) -> tuple[Correction, ...]:
    """Return the issues by which an issue was corrected, as far as their sending has begun, in order."""
    rows = session.execute(
        select(Issue.code, Issue.started_at)
        .where(Issue.corrects == code, Issue.started_at.is_not(None))
        .order_by(Issue.id)
    )
    return tuple(
        Correction(correction, written_date(started_at.date(), language=language))
        for correction, started_at in rows
        if started_at
    )


def read_pdf(session: Session, code: str, *, language: str) -> tuple[str, bytes] | None:
    """Return language and bytes of the PDF of an issue whose sending has begun, in English at the worst."""
    rows = session.execute(
        _public_editions(code, language=language)
        .with_only_columns(Edition.language, Edition.pdf)
        .where(Edition.pdf.is_not(None))
    ).all()
    found = {edition: pdf for edition, pdf in reversed(rows) if pdf is not None}
    return next(((one, found[one]) for one in (language, ENGLISH) if one in found), None)


def read_edition(session: Session, code: str, *, language: str) -> Edition | None:
    """Return the edition of an issue whose sending has begun; English where that language was not made."""
    editions = session.scalars(_public_editions(code, language=language)).all()
    return next((one for one in editions if one.language == language), editions[0] if editions else None)


def _line(editions: Sequence[Row[*tuple[Any, ...]]], *, language: str) -> IssueLine:
    """Return the line of one issue; its editions stand in order, and once for each approval."""
    issue = editions[0]
    return IssueLine(
        issue.year,
        issue.code,
        written_date(issue.started_at.date(), language=language),
        tuple(dict.fromkeys((one.language, own_name(one.language)) for one in editions)),
        tuple(dict.fromkeys(one.language for one in editions if one.has_pdf)),
        issue.corrects,
    )


def _public_editions(code: str, *, language: str) -> Select[Edition]:
    """Choose the editions in a language and in English of an issue whose sending has begun, newest first."""
    return (
        select(Edition)
        .join(Approval, Approval.id == Edition.approval_id)
        .join(Issue, Issue.id == Approval.issue_id)
        .where(Issue.code == code, Issue.started_at.is_not(None), Approval.withdrawn_at.is_(None))
        .where(Edition.language.in_([language, ENGLISH]))
        .order_by(Approval.id.desc())
    )


def _corrected(web: str, corrections: Sequence[Correction], *, corrects: str | None, language: str) -> str:
    """Put a word on each correction over an issue, and over a correction what it corrects.

    The issue itself stays as it was sent.
    """
    if not corrections and not corrects:
        return web
    values = {"corrections": corrections, "corrects": corrects}
    said = render("highlights/corrected.html", language=language, **values)
    return web.replace("<article>", f"{said}<article>", 1)
