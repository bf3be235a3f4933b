"""Make and renew the draft of a year's issue. Nothing here approves or sends anything."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Issue, IssueRevision, IssueState, Refusal
from models.revision import Act, record_revision
from newsletter.compile import compile_highlights
from newsletter.contents import (
    back_to_draft,
    is_changeable,
    newest_revision,
    trees_of,
    with_editors_texts,
)
from newsletter.differences import differences
from newsletter.gathering import gather_facts
from newsletter.highlights import Highlights
from newsletter.options import Layout, Options
from newsletter.rendering import template_version
from newsletter.standing import SAID, standing_of, what_is_lost
from newsletter.tree_json import content_hash, editions_as_json

FIRST_YEAR = 1985
"""The oldest year an issue can be made of: the first mechanisms began in it."""


class NoSuchYear(Refusal):
    """No issue can be made of that year."""


class IssueUnderWay(Refusal):
    """The year's issue is on its way to its readers."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A compiled issue, and what is different from the compilation before.

    lost says that an approval or a schedule no longer holds, a sentence each.
    """

    code: str
    revision: int
    is_new: bool
    differences: list[dict[str, Any]]
    lost: list[str]


def compile_issue(
    session: Session,
    *,
    year: int,
    now: datetime,
    options: Options,
    editor: str,
    layout: Layout | None = None,
) -> Draft:
    """Compile the year's issue, or compile it again, keeping editors' texts and choices.

    layout, where one is given, replaces the one the issue has.
    An issue that was sent or cancelled stays as it is: the next one of its year has the code YEAR-2, YEAR-3.
    What changes in an approved or scheduled issue makes it a draft again. Raises NoSuchYear or
    IssueUnderWay.
    """
    if not FIRST_YEAR <= year <= now.year:
        raise NoSuchYear(
            f"An issue can be compiled of any year from {FIRST_YEAR} to {now.year}, not of {year}."
        )
    issue = _open_issue(session, year)
    before = newest_revision(session, issue) if issue else None
    if issue is None:
        issue = _new_issue(session, year=year, now=now, editor=editor)
    return _revise(session, issue, before=before, now=now, options=options, editor=editor, layout=layout)


def compile_draft_of_year(
    session: Session, *, year: int, now: datetime, options: Options, editor: str = "clock"
) -> str | None:
    """Compile the year's draft, as the clock does on 1 December; return its code.

    Only a draft is touched or made: once the year has an issue that is approved or further, nothing happens
    and the answer is None. Never sends.
    """
    states = session.scalars(select(Issue.state).where(_is_of(year))).all()
    if any(state is not IssueState.DRAFT for state in states):
        return None
    return compile_issue(session, year=year, now=now, options=options, editor=editor).code


def keep_revision(
    session: Session,
    issue: Issue,
    trees: Mapping[str, Highlights],
    *,
    before: IssueRevision | None,
    options: Options,
    compiled_at: datetime,
    now: datetime,
    editor: str,
) -> IssueRevision:
    """Keep the trees of all editions as the newest revision, unless they say and look the same as before.

    compiled_at is the moment as of which the record speaks in it. A new revision takes an approval away.
    """
    digest = content_hash(trees, template_version=template_version(), options=options.as_json())
    if before is not None and before.hash == digest:
        return before
    revision = IssueRevision(
        issue_id=issue.id,
        number=before.number + 1 if before else 1,
        tree=editions_as_json(trees),
        options=options.as_json(),
        hash=digest,
        compiled_at=compiled_at,
        differences=differences(trees_of(before), trees) if before else [],
    )
    session.add(revision)
    session.flush()
    back_to_draft(session, issue, editor=editor, now=now)
    numbers = {"revision": [before.number if before else None, revision.number]}
    record_revision(
        session, kind="issue", code=issue.code, act=Act.CHANGED, changes=numbers, editor=editor, now=now
    )
    return revision


def _open_issue(session: Session, year: int) -> Issue | None:
    """Return the year's newest issue where it can still change; None where a new one is due."""
    newest = select(Issue).where(_is_of(year)).order_by(Issue.id.desc()).limit(1).with_for_update()
    issue = session.scalar(newest)
    if issue is None or issue.state in {IssueState.SENT, IssueState.CANCELLED}:
        return None
    if not is_changeable(issue):
        advice = "Cancel it first" if issue.state is IssueState.EXPIRED else "Let it end, or cancel it first"
        raise IssueUnderWay(
            f"Issue {issue.code} {SAID[issue.state]}. {advice}: iscm newsletter cancel {issue.code}"
        )
    return issue


def _is_of(year: int) -> ColumnElement[bool]:
    """Choose the issues of a year; a correction of one is none of them."""
    return and_(Issue.year == year, Issue.corrects.is_(None))


def _new_issue(session: Session, *, year: int, now: datetime, editor: str) -> Issue:
    number = len(session.scalars(select(Issue.id).where(_is_of(year))).all()) + 1
    code = str(year) if number == 1 else f"{year}-{number}"
    issue = Issue(code=code, year=year, state=IssueState.DRAFT, created_at=now)
    session.add(issue)
    try:
        session.flush()
    except IntegrityError as error:
        raise IssueUnderWay(f"Issue {code} is being made by somebody else just now. Try again.") from error
    record_revision(session, kind="issue", code=code, act=Act.ADDED, changes={}, editor=editor, now=now)
    return issue


def _revise(
    session: Session,
    issue: Issue,
    *,
    before: IssueRevision | None,
    now: datetime,
    options: Options,
    editor: str,
    layout: Layout | None = None,
) -> Draft:
    if before is not None:
        chosen = Options.from_json(before.options)
        options = replace(options, order=chosen.order, off=chosen.off, layout=layout or chosen.layout)
    elif layout is not None:
        options = replace(options, layout=layout)
    standing = standing_of(issue)
    trees = {
        language: compile_highlights(
            gather_facts(session, year=issue.year, today=now.date(), language=language),
            code=issue.code,
            year=issue.year,
            now=now,
            options=options,
            language=language,
        )
        for language in options.languages
    }
    trees = with_editors_texts(session, issue, trees)
    kept = keep_revision(
        session, issue, trees, before=before, options=options, compiled_at=now, now=now, editor=editor
    )
    is_new = before is None or kept.number != before.number
    return Draft(
        issue.code,
        kept.number,
        is_new,
        differences=list(kept.differences) if is_new and before else [],
        lost=what_is_lost(standing, standing_of(issue)),
    )
