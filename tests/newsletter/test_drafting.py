"""Making and renewing a draft: editors' texts stay, changes are told, approvals do not survive them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Issue, IssueRevision, IssueState, Mechanism, Meeting, Revision, Theme, When
from models.database import Database
from newsletter.approval import approve_issue
from newsletter.contents import newest_revision, standing_approval, tree_of
from newsletter.course import find_issue
from newsletter.drafting import (
    IssueUnderWay,
    NoSuchYear,
    compile_draft_of_year,
    compile_issue,
)
from newsletter.editing import print_issue, take_back
from newsletter.highlights import Told
from newsletter.options import Layout
from newsletter.standing import SAID
from newsletter.tree_json import canonical
from tests.newsletter.issue_facts import NOW, OPTIONS, STATIONERY, add_readers, node_of

ADD_2017 = "abu-dhabi-dialogue-20170123-ministerial"


def _compile(session: Session, year: int = 2017, *, days_later: int = 0) -> str:
    now = NOW + timedelta(days=days_later)
    return compile_issue(session, year=year, now=now, options=OPTIONS, editor="ana").code


def _meeting(session: Session) -> Meeting:
    return session.scalars(select(Meeting).where(Meeting.slug == ADD_2017)).one()


def _told(session: Session) -> Told:
    issue = find_issue(session, "2017")
    return node_of(tree_of(newest_revision(session, issue)), f"meeting/{_meeting(session).uid}/told")


def _edit(session: Session, old: str, new: str) -> None:
    issue = find_issue(session, "2017")
    file = print_issue(session, issue)
    assert old in file
    take_back(session, issue, file.replace(old, new), editor="ben", now=NOW)


def test_compile_makes_a_draft_with_the_years_code(registry: Database) -> None:
    """One issue, one revision, in the state draft; who did it is on record."""
    with registry.writing() as session:
        draft = compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    assert (draft.code, draft.revision, draft.is_new, draft.differences) == ("2017", 1, True, [])
    with registry.reading() as session:
        issue = session.scalars(select(Issue)).one()
        assert (issue.code, issue.year, issue.state) == ("2017", 2017, IssueState.DRAFT)
        history = session.scalars(
            select(Revision).where(Revision.kind == "issue").order_by(Revision.id)
        ).all()
        assert [(row.code, row.act.value, row.editor) for row in history] == [
            ("2017", "added", "ana"),
            ("2017", "changed", "ana"),
        ]


def test_compile_again_without_a_change_makes_no_revision(sqlite_registry: Database) -> None:
    """Neither the day nor the hour is content."""
    with sqlite_registry.writing() as session:
        codes = [_compile(session), _compile(session, days_later=3)]
        numbers = session.scalars(select(IssueRevision.number)).all()
    assert (codes, numbers) == (["2017", "2017"], [1])


def test_compile_again_tells_what_changed(sqlite_registry: Database) -> None:
    """What was added, removed and changed, each with what it said before and says now."""
    with sqlite_registry.writing() as session:
        _compile(session)
        before = _told(session)
        _meeting(session).city = "Kandy"
        session.flush()
        draft = compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    assert {
        change["key"]: (change["what"], change["before"], change["after"]) for change in draft.differences
    }[before.key] == ("changed", before.text, before.text.replace("Colombo, Sri", "Kandy, Sri"))
    assert {change["what"] for change in draft.differences} == {"changed"}


def test_compile_again_keeps_editors_texts_and_marks_them_stale(registry: Database) -> None:
    """The text stays on its meeting; once the record says something else under it, it is marked."""
    with registry.writing() as session:
        _compile(session)
        _edit(session, "adopted the Colombo Declaration.", "adopted the **Colombo Declaration**.")
        _edit(session, "@ foreword/text\n", "@ foreword/text\nDear readers,\n\nwelcome.\n")
        _compile(session, days_later=1)
        kept = _told(session)
        assert (kept.edited, kept.is_stale) == (
            kept.text.replace("Colombo Declaration", "**Colombo Declaration**"),
            False,
        )

        _meeting(session).city = "Kandy"
        session.flush()
        draft = compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        stale = _told(session)
        foreword = node_of(tree_of(newest_revision(session, find_issue(session, "2017"))), "foreword/text")
    assert (stale.said, stale.is_stale) == (kept.said, True)
    assert (foreword.said, foreword.is_stale) == ("Dear readers,\n\nwelcome.", False)
    assert [change["what"] for change in draft.differences if change["key"] == stale.key] == ["stale"]


def test_text_of_a_meeting_that_goes_and_comes_back_is_kept(sqlite_registry: Database) -> None:
    """While the meeting is out of the year its text waits for it."""
    with sqlite_registry.writing() as session:
        _compile(session)
        _edit(session, "adopted the Colombo Declaration.", "adopted a declaration.")
        meeting = _meeting(session)
        when = meeting.when
        meeting.when = When.parse("2018-01-23", "2018-01-24")
        session.flush()
        _compile(session)
        meeting.when = when
        session.flush()
        _compile(session)
        assert _told(session).said.endswith("adopted a declaration.")


def test_compile_again_keeps_editors_choices(sqlite_registry: Database) -> None:
    """The order of sections, and those switched off, are not undone by a compilation."""
    with sqlite_registry.writing() as session:
        _compile(session)
        _edit(session, "== documents ==", "== documents == off")
        _meeting(session).city = "Kandy"
        session.flush()
        _compile(session)
        tree = tree_of(newest_revision(session, find_issue(session, "2017")))
    assert [section.key for section in tree.sections if not section.is_on] == ["documents"]


def test_change_of_an_approved_issue_makes_it_a_draft_again(sqlite_registry: Database) -> None:
    """The approval is withdrawn; compiling without a change leaves it."""
    with sqlite_registry.writing() as session:
        add_readers(session, 3)
        _compile(session)
        issue = find_issue(session, "2017")
        approval = approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW).approval
        _compile(session)
        assert (issue.state, standing_approval(session, issue)) == (IssueState.APPROVED, approval)

        _meeting(session).city = "Kandy"
        session.flush()
        _compile(session)
        assert (issue.state, standing_approval(session, issue)) == (IssueState.DRAFT, None)
        assert approval.withdrawn_at == NOW


@pytest.mark.parametrize("ended", [IssueState.SENT, IssueState.CANCELLED])
def test_next_issue_of_a_year_has_a_number(sqlite_registry: Database, ended: IssueState) -> None:
    """What was sent or cancelled stays as it is."""
    with sqlite_registry.writing() as session:
        codes = []
        for _ in range(3):
            codes.append(_compile(session))
            find_issue(session, codes[-1]).state = ended
            session.flush()
    assert codes == ["2017", "2017-2", "2017-3"]


@pytest.mark.parametrize("state", [IssueState.SENDING, IssueState.PAUSED, IssueState.EXPIRED])
def test_issue_under_way_is_not_compiled_over(sqlite_registry: Database, state: IssueState) -> None:
    """It is ended first."""
    with sqlite_registry.writing() as session:
        _compile(session)
        issue = find_issue(session, "2017")
        issue.state, issue.started_at = state, NOW
        session.flush()
        with pytest.raises(IssueUnderWay, match=rf"^Issue 2017 {SAID[state]}\. .*ancel it first: "):
            _compile(session)


@pytest.mark.parametrize("year", [1984, 2027, 0, -5])
def test_year_without_an_issue_is_refused(sqlite_database: Database, year: int) -> None:
    """Before the first mechanism, and before the year has begun."""
    with sqlite_database.writing() as session, pytest.raises(NoSuchYear, match=f"not of {year}"):
        _compile(session, year)


def test_clock_makes_the_years_draft_once_and_touches_nothing_further_on(sqlite_registry: Database) -> None:
    """A draft is made and renewed; what an editor has approved is left alone; nothing is sent."""
    with sqlite_registry.writing() as session:
        add_readers(session, 3)
        first, second = (
            compile_draft_of_year(session, year=2026, now=NOW, options=OPTIONS) for _ in range(2)
        )
        issue = find_issue(session, "2026")
        assert (first, second, issue.state) == ("2026", "2026", IssueState.DRAFT)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        assert compile_draft_of_year(session, year=2026, now=NOW, options=OPTIONS) is None
        assert issue.state is IssueState.APPROVED


def test_chosen_layout_is_kept(sqlite_registry: Database) -> None:
    """An issue compiled by type stays so."""
    with sqlite_registry.writing() as session:
        compile_issue(
            session, year=2017, now=NOW, options=replace(OPTIONS, layout=Layout.BY_TYPE), editor="ana"
        )
        _meeting(session).city = "Kandy"
        session.flush()
        _compile(session)
        assert newest_revision(session, find_issue(session, "2017")).options["layout"] == "by_type"


def test_revision_is_equal_on_both_databases_and_in_every_process(registry: Database) -> None:
    """The canonical form of 2017 is a fixed text, whatever database it was read from."""
    with registry.writing() as session:
        _compile(session)
        revision = newest_revision(session, find_issue(session, "2017"))
        again = canonical(revision.tree)
        session.expire_all()
        assert canonical(newest_revision(session, find_issue(session, "2017")).tree) == again
        assert (session.query(Mechanism).count(), session.query(Theme).count()) == (35, 18)
        assert _meeting(session).when.first == date(2017, 1, 23)
