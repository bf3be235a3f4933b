"""Take an editor's file back: all of it in one transaction, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Issue, IssueRevision, NodeText, Refusal
from newsletter.contents import (
    newest_revision,
    require_changeable,
    row_key,
    trees_of,
    with_editors_texts,
)
from newsletter.drafting import keep_revision
from newsletter.edit_file import AS_COMPILED, read_file, written_file
from newsletter.highlights import Highlights
from newsletter.layout import laid_out
from newsletter.options import Options
from templates.languages import ENGLISH

_HEADS: Final = ("issue/subject", "issue/preheader")
"""Texts that stand in one line of the file, however they were written."""


class OutdatedFile(Refusal):
    """The file is of another issue, or the issue changed after the file was printed."""


class NotStale(Refusal):
    """There is no text of that key and language that is marked stale."""


class NoSuchEdition(Refusal):
    """The issue has no edition in that language."""


def print_issue(session: Session, issue: Issue, *, language: str = ENGLISH) -> str:
    """Return the issue as a file of one language that `take_back` reads. Raises NoSuchEdition."""
    revision = newest_revision(session, issue)
    trees = trees_of(revision)
    _require_edition(issue, trees, language)
    layout = Options.from_json(revision.options).layout
    return written_file(trees, revision=revision.number, layout=layout, language=language)


def take_back(session: Session, issue: Issue, content: str, *, editor: str, now: datetime) -> IssueRevision:
    """Take an edited file: texts, the order of sections, and which are switched off.

    Returns the newest revision, which is the one before when the file changes nothing. What changes in an
    approved issue makes it a draft again. Raises ClosedIssue, UnreadableFile or OutdatedFile, and then
    changes nothing.
    """
    require_changeable(issue)
    before = newest_revision(session, issue)
    trees = trees_of(before)
    file = read_file(content, trees)
    if file.issue != issue.code:
        raise OutdatedFile(f"The file is of issue {file.issue}, not of {issue.code}. Nothing was changed.")
    if file.revision != before.number:
        raise OutdatedFile(
            f"The file was printed from revision {file.revision}, and the issue is at {before.number} now. "
            f"Print it again with: iscm newsletter edit {issue.code}. Nothing was changed."
        )
    _keep_texts(session, issue, trees, file.texts, editor=editor, now=now)
    chosen = Options.from_json(before.options)
    options = replace(chosen, order=file.order, off=file.off, layout=file.layout or chosen.layout)
    arranged = {language: _arranged(tree, options) for language, tree in trees.items()}
    edited = with_editors_texts(session, issue, arranged)
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


def keep_as_good(
    session: Session, issue: Issue, keys: Sequence[str], *, language: str, editor: str, now: datetime
) -> IssueRevision:
    """Keep stale texts of one language as they are: an editor has seen what the record says now.

    They are stale again when the record changes again. What changes in an approved issue makes it a draft
    again. Raises ClosedIssue, NoSuchEdition and NotStale.
    """
    require_changeable(issue)
    before = newest_revision(session, issue)
    trees = trees_of(before)
    _require_edition(issue, trees, language)
    nodes = {node.key: node for node in trees[language].told() if node.is_stale}
    for key in keys:
        if key not in nodes:
            raise NotStale(
                f"Issue {issue.code} has no text “{key}” in “{language}” that is stale. Those that are have "
                f"the word STALE before them in: iscm newsletter edit {issue.code}. Nothing was changed."
            )
        query = select(NodeText).where(NodeText.issue_id == issue.id, NodeText.key == row_key(key, language))
        row = session.scalars(query).one()
        row.source_hash, row.editor, row.at = nodes[key].source_hash, editor, now
    session.flush()
    return keep_revision(
        session,
        issue,
        with_editors_texts(session, issue, trees),
        before=before,
        options=Options.from_json(before.options),
        compiled_at=before.compiled_at,
        now=now,
        editor=editor,
    )


def _require_edition(issue: Issue, trees: Mapping[str, Highlights], language: str) -> None:
    if language not in trees:
        raise NoSuchEdition(f"Issue {issue.code} has no edition in “{language}”; it has {', '.join(trees)}.")


def _keep_texts(
    session: Session,
    issue: Issue,
    trees: Mapping[str, Highlights],
    texts: Mapping[tuple[str, str], str],
    *,
    editor: str,
    now: datetime,
) -> None:
    """Write the rows of what differs from the record; a text that was not touched keeps its row as it is."""
    nodes = {(language, node.key): node for language, tree in trees.items() for node in tree.told()}
    for (language, key), text in texts.items():
        node = nodes.get((language, key))
        # Where English stands in for a text nobody wrote yet, an empty one says that nobody did.
        said = "" if node is None or node.edited_in else node.said
        if node is None or _same(text, said) or (key in _HEADS and text.split() == said.split()):
            continue
        row = row_key(key, language)
        session.execute(delete(NodeText).where(NodeText.issue_id == issue.id, NodeText.key == row))
        if text != AS_COMPILED and not _same(text, node.text):
            session.add(
                NodeText(
                    issue_id=issue.id,
                    key=row,
                    text=text,
                    source_hash=node.source_hash,
                    editor=editor,
                    at=now,
                )
            )
    session.flush()


def _same(one: str, other: str) -> bool:
    """Say whether two texts are the same but for blanks at the ends of lines."""
    return [line.rstrip() for line in one.strip().splitlines()] == [
        line.rstrip() for line in other.strip().splitlines()
    ]


def _arranged(tree: Highlights, options: Options) -> Highlights:
    """Put the sections in their order, switched on or off, and the mechanisms into their layout."""
    sections = {section.key: section for section in tree.sections}
    if "mechanisms" in sections:
        own = sections["mechanisms"]
        nodes = laid_out(own.nodes, options.layout, language=tree.language)
        sections["mechanisms"] = replace(own, nodes=nodes)
    return replace(
        tree,
        sections=tuple(replace(sections[key], is_on=key not in options.off) for key in options.order),
    )
