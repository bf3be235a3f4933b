"""The register of documents: adding, changing and deleting one. models.document_filing files its file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Facts
from models.document import Document
from models.document_fields import DOCUMENT_FIELDS
from models.document_file import free_name
from models.known import Known
from models.refusal import Refusal
from models.register import Register
from models.registry_record import document_kind
from models.vocabulary import Confidence

_UNSAID: Final = {
    "title": None,
    "meeting": None,
    "language": None,
    "is_key": False,
    "confidence": Confidence.HIGH.value,
}


class DuplicateDocument(Refusal):
    """The document is on record already: the same title, meeting and language."""


class DocumentRegister(Register[Document]):
    """Documents. The title is needed; mechanisms may be called by any of their names."""

    table = Document
    fields = DOCUMENT_FIELDS
    look = "iscm documents list"

    def unsaid(self, written: Mapping[str, Any]) -> Facts:
        """Without a word to the contrary a document's kind is what its title says."""
        return {**_UNSAID, "kind": document_kind(str(written.get("title") or "")).value}

    def settle(self, facts: Facts, known: Known, *, entry: Document | None = None) -> None:
        """Call mechanisms by their slugs, and a new file by a name that no earlier file of it had."""
        if "own_mechanisms" in facts:
            facts["own_mechanisms"] = sorted(known.mechanism_slugs(facts["own_mechanisms"]))
        if entry is not None and facts.get("file"):
            facts["file"] = free_name(known.session, entry.slug, facts["file"])

    def refuse_double(
        self, session: Session, facts: Mapping[str, Any], known: Known, *, besides: Document | None
    ) -> None:
        """Raise DuplicateDocument."""
        meeting = known.meeting(facts["meeting"]) if facts["meeting"] else None
        for other in session.scalars(select(Document).where(Document.title == facts["title"])):
            if other is not besides and other.meeting is meeting and other.language == facts["language"]:
                raise DuplicateDocument(f"“{other.title}” is on record already as {other.slug}.")

    def wanted_slug(self, facts: Facts) -> str:
        """Name a document by its title."""
        return str(facts["title"])

    def blank(self, slug: str, now: datetime) -> Document:
        """Make a document that says nothing yet."""
        return Document(slug=slug, added_at=now)


DOCUMENTS: Final = DocumentRegister()
add_document, change_document, delete_document = DOCUMENTS.add, DOCUMENTS.change, DOCUMENTS.delete
