"""Adding, changing and deleting a document."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.document import Document
from models.document_fields import DOCUMENT_FIELDS
from models.keeping import Keeping, NothingToChange
from models.known import Known, unknown_name
from models.refusal import Refusal
from models.registry_record import document_kind
from models.slug import new_slug
from models.vocabulary import Confidence

_UNSAID: Final = {"title": None, "meeting": None, "confidence": Confidence.HIGH.value}


class DuplicateDocument(Refusal):
    """The document is on record already."""


def add_document(session: Session, written: Mapping[str, Any], *, editor: str, now: datetime) -> Document:
    """Put a document on record and return it. written are fields of DOCUMENT_FIELDS; the title is needed.

    Without a word to the contrary its kind is what its title says. Raises DuplicateDocument for the same
    title, meeting and language, UnknownName for the meeting, or the refusal of a field.
    """
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = Known(session)
    kind = document_kind(str(written.get("title") or ""))
    facts = DOCUMENT_FIELDS.check({**_UNSAID, "kind": kind.value, "language": None, **written})
    _refuse_double(session, facts, known)
    document = Document(slug=new_slug(session, kind="document", table=Document, wanted=facts["title"]))
    keeping.add(document, DOCUMENT_FIELDS, facts, known)
    session.flush()
    return document


def change_document(
    session: Session, slug: str, written: Mapping[str, Any], *, editor: str, now: datetime
) -> Document:
    """Change fields of a document and return it. Raises UnknownName, NothingToChange, DuplicateDocument."""
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = Known(session)
    document = find_document(session, slug)
    facts = DOCUMENT_FIELDS.check(written)
    _refuse_double(session, DOCUMENT_FIELDS.facts(document) | facts, known, besides=document)
    if not keeping.change(document, DOCUMENT_FIELDS, facts, known):
        raise NothingToChange(f"Document {slug} says this already; nothing was changed.")
    session.flush()
    return document


def delete_document(session: Session, slug: str, *, editor: str, now: datetime) -> Document:
    """Take a document off the record and return what it was; its slug is for ever. Raises UnknownName."""
    keeping = Keeping(session, editor, now)
    keeping.alone()
    document = find_document(session, slug)
    keeping.delete(document, DOCUMENT_FIELDS)
    session.flush()
    return document


def find_document(session: Session, slug: str) -> Document:
    """Find it by its slug; raises UnknownName."""
    found = session.scalar(select(Document).where(Document.slug == slug))
    if found is None:
        raise unknown_name(
            "document", slug, session.scalars(select(Document.slug)), look="iscm documents list"
        )
    return found


def _refuse_double(
    session: Session, facts: Mapping[str, Any], known: Known, *, besides: Document | None = None
) -> None:
    meeting = known.meeting(facts["meeting"]) if facts["meeting"] else None
    for other in session.scalars(select(Document).where(Document.title == facts["title"])):
        if other is not besides and other.meeting is meeting and other.language == facts["language"]:
            raise DuplicateDocument(f"“{other.title}” is on record already as {other.slug}.")
