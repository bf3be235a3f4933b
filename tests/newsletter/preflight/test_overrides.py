"""Warnings that may stand: with a reason that is kept until something else is found."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Database, Issue, Meeting, Override, Revision
from newsletter.course import find_issue
from newsletter.drafting import compile_issue
from newsletter.preflight.check import check_issue
from newsletter.preflight.finding import Finding
from newsletter.preflight.overrides import NothingToOverride, override, withdraw
from tests.newsletter.issue_facts import NOW, OPTIONS, STATIONERY, add_readers

WHY = "Confirmed by the chair by telephone."


def _issue(session: Session) -> Issue:
    add_readers(session, 3)
    compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    return find_issue(session, "2017")


def _doubts(session: Session, issue: Issue) -> list[Finding]:
    return [one for one in check_issue(session, issue, STATIONERY) if one.rule == "confidence"]


def _override(session: Session, issue: Issue, rule: str = "confidence", reason: str = WHY) -> int:
    findings = check_issue(session, issue, STATIONERY)
    return override(session, issue, findings, rule=rule, reason=reason, editor="cleo", now=NOW)


def test_reason_is_kept_through_compiling_until_the_evidence_changes(registry: Database) -> None:
    """It stands with who gave it; what is found anew counts again, alone; history has all of it."""
    with registry.writing() as session:
        issue = _issue(session)
        assert _override(session, issue) == 4
        later = NOW + timedelta(days=1)
        compile_issue(session, year=2017, now=later, options=OPTIONS, editor="ana")
        kept = [one.overridden for one in _doubts(session, issue)]
        assert [(one.reason, one.editor, one.at) for one in kept if one] == [(WHY, "cleo", NOW)] * 4
        uid = _doubts(session, issue)[0].node.split("/")[1]
        session.scalars(select(Meeting).where(Meeting.uid == uid)).one().notes = "Year still not known."
        session.flush()
        found = _doubts(session, issue)
        assert [(one.evidence, one.overridden is None) for one in found if one.node.split("/")[1] == uid] == [
            ("Year still not known.", True)
        ]
        assert sum(one.overridden is not None for one in found) == 3
        changes = [row.changes for row in session.scalars(select(Revision).where(Revision.kind == "issue"))]
        assert {"override": [None, f"confidence: {WHY}"]} in changes


def test_reason_is_replaced_and_withdrawn(sqlite_registry: Database) -> None:
    """The last one counts; withdrawn, the warnings are as before; every reason there was stays on record."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        _override(session, issue)
        _override(session, issue, reason="The note of the secretariat.")
        assert {one.overridden.reason for one in _doubts(session, issue) if one.overridden} == {
            "The note of the secretariat."
        }
        assert withdraw(session, issue, rule="confidence", editor="cleo", now=NOW) == 4
        assert [one.overridden for one in _doubts(session, issue)] == [None] * 4
        assert len(session.scalars(select(Override)).all()) == 8
        with pytest.raises(NothingToOverride, match="No warning of the rule confidence was overridden"):
            withdraw(session, issue, rule="confidence", editor="cleo", now=NOW)


def test_only_a_warning_that_is_there_can_stand(sqlite_registry: Database) -> None:
    """What blocks cannot, nor what warns of nothing; and never without a reason."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        nobody = replace(STATIONERY, imprint=replace(STATIONERY.imprint, postal_address=""))
        findings = check_issue(session, issue, nobody)
        for rule, reason, why in (
            ("postal_address", WHY, "What postal_address found blocks issue 2017; only a warning can stand."),
            ("capitals", WHY, "The rule capitals warns of nothing in issue 2017."),
            ("confidence", "  ", "Say why the warning may stand, with --reason."),
        ):
            with pytest.raises(NothingToOverride) as refused:
                override(session, issue, findings, rule=rule, reason=reason, editor="cleo", now=NOW)
            assert str(refused.value) == why
        assert session.scalars(select(Override)).all() == []


def test_reason_for_one_edition_leaves_the_others(sqlite_registry: Database) -> None:
    """Each edition's warning is its own."""
    findings = [
        Finding("capitals", blocks=False, sentence="Shouted.", edition=language) for language in ("en", "fr")
    ]
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        number = override(
            session, issue, findings, rule="capitals", reason=WHY, edition="fr", editor="cleo", now=NOW
        )
        assert number == 1
        assert session.scalars(select(Override)).one().evidence == findings[1].fingerprint
