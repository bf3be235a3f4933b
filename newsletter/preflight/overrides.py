"""Warnings that an editor lets stand: the reason is kept, shown, and holds until something else is found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Act, Issue, Override, Refusal, record_revision
from newsletter.preflight.finding import Finding, Overridden


class NothingToOverride(Refusal):
    """No warning of that rule is there, or it is no warning."""


def with_overrides(session: Session, issue: Issue, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, each warning that an editor lets stand with the reason."""
    kept = {(row.rule, row.evidence): row for row in _standing(session, issue)}
    return [_overridden(finding, kept.get((finding.rule, finding.fingerprint))) for finding in findings]


def override(
    session: Session,
    issue: Issue,
    findings: Sequence[Finding],
    *,
    rule: str,
    reason: str,
    editor: str,
    now: datetime,
    edition: str | None = None,
) -> int:
    """Let the warnings of a rule stand, in all editions or in one; return how many there are.

    A reason that stood is replaced. Raises NothingToOverride.
    """
    found = _warnings(issue, findings, rule, edition)
    if not reason.strip():
        raise NothingToOverride("Say why the warning may stand, with --reason.")
    prints = {finding.fingerprint: finding for finding in found}
    for row in _standing(session, issue):
        if row.rule == rule and row.evidence in prints:
            row.withdrawn_at = now
    for evidence, finding in prints.items():
        session.add(
            Override(
                issue_id=issue.id,
                rule=rule,
                evidence=evidence,
                sentence=str(finding),
                reason=reason.strip(),
                editor=editor,
                at=now,
            )
        )
    _record(session, issue, [None, f"{rule}: {reason.strip()}"], editor=editor, now=now)
    return len(prints)


def withdraw(session: Session, issue: Issue, *, rule: str, editor: str, now: datetime) -> int:
    """Let the warnings of a rule count again; return how many do. Raises NothingToOverride."""
    rows = [row for row in _standing(session, issue) if row.rule == rule]
    if not rows:
        raise NothingToOverride(f"No warning of the rule {rule} was overridden in issue {issue.code}.")
    for row in rows:
        row.withdrawn_at = now
    _record(session, issue, [f"{rule}: {rows[0].reason}", None], editor=editor, now=now)
    return len(rows)


def _warnings(issue: Issue, findings: Sequence[Finding], rule: str, edition: str | None) -> list[Finding]:
    found = [one for one in findings if one.rule == rule and edition in {None, one.edition}]
    warnings = [one for one in found if not one.blocks]
    if found and not warnings:
        raise NothingToOverride(f"What {rule} found blocks issue {issue.code}; only a warning can stand.")
    if not warnings:
        where = f" in the edition {edition}" if edition else ""
        raise NothingToOverride(f"The rule {rule} warns of nothing in issue {issue.code}{where}.")
    return warnings


def _standing(session: Session, issue: Issue) -> list[Override]:
    rows = select(Override).where(Override.issue_id == issue.id, Override.withdrawn_at.is_(None))
    return list(session.scalars(rows.order_by(Override.id)))


def _overridden(finding: Finding, row: Override | None) -> Finding:
    if row is None or finding.blocks:
        return finding
    return replace(finding, overridden=Overridden(reason=row.reason, editor=row.editor, at=row.at))


def _record(session: Session, issue: Issue, change: list[str | None], *, editor: str, now: datetime) -> None:
    record_revision(
        session,
        kind="issue",
        code=issue.code,
        act=Act.CHANGED,
        changes={"override": change},
        editor=editor,
        now=now,
    )
