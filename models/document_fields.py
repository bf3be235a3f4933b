"""The fields of a document."""

from models import field, plain_text
from models.base import Facts
from models.document import Document, DocumentAct, DocumentKind
from models.document_file import check_file, read_file
from models.field import Field, Fields
from models.known import Known
from models.vocabulary import Confidence


def _meeting() -> Field:
    def write(record: Document, slug: str | None, known: Known) -> None:
        record.meeting = None if slug is None else known.meeting(slug)

    def read(record: Document) -> str | None:
        return record.meeting.slug if record.meeting else None

    return Field("meeting", lambda value: plain_text.line(value, name="meeting"), read, write)


def _file() -> Field:
    def write(record: Document, value: Facts | None, known: Known) -> None:
        del known
        for key in ("name", "type", "size", "sha256"):
            setattr(record, f"file_{key}", None if value is None else value[key])

    return Field("file", check_file, read_file, write)


DOCUMENT_FIELDS = Fields(
    "document",
    field.required_line("title"),
    field.word("kind", DocumentKind, required=True),
    field.word("act", DocumentAct),
    field.language("language"),
    field.web_address("url"),
    field.day("day"),
    _meeting(),
    field.slugs("own_mechanisms", attribute="own_mechanisms", of=Known.mechanism),
    field.slugs("themes", attribute="theme_tags", of=Known.theme),
    field.text("summary"),
    field.flag("is_key"),
    _file(),
    field.text("source", plain_text.ADDRESS),
    field.word("confidence", Confidence, required=True),
)
