"""Taking an editor's file back: all of it, or nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import IssueState, NodeText
from models.database import Database
from newsletter.approval import approve_issue
from newsletter.contents import ClosedIssue, newest_revision, tree_of
from newsletter.course import find_issue
from newsletter.drafting import compile_issue
from newsletter.edit_file import AS_COMPILED, UnreadableFile
from newsletter.editing import OutdatedFile, print_issue, take_back
from newsletter.highlights import Highlights
from newsletter.standing import SAID
from tests.newsletter.issue_facts import NOW, OPTIONS, STATIONERY, add_readers, node_of

DECLARATION = "adopted the Colombo Declaration."


def _compiled(session: Session) -> str:
    compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    return print_issue(session, find_issue(session, "2017"))


def _take(session: Session, file: str) -> int:
    return take_back(session, find_issue(session, "2017"), file, editor="ben", now=NOW).number


def _tree(session: Session) -> Highlights:
    return tree_of(newest_revision(session, find_issue(session, "2017")))


def _edited(session: Session) -> dict[str, str]:
    return {row.key: row.text for row in session.scalars(select(NodeText))}


def test_file_taken_back_unchanged_changes_nothing(registry: Database) -> None:
    """No revision, no text, and an approval stays."""
    with registry.writing() as session:
        add_readers(session, 2)
        file = _compiled(session)
        issue = find_issue(session, "2017")
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        assert (_take(session, file), _edited(session), issue.state) == (1, {}, IssueState.APPROVED)


def test_changed_text_makes_a_revision_and_ends_the_approval(registry: Database) -> None:
    """Promise 7: nothing is sent that was not approved."""
    with registry.writing() as session:
        add_readers(session, 2)
        file = _compiled(session)
        issue = find_issue(session, "2017")
        before = newest_revision(session, issue).hash
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        number = _take(session, file.replace(DECLARATION, "adopted a *declaration*."))
        (key,) = _edited(session)
        assert (number, issue.state) == (2, IssueState.DRAFT)
        assert node_of(_tree(session), key).said.endswith("adopted a *declaration*.")
        assert newest_revision(session, issue).hash != before


def test_emptied_text_leaves_out_and_the_word_brings_back(sqlite_registry: Database) -> None:
    """An item can go and return; afterwards the issue is what it was."""
    with sqlite_registry.writing() as session:
        file = _compiled(session)
        before = newest_revision(session, find_issue(session, "2017")).hash
        sentence = next(line for line in file.splitlines() if line.endswith(DECLARATION))
        _take(session, file.replace(f"{sentence}\n", ""))
        (key,) = _edited(session)
        assert key not in [node.key for node in _tree(session).shown_meetings()]

        again = print_issue(session, find_issue(session, "2017"))
        _take(session, again.replace(f"@ {key}\n", f"@ {key}\n{AS_COMPILED}\n"))
        assert (_edited(session), newest_revision(session, find_issue(session, "2017")).hash) == ({}, before)


def test_subject_and_preheader_are_texts_too(sqlite_registry: Database) -> None:
    """They stand at the head of the file."""
    with sqlite_registry.writing() as session:
        file = _compiled(session)
        _take(session, file.replace("subject: ISCM Highlights 2017", "subject: The year 2017 in dialogue"))
        assert _tree(session).subject.said == "The year 2017 in dialogue"


def test_refused_file_changes_nothing(sqlite_registry: Database) -> None:
    """Good texts before the bad line are not half-done."""
    with sqlite_registry.writing() as session:
        file = _compiled(session).replace(DECLARATION, "adopted a declaration.")
        with pytest.raises(UnreadableFile):
            _take(session, file + "\n== nonsense ==\n")
        assert (_edited(session), newest_revision(session, find_issue(session, "2017")).number) == ({}, 1)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("revision: 1\n", "revision: 7\n", "revision 7, and the issue is at 1"),
        ("issue: 2017\n", "issue: 2016\n", "of issue 2016, not of 2017"),
    ],
)
def test_file_of_another_state_or_issue_is_refused(
    sqlite_registry: Database, old: str, new: str, why: str
) -> None:
    """Two editors at once: the second one prints again instead of undoing the first."""
    with sqlite_registry.writing() as session:
        file = _compiled(session)
        with pytest.raises(OutdatedFile, match=why):
            _take(session, file.replace(old, new))


@pytest.mark.parametrize(
    "state", [IssueState.SENDING, IssueState.SENT, IssueState.PAUSED, IssueState.CANCELLED]
)
def test_issue_on_its_way_cannot_be_edited(sqlite_registry: Database, state: IssueState) -> None:
    """What readers have is not rewritten."""
    with sqlite_registry.writing() as session:
        file = _compiled(session)
        issue = find_issue(session, "2017")
        issue.state, issue.started_at = state, NOW
        session.flush()
        with pytest.raises(
            ClosedIssue, match=f"^Issue 2017 {SAID[state]}, so what it says can no longer be changed"
        ):
            _take(session, file.replace(DECLARATION, "x."))


def test_edit_leaves_the_day_as_of_which_the_record_speaks(sqlite_registry: Database) -> None:
    """Words written weeks later are no reason to say that the record has changed."""
    with sqlite_registry.writing() as session:
        file = _compiled(session).replace(DECLARATION, "x.")
        later = NOW + timedelta(days=300)
        revision = take_back(session, find_issue(session, "2017"), file, editor="ben", now=later)
        assert (revision.number, revision.compiled_at) == (2, NOW)
