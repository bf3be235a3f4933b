"""A find as it stands in a list: what it is, its date, its name and the place that answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.document import Document
from models.mechanism import Mechanism, MechanismStatus
from models.meeting import Meeting
from models.own_words import mechanism_short_name
from models.search import Find, Piece, SearchKind
from models.update import Update
from templates.dates import DateTile
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.english import said, unmarked
from web.pages.document_line import DocumentLine, document_lines, documents_in_order
from web.pages.meeting_line import MeetingLine, Standing, meeting_lines, type_words, visible_meetings
from web.pages.update_line import UpdateLine, update_lines, updates_in_order


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when it is asked for."""
    return sentence


_ONE: Final = {
    SearchKind.MECHANISM: _("Mechanism"),
    SearchKind.PAGE: _("About ISCMs"),
    SearchKind.MEETING: _("Meeting"),
    SearchKind.UPDATE: _("Update"),
    SearchKind.DOCUMENT: _("Document"),
}
_SEVERAL: Final = {
    SearchKind.MECHANISM: _("Mechanisms"),
    SearchKind.PAGE: _("About ISCMs"),
    SearchKind.MEETING: _("Meetings"),
    SearchKind.UPDATE: _("Updates"),
    SearchKind.DOCUMENT: _("Documents"),
}
_ADDRESSES: Final = {
    SearchKind.MECHANISM: "/mechanisms/",
    SearchKind.PAGE: "/about/",
    SearchKind.MEETING: "/meetings/",
    SearchKind.UPDATE: "/updates/",
    SearchKind.DOCUMENT: "/documents/",
}


@dataclass(frozen=True, slots=True)
class FindLine:
    """One find. tile and standing are a meeting's; type names the hue, None where nothing has one.

    written is the day of an update or a document in words; language and excerpt_language are those of the
    title and of the excerpt that are not in the page's own.
    """

    kind: str
    kind_words: str
    address: str
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    tile: DateTile | None = None
    type: str | None = None
    type_words: str | None = None
    standing: tuple[Standing, ...] = ()
    written: str | None = None
    exact: str | None = None
    language: str | None = None
    excerpt_language: str | None = None


def kinds_in_words(*, language: str = ENGLISH) -> dict[SearchKind, str]:
    """Return what finds of each kind are called together."""
    sentence = catalogue(language).gettext
    return {kind: sentence(words) for kind, words in _SEVERAL.items()}


def find_lines(
    session: Session, finds: Sequence[Find], *, today: date, language: str = ENGLISH
) -> tuple[FindLine, ...]:
    """Return the lines of finds in the order given; the number of statements does not grow with them."""
    slugs = {kind: [find.slug for find in finds if find.kind is kind] for kind in SearchKind}
    meetings = _meetings(session, slugs[SearchKind.MEETING], today=today, language=language)
    mechanisms = _mechanisms(session, slugs[SearchKind.MECHANISM])
    updates = _updates(session, slugs[SearchKind.UPDATE], language=language)
    documents = _documents(session, slugs[SearchKind.DOCUMENT], language=language)
    sentence = catalogue(language).gettext
    strange = ENGLISH if language != ENGLISH else None

    def line_of(find: Find) -> FindLine:
        plain = FindLine(
            kind=find.kind.value,
            kind_words=sentence(_ONE[find.kind]),
            address=_ADDRESSES[find.kind] + find.slug,
            language=strange,
            excerpt_language=strange,
            title=find.title,
            excerpt=find.excerpt,
        )
        match find.kind:
            case SearchKind.MEETING if meeting := meetings.get(find.slug):
                return _called(_of_meeting(plain, meeting), meeting.title)
            case SearchKind.MECHANISM if mechanism := mechanisms.get(find.slug):
                name = said(mechanism_short_name(mechanism, language=language), language=language)
                return _called(_of_mechanism(plain, mechanism, language=language), name)
            case SearchKind.UPDATE if update := updates.get(find.slug):
                plain = replace(plain, written=update.written_day, exact=update.exact)
                return _called(plain, update.title)
            case SearchKind.DOCUMENT if document := documents.get(find.slug):
                return replace(
                    plain,
                    kind_words=document.kind,
                    written=document.written_day,
                    exact=document.exact,
                    language=document.language_code if document.language_code != language else None,
                )
            case _:
                strange_page = find.language if find.language != language else None
                return replace(plain, language=strange_page, excerpt_language=strange_page)

    return tuple(line_of(find) for find in finds)


def _called(line: FindLine, title: str) -> FindLine:
    """Return the line with the title that the page's language has for it, where it has one of its own."""
    if line.language is None or title != unmarked(title):
        return line
    return replace(line, title=(Piece(title, marked=False),), language=None)


def _of_meeting(plain: FindLine, meeting: MeetingLine) -> FindLine:
    first = meeting.mechanisms[0] if meeting.mechanisms else None
    return replace(
        plain,
        tile=meeting.tile,
        type=first.type if first else None,
        type_words=first.type_words if first else None,
        standing=meeting.standing,
    )


def _of_mechanism(plain: FindLine, mechanism: Mechanism, *, language: str) -> FindLine:
    status = mechanism.status
    said = (
        ()
        if status is MechanismStatus.ACTIVE
        else (Standing(status.value, word("mechanism status", status, language=language)),)
    )
    return replace(
        plain, type=mechanism.type.value, type_words=type_words(mechanism, language=language), standing=said
    )


def _meetings(
    session: Session, slugs: Collection[str], *, today: date, language: str
) -> dict[str, MeetingLine]:
    if not slugs:
        return {}
    found = session.scalars(visible_meetings().where(Meeting.slug.in_(slugs))).all()
    lines = meeting_lines(found, today=today, language=language)
    return {meeting.slug: line for meeting, line in zip(found, lines, strict=True)}


def _mechanisms(session: Session, slugs: Collection[str]) -> dict[str, Mechanism]:
    if not slugs:
        return {}
    return {one.slug: one for one in session.scalars(select(Mechanism).where(Mechanism.slug.in_(slugs)))}


def _updates(session: Session, slugs: Collection[str], *, language: str) -> dict[str, UpdateLine]:
    if not slugs:
        return {}
    found = session.scalars(updates_in_order().where(Update.slug.in_(slugs))).all()
    return {line.anchor: line for line in update_lines(found, language=language)}


def _documents(session: Session, slugs: Collection[str], *, language: str) -> dict[str, DocumentLine]:
    if not slugs:
        return {}
    found = session.scalars(documents_in_order().where(Document.slug.in_(slugs))).all()
    return {line.slug: line for line in document_lines(found, language=language)}
