"""The newest documents and updates about one thing, for a page that has room for a few of each."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from models.document import Document
from models.document_list import own_day
from templates.languages import ENGLISH
from web.pages.document_line import DocumentLine, document_lines, visible_documents
from web.pages.update_line import UpdateLine, update_lines, updates_in_order


@dataclass(frozen=True, slots=True)
class SomeDocuments:
    """A few documents. `all_address` shows all of them; None when all are here."""

    lines: tuple[DocumentLine, ...] = ()
    all_address: str | None = None


@dataclass(frozen=True, slots=True)
class SomeUpdates:
    """A few updates. `all_address` shows all of them; None when all are here."""

    lines: tuple[UpdateLine, ...] = ()
    all_address: str | None = None


def newest_documents(
    session: Session, which: ColumnElement[bool], *, number: int, narrowed: str, language: str = ENGLISH
) -> SomeDocuments:
    """Return the first documents that meet a condition: key ones, then the newest.

    `narrowed` is the query by which `/documents` shows all of them, such as `theme=gcm`.
    """
    query = visible_documents().where(which)
    ordered = query.order_by(Document.is_key.desc(), own_day.is_(None), own_day.desc(), Document.slug)
    found = session.scalars(ordered.limit(number + 1)).all()
    return SomeDocuments(
        document_lines(found[:number], language=language),
        f"/documents?{narrowed}" if len(found) > number else None,
    )


def newest_updates_about(
    session: Session, which: ColumnElement[bool], *, number: int, narrowed: str, language: str = ENGLISH
) -> SomeUpdates:
    """Return the newest updates that meet a condition; `narrowed` as in `newest_documents`."""
    found = session.scalars(updates_in_order().where(which).limit(number + 1)).all()
    return SomeUpdates(
        update_lines(found[:number], language=language),
        f"/updates?{narrowed}" if len(found) > number else None,
    )
