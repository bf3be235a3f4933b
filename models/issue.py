"""An issue of Highlights: its revisions, editors' texts, approval and editions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Facts, Key, Record, choice
from models.transitions import Transitions


class IssueState(StrEnum):
    """How far an issue has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ISSUE_TRANSITIONS: Transitions[IssueState] = {
    IssueState.DRAFT: frozenset({IssueState.APPROVED, IssueState.CANCELLED}),
    # Back to draft when its content changes after the approval.
    IssueState.APPROVED: frozenset(
        {IssueState.DRAFT, IssueState.SCHEDULED, IssueState.SENDING, IssueState.CANCELLED}
    ),
    # Paused before it began: it does not start by itself until it is resumed.
    IssueState.SCHEDULED: frozenset(
        {
            IssueState.DRAFT,
            IssueState.APPROVED,
            IssueState.SENDING,
            IssueState.PAUSED,
            IssueState.CANCELLED,
            IssueState.EXPIRED,
        }
    ),
    IssueState.SENDING: frozenset(
        {IssueState.PAUSED, IssueState.SENT, IssueState.CANCELLED, IssueState.EXPIRED}
    ),
    # Back to draft when it was held back at its hour and its content changes or is approved anew.
    IssueState.PAUSED: frozenset(
        {
            IssueState.DRAFT,
            IssueState.SENDING,
            IssueState.SCHEDULED,
            IssueState.CANCELLED,
            IssueState.EXPIRED,
        }
    ),
    IssueState.SENT: frozenset(),
    IssueState.CANCELLED: frozenset(),
    # An expired issue that nobody received may be scheduled anew by an editor.
    IssueState.EXPIRED: frozenset({IssueState.SCHEDULED, IssueState.SENDING, IssueState.CANCELLED}),
}


class InDoubtPolicy(StrEnum):
    """What happens to a letter that was on the wire when the connection or the program was lost."""

    HOLD = "hold"
    RESEND = "resend"


class Issue(Record):
    """One issue, covering one calendar year. code is the year, a second one YEAR-2; a correction is YEAR-C1.

    The schedule is wall clock ("2026-12-14 09:00") and zone as the editor gave them, and their instant;
    not_after_wall is None where the latest time follows from the hour. scheduled_with names the release of
    the zone data by which the instants were found, scheduled_by the editor.
    windows are the hours in which the issue may be sent, as text (newsletter/windows.py reads it); None for
    any. While it is being sent open_until is when the window closes; while it waits for the next one, paused
    by itself, resumes_at is when that opens. An issue that an editor paused has no resumes_at.
    corrects is the code of the issue whose readers get this one, as its correction.
    candidates and excluded_by ({reason: number}) are frozen with the audience when the sending starts.
    letter_date is the Date header, equal in all copies.
    """

    __tablename__ = "issues"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    year: Mapped[int] = mapped_column(index=True)
    state: Mapped[IssueState] = mapped_column(choice(IssueState), default=IssueState.DRAFT, index=True)
    in_doubt: Mapped[InDoubtPolicy] = mapped_column(choice(InDoubtPolicy), default=InDoubtPolicy.HOLD)
    scheduled_wall: Mapped[str | None] = mapped_column(String(16))
    scheduled_zone: Mapped[str | None] = mapped_column(String(64))
    scheduled_at: Mapped[datetime | None] = mapped_column(index=True)
    scheduled_by: Mapped[str | None] = mapped_column(String(200))
    scheduled_with: Mapped[str | None] = mapped_column(String(16))
    not_after: Mapped[datetime | None]
    not_after_wall: Mapped[str | None] = mapped_column(String(16))
    windows: Mapped[list[str] | None]
    open_until: Mapped[datetime | None]
    resumes_at: Mapped[datetime | None]
    corrects: Mapped[str | None] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime]
    letter_date: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    state_reason: Mapped[str | None] = mapped_column(Text)
    candidates: Mapped[int | None]
    excluded_by: Mapped[Facts | None]


def is_correction(code: str) -> bool:
    """Tell whether a code is that of a correction: YEAR-C1."""
    return "-C" in code


class IssueRevision(Record):
    """One compiled state of an issue: the typed trees of its editions as JSON, and the hash of them all."""

    __tablename__ = "issue_revisions"
    __table_args__ = (UniqueConstraint("issue_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    tree: Mapped[Facts]
    options: Mapped[Facts]
    hash: Mapped[str] = mapped_column(String(64))
    compiled_at: Mapped[datetime]
    differences: Mapped[list[Facts]] = mapped_column(default=list)


class NodeText(Record):
    """An editor's text on one node of an issue's tree; source_hash: what the node said then.

    key is that of the node, in other languages than English with the language before it ("fr:foreword/text").
    """

    __tablename__ = "node_texts"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str | None] = mapped_column(String(64))
    editor: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class Approval(Record):
    """An editor's word that exactly this content may be sent. audience counts its recipients on that day."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("issue_revisions.id"))
    editor: Mapped[str] = mapped_column(String(200))
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    audience: Mapped[int]
    withdrawn_at: Mapped[datetime | None]


class Edition(Record):
    """One language of an approved issue, byte for byte as it will be sent and archived.

    message is the encoded MIME with its slots (newsletter/message.py reads and writes it). web is the page of
    the archive. hash is over message, html, text and web, and over pdf where there is one: the pages to
    print, which only somebody who asks for them waits for.
    """

    __tablename__ = "editions"

    approval_id: Mapped[int] = mapped_column(ForeignKey("approvals.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    web: Mapped[str] = mapped_column(Text)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    hash: Mapped[str] = mapped_column(String(64))
