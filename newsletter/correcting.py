"""A correction: a new issue to exactly those who received one that was not right, with what is right on top.

It is compiled as of the same day as the issue it corrects, so that it differs in what was put right and in
nothing that time has changed. From there on it is an issue like any other: edited, checked, approved, sent.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from models import Act, Issue, IssueRevision, IssueState, Refusal, record_revision
from models.issue import NodeText
from newsletter.compile import CORRECTION, compile_highlights
from newsletter.contents import (
    is_changeable,
    newest_revision,
    row_key,
    standing_approval,
    trees_of,
    with_editors_texts,
)
from newsletter.deliveries import count
from newsletter.drafting import keep_revision
from newsletter.gathering import gather_facts
from newsletter.highlights import Highlights, Told
from newsletter.options import Options
from newsletter.standing import SAID
from templates.dates import written_date
from templates.languages import ENGLISH, catalogue

_KEY: Final = f"{CORRECTION}/text"
_FRAME: Final = frozenset({"issue/subject", "issue/preheader", _KEY})
_IN_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>#~|])")


class NotCorrectable(Refusal):
    """The issue has no readers, or not all of them yet."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The draft of a correction: its code, how many nodes say something else, how many received the issue."""

    code: str
    changed: int
    received: int


def correct_issue(
    session: Session, issue: Issue, *, texts: Mapping[str, str], options: Options, editor: str, now: datetime
) -> Corrected:
    """Make the draft of a correction of an issue, or renew the one that is still being made.

    `texts` (Markdown, by language) explain it; without any the explanation is written from what differs, in
    every language. A language without a text shows the English one, where that is given. Editors' texts of
    the issue are kept. Raises NotCorrectable.
    """
    received = _received(session, issue)
    correction = _open_correction(session, issue) or _new_correction(session, issue, editor=editor, now=now)
    sent = _sent_revision(session, issue)
    before = session.scalars(_revisions(correction).limit(1)).first()
    if before is None:
        _copy_texts(session, issue, correction)
    chosen = Options.from_json(before.options if before else sent.options)
    order = (CORRECTION, *(key for key in chosen.order if key != CORRECTION))
    options = replace(
        options, languages=chosen.languages, layout=chosen.layout, order=order, off=chosen.off - {CORRECTION}
    )
    trees = _compiled(session, correction, options, as_of=sent.compiled_at)
    was = trees_of(sent)
    _require_editions(texts, trees)
    if before is None or ENGLISH in texts:
        _forget_explanation(session, correction, languages=trees)
    languages = tuple(trees) if before is None and ENGLISH not in texts else tuple(texts)
    _explain(
        session,
        issue,
        correction,
        was=was,
        trees={language: trees[language] for language in languages},
        texts=texts,
        editor=editor,
        now=now,
    )
    keep_revision(
        session,
        correction,
        with_editors_texts(session, correction, trees),
        before=before,
        options=options,
        compiled_at=sent.compiled_at,
        now=now,
        editor=editor,
    )
    changed = len(list(_changes(was.get(ENGLISH), trees[ENGLISH])))
    return Corrected(correction.code, changed, received)


def _received(session: Session, issue: Issue) -> int:
    if issue.state not in {IssueState.SENT, IssueState.CANCELLED}:
        raise NotCorrectable(
            f"Issue {issue.code} {SAID[issue.state]}, so it cannot be corrected yet: all who get it must "
            f"have it first. Let it end, or cancel it: iscm newsletter cancel {issue.code}"
        )
    number = count(session, issue).accepted
    if not number:
        raise NotCorrectable(f"Nobody received issue {issue.code}; there is nothing to correct.")
    return number


def _open_correction(session: Session, issue: Issue) -> Issue | None:
    query = select(Issue).where(Issue.corrects == issue.code).order_by(Issue.id.desc()).limit(1)
    newest = session.scalars(query.with_for_update()).first()
    if newest is None or newest.state in {IssueState.SENT, IssueState.CANCELLED}:
        return None
    if not is_changeable(newest):
        raise NotCorrectable(
            f"Issue {newest.code}, a correction of {issue.code}, {SAID[newest.state]}. Let it end, or cancel "
            f"it first: iscm newsletter cancel {newest.code}"
        )
    return newest


def _new_correction(session: Session, issue: Issue, *, editor: str, now: datetime) -> Issue:
    taken = session.scalars(select(Issue.code).where(Issue.code.startswith(f"{issue.year}-C"))).all()
    code = f"{issue.year}-C{len(taken) + 1}"
    made = Issue(code=code, year=issue.year, state=IssueState.DRAFT, corrects=issue.code, created_at=now)
    session.add(made)
    session.flush()
    changes = {"corrects": [None, issue.code]}
    record_revision(session, kind="issue", code=code, act=Act.ADDED, changes=changes, editor=editor, now=now)
    return made


def _sent_revision(session: Session, issue: Issue) -> IssueRevision:
    approval = standing_approval(session, issue)
    return (
        newest_revision(session, issue)
        if approval is None
        else session.get_one(IssueRevision, approval.revision_id)
    )


def _revisions(issue: Issue) -> Select[IssueRevision]:
    return (
        select(IssueRevision).where(IssueRevision.issue_id == issue.id).order_by(IssueRevision.number.desc())
    )


def _copy_texts(session: Session, issue: Issue, correction: Issue) -> None:
    """Take over what editors wrote, but for the subject and the line under it: those say what this is."""
    for row in session.scalars(select(NodeText).where(NodeText.issue_id == issue.id)).all():
        if row.key.rpartition(":")[2] not in _FRAME:
            session.add(
                NodeText(
                    issue_id=correction.id,
                    key=row.key,
                    text=row.text,
                    source_hash=row.source_hash,
                    editor=row.editor,
                    at=row.at,
                )
            )
    session.flush()


def _compiled(session: Session, issue: Issue, options: Options, *, as_of: datetime) -> dict[str, Highlights]:
    return {
        language: compile_highlights(
            gather_facts(session, year=issue.year, today=as_of.date(), language=language),
            code=issue.code,
            year=issue.year,
            now=as_of,
            options=options,
            language=language,
        )
        for language in options.languages
    }


def _require_editions(texts: Mapping[str, str], trees: Mapping[str, Highlights]) -> None:
    for language in texts:
        if language not in trees:
            raise NotCorrectable(
                f"There is no edition in “{language}” to explain anything in; there are {', '.join(trees)}."
            )


def _forget_explanation(session: Session, correction: Issue, *, languages: Iterable[str]) -> None:
    keys = [row_key(_KEY, language) for language in languages]
    session.execute(delete(NodeText).where(NodeText.issue_id == correction.id, NodeText.key.in_(keys)))
    session.flush()


def _explain(
    session: Session,
    issue: Issue,
    correction: Issue,
    *,
    was: Mapping[str, Highlights],
    trees: Mapping[str, Highlights],
    texts: Mapping[str, str],
    editor: str,
    now: datetime,
) -> None:
    """Write the explanation in the languages of the trees: as it is given, or from what differs."""
    _forget_explanation(session, correction, languages=trees)
    for language, tree in trees.items():
        said = _explanation(issue, was.get(language), tree, text=texts.get(language), language=language)
        node = next(section.intro for section in tree.sections if section.key == CORRECTION)
        session.add(
            NodeText(
                issue_id=correction.id,
                key=row_key(_KEY, language),
                text=said,
                source_hash=node.source_hash,
                editor=editor,
                at=now,
            )
        )
    session.flush()


def _explanation(
    issue: Issue, was: Highlights | None, tree: Highlights, *, text: str | None, language: str
) -> str:
    sentence = catalogue(language).gettext
    first = text
    if first is None:
        sent_on = issue.letter_date or issue.started_at or issue.created_at
        first = sentence("Some of what we wrote to you on %(date)s was not right. This is what is right:") % {
            "date": written_date(sent_on.date(), language=language)
        }
    lines = []
    for before, after in _changes(was, tree):
        told = {"before": _escaped(before), "after": _escaped(after)}
        if not before:
            lines.append(sentence("Added: %(after)s") % told)
        elif not after:
            lines.append(sentence("Taken out: %(before)s") % told)
        else:
            lines.append(sentence("%(after)s Before, it said: %(before)s") % told)
    return "\n\n".join([first.strip(), *(["\n".join(f"* {line}" for line in lines)] if lines else [])])


def _changes(was: Highlights | None, tree: Highlights) -> Iterator[tuple[str, str]]:
    """Yield what each node that is another now said and says; an empty text where there is no node."""
    if was is None:
        return
    old, new = _shown_texts(was), _shown_texts(tree)
    for key in old | new:
        if old.get(key, "") != new.get(key, ""):
            yield old.get(key, ""), new.get(key, "")


def _shown_texts(tree: Highlights) -> dict[str, str]:
    return {
        node.key: node.text
        for section in tree.sections
        if section.is_on
        for node in section.nodes
        if isinstance(node, Told) and node.key not in _FRAME and node.edited != ""
    }


def _escaped(text: str) -> str:
    return _IN_MARKDOWN.sub(r"\\\1", text)
