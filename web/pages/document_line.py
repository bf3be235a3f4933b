"""A document as it stands in a list: what it is, of when and of whom, and where it can be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote, urlsplit

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from models.document import Document
from models.document_list import is_visible, own_day
from models.meeting import Meeting, MeetingMechanism
from models.own_words import meeting_title
from models.when import Precision
from templates.dates import written_date, written_when
from templates.file_sizes import written_size
from templates.languages import ENGLISH, locale_of
from templates.words import word
from web.english import in_english, in_english_if_any, said
from web.pages.meeting_line import MechanismLink, mechanism_links

_NAMES_OF_TYPES: Final = {"jpg": "JPEG", "txt": "Text"}


@dataclass(frozen=True, slots=True)
class FileLink:
    """The copy of a document that is kept here: its address, sort (`PDF`) and size (`1.2 MB`)."""

    address: str
    sort: str
    size: str


@dataclass(frozen=True, slots=True)
class MeetingLink:
    """The meeting a document came of."""

    title: str
    address: str
    dates: str


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document in a list.

    `address` is its page here; `url` is where it stands elsewhere, `host` the site that is; None: nowhere.
    `written_day` and `exact` (for HTML's `time` element) are None when no day is known.
    """

    slug: str
    address: str
    title: str
    kind: str
    act: str | None
    day: date | None
    written_day: str | None
    exact: str | None
    language: str | None
    language_code: str | None
    mechanisms: tuple[MechanismLink, ...]
    meeting: MeetingLink | None
    url: str | None
    host: str | None
    file: FileLink | None
    is_key: bool
    summary: str | None


def visible_documents() -> Select[Document]:
    """Return the query for documents that everybody may see, joined to their meetings, in no order.

    What a hidden meeting issued is hidden with it. The number of statements does not grow with the rows.
    """
    meeting = contains_eager(Document.meeting)
    return (
        select(Document)
        .outerjoin(Document.meeting)
        .where(is_visible)
        .options(
            meeting,
            meeting.selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism),
            selectinload(Document.own_mechanisms),
        )
    )


def documents_in_order(*, key_first: bool = False) -> Select[Document]:
    """Return the query for visible documents, the newest first, those without a day last."""
    order = (own_day.is_(None), own_day.desc(), Document.slug)
    return visible_documents().order_by(*((Document.is_key.desc(),) if key_first else ()), *order)


def document_lines(documents: Iterable[Document], *, language: str = ENGLISH) -> tuple[DocumentLine, ...]:
    """Return the lines of documents in the order given."""
    return tuple(document_line(document, language=language) for document in documents)


def document_line(document: Document, *, language: str = ENGLISH) -> DocumentLine:
    """Return a document's line."""
    written, exact = _written_day(document, language=language)
    meeting = document.meeting
    return DocumentLine(
        slug=document.slug,
        address=f"/documents/{document.slug}",
        title=in_english(document.title, language=language),
        kind=word("document kind", document.kind, language=language),
        act=word("act", document.act, language=language) if document.act else None,
        day=document.day or (meeting.first_day if meeting else None),
        written_day=written,
        exact=exact,
        language=language_name(document.language, language=language),
        language_code=document.language,
        mechanisms=mechanism_links(document.mechanisms, language=language),
        meeting=_meeting_link(meeting, language=language) if meeting else None,
        url=document.url,
        host=_host(document.url),
        file=_file_link(document, language=language),
        is_key=document.is_key,
        summary=in_english_if_any(document.summary, language=language),
    )


def language_name(code: str | None, *, language: str = ENGLISH) -> str | None:
    """Return a language's name as `language` has it; the code where it has none; None for None."""
    return None if code is None else locale_of(language).languages.get(code, code)


def _written_day(document: Document, *, language: str) -> tuple[str | None, str | None]:
    """Write the document's own day, else that of its meeting, no more exactly than that is known."""
    if document.day:
        return written_date(document.day, language=language), document.day.isoformat()
    when = document.meeting.when if document.meeting else None
    if when is None or when.first is None:
        return None, None
    first = when.first
    match when.precision:
        case Precision.MOMENT | Precision.DAY:
            return written_when(
                first, when.last, precision=when.precision, language=language
            ), first.isoformat()
        case Precision.MONTH:
            exact = f"{first:%Y-%m}"
        case _:
            exact = f"{first:%Y}"
    return written_when(first, when.last, precision=when.precision, language=language), exact


def _meeting_link(meeting: Meeting, *, language: str) -> MeetingLink:
    when = meeting.when
    return MeetingLink(
        title=said(meeting_title(meeting, language=language), language=language),
        address=f"/meetings/{meeting.slug}",
        dates=written_when(when.first, when.last, precision=when.precision, language=language),
    )


def _host(url: str | None) -> str | None:
    return urlsplit(url).netloc.removeprefix("www.") if url else None


def _file_link(document: Document, *, language: str) -> FileLink | None:
    if document.file_name is None or document.file_sha256 is None:
        return None
    ending = document.file_name.rpartition(".")[2].lower()
    return FileLink(
        address=f"/documents/{document.slug}/{quote(document.file_name)}",
        sort=_NAMES_OF_TYPES.get(ending, ending.upper()),
        size=written_size(document.file_size or 0, language=language),
    )
