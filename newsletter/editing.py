"""Take an editor's file back: all of it in one transaction, or nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import Issue, IssueRevision, NodeText, Refusal
from newsletter.contents import editors_texts, newest_revision, require_changeable, tree_of
from newsletter.drafting import keep_revision
from newsletter.edit_file import AS_COMPILED, EditedFile, read_file, written_file
from newsletter.highlights import Highlights, Told
from newsletter.options import Options


class OutdatedFile(Refusal):
    """The file is of another issue, or the issue changed after the file was printed."""


def print_issue(session: Session, issue: Issue) -> str:
    """Return the issue as a file that `take_back` reads."""
    revision = newest_revision(session, issue)
    return written_file(tree_of(revision), revision=revision.number)


def take_back(session: Session, issue: Issue, content: str, *, editor: str, now: datetime) -> IssueRevision:
    """Take an edited file: texts, the order of sections, and which are switched off.

    Returns the newest revision, which is the one before when the file changes nothing. What changes in an
    approved issue makes it a draft again. Raises ClosedIssue, UnreadableFile or OutdatedFile, and then
    changes nothing.
    """
    require_changeable(issue)
    before = newest_revision(session, issue)
    tree = tree_of(before)
    file = read_file(content, tree)
    if file.issue != issue.code:
        raise OutdatedFile(f"The file is of issue {file.issue}, not of {issue.code}. Nothing was changed.")
    if file.revision != before.number:
        raise OutdatedFile(
            f"The file was printed from revision {file.revision}, and the issue is at {before.number} now. "
            f"Print it again with: iscm newsletter edit {issue.code}. Nothing was changed."
        )
    _keep_texts(session, issue, tree, file.texts, editor=editor, now=now)
    edited = _arranged(tree, file).with_texts(editors_texts(session, issue))
    options = replace(Options.from_json(before.options), order=file.order, off=file.off)
    # An editor's words do not make what the record says any newer.
    return keep_revision(
        session,
        issue,
        edited,
        before=before,
        options=options,
        compiled_at=before.compiled_at,
        now=now,
        editor=editor,
    )


def _keep_texts(
    session: Session, issue: Issue, tree: Highlights, texts: Mapping[str, str], *, editor: str, now: datetime
) -> None:
    """Write the rows of what differs from the record; a text that was not touched keeps its row as it is."""
    for node in tree.told():
        text = texts.get(node.key)
        if text is None or _same(text, node.said):
            continue
        session.execute(delete(NodeText).where(NodeText.issue_id == issue.id, NodeText.key == node.key))
        if text != AS_COMPILED and not _same(text, node.text):
            session.add(_row(issue, node, text, editor=editor, now=now))
    session.flush()


def _row(issue: Issue, node: Told, text: str, *, editor: str, now: datetime) -> NodeText:
    return NodeText(
        issue_id=issue.id, key=node.key, text=text, source_hash=node.source_hash, editor=editor, at=now
    )


def _same(one: str, other: str) -> bool:
    """Say whether two texts are the same but for blanks at the ends of lines."""
    return [line.rstrip() for line in one.strip().splitlines()] == [
        line.rstrip() for line in other.strip().splitlines()
    ]


def _arranged(tree: Highlights, file: EditedFile) -> Highlights:
    sections = {section.key: section for section in tree.sections}
    return replace(
        tree, sections=tuple(replace(sections[key], is_on=key not in file.off) for key in file.order)
    )
