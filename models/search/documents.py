"""What documents say to a search: title and summary, kind, meeting and mechanisms."""

from collections.abc import Iterator, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.document import Document, document_mechanisms, document_themes
from models.meeting import Meeting, Visibility
from models.search.content import Content, months_of
from models.search.entry import SearchKind
from models.search.meetings import mechanisms_of_meetings
from models.search.names import Names, in_languages
from templates.dates import written_date
from templates.languages import ENGLISH, locale_of
from templates.words import word


def document_contents(session: Session, keys: Sequence[int], names: Names) -> Iterator[Content]:
    """Read the documents with these keys, less those of meetings that not everybody may see."""
    themes = names.themes_by(document_themes, document_themes.c.document_id, keys)
    own = _own_mechanisms(session, keys)
    said = (
        select(
            Document.id, Document.slug, Document.title, Document.kind, Document.summary, Document.language,
            Document.day, Document.meeting_id,
            Meeting.title.label("meeting"), Meeting.title_in.label("meeting_in"), Meeting.first_day,
        )
        .outerjoin(Document.meeting)
        .where(Document.id.in_(keys))
        .where(or_(Document.meeting_id.is_(None), Meeting.visibility == Visibility.PUBLIC))
    )  # fmt: skip
    rows = session.execute(said).all()
    of_meetings = mechanisms_of_meetings(session, [one.meeting_id for one in rows if one.meeting_id])
    languages = locale_of(ENGLISH).languages
    for one in rows:
        of = list(dict.fromkeys((*of_meetings.get(one.meeting_id, ()), *own.get(one.id, ()))))
        day = one.day or one.first_day
        yield Content(
            SearchKind.DOCUMENT,
            one.id,
            slug=one.slug,
            title=one.title,
            lines=(
                one.summary,
                word("document kind", one.kind),
                one.meeting,
                names.shown(of),
                written_date(one.day) if one.day else None,
                languages.get(one.language) if one.language else None,
                ", ".join(themes.get(one.id, ())),
            ),
            unseen=(
                *in_languages(one.meeting_in),
                *names.others(of),
                *names.themes_elsewhere(themes.get(one.id, ())),
                *months_of(day),
            ),
            day=day,
        )


def _own_mechanisms(session: Session, keys: Sequence[int]) -> dict[int, list[int]]:
    key, mechanism = document_mechanisms.c.document_id, document_mechanisms.c.mechanism_id
    found: dict[int, list[int]] = {}
    rows = session.execute(select(key, mechanism).where(key.in_(keys)).order_by(mechanism))
    for document, one in rows:
        found.setdefault(document, []).append(one)
    return found
