"""The fields of a document."""

from models import field, plain_text
from models.document import Document, DocumentAct, DocumentKind
from models.field import Field, Fields
from models.known import Known
from models.vocabulary import Confidence


def _meeting() -> Field:
    def write(record: Document, slug: str | None, known: Known) -> None:
        record.meeting = None if slug is None else known.meeting(slug)

    def read(record: Document) -> str | None:
        return record.meeting.slug if record.meeting else None

    return Field("meeting", lambda value: plain_text.line(value, name="meeting"), read, write)


DOCUMENT_FIELDS = Fields(
    "document",
    field.required_line("title"),
    field.word("kind", DocumentKind, required=True),
    field.word("act", DocumentAct),
    field.language("language"),
    field.web_address("url"),
    field.day("day"),
    _meeting(),
    field.text("source", plain_text.ADDRESS),
    field.word("confidence", Confidence, required=True),
)
