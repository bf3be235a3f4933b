"""All themes by family, with how much is tagged with each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.document import Document, document_themes
from models.mechanism import mechanism_themes
from models.meeting import Meeting, Visibility, meeting_themes
from models.own_words import theme_name
from models.update import update_themes
from models.vocabulary import Theme, ThemeFamily
from templates.languages import ENGLISH, catalogue
from web.answer import page
from web.english import said
from web.language import language_of
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme, and how many of each it stands on."""

    name: str
    address: str
    mechanisms: int
    meetings: int
    updates: int
    documents: int


@dataclass(frozen=True, slots=True)
class Family:
    """The themes of one family."""

    name: str
    lines: tuple[ThemeLine, ...]


def themes(request: Request) -> Response:
    """Answer `/themes`."""
    with surroundings_of(request).database.reading() as session:
        families = read_families(session, language=language_of(request))
    return page(request, "themes.html", families=families)


def read_families(session: Session, *, language: str = ENGLISH) -> tuple[Family, ...]:
    """Return the themes by family in their order, in seven statements."""
    found = session.scalars(select(Theme).order_by(Theme.position)).all()
    hidden = select(Meeting.id).where(Meeting.visibility != Visibility.PUBLIC)
    their_documents = select(Document.id).where(Document.meeting_id.in_(hidden))
    counts = (
        _count(session, mechanism_themes),
        _count(session, meeting_themes)
        - _count(session, meeting_themes, meeting_themes.c.meeting_id.in_(hidden)),
        _count(session, update_themes),
        _count(session, document_themes)
        - _count(session, document_themes, document_themes.c.document_id.in_(their_documents)),
    )
    lines = {
        theme: ThemeLine(
            said(theme_name(theme, language=language), language=language),
            f"/themes/{theme.slug}",
            *(count[theme.id] for count in counts),
        )
        for theme in found
    }
    return _families(found, lines, language=language)


def family_name(family: ThemeFamily, *, language: str = ENGLISH) -> str:
    """Return what a family of themes is called."""
    _ = catalogue(language).gettext
    return {
        ThemeFamily.GCM: _("The Global Compact"),
        ThemeFamily.SDG: _("The 2030 Agenda"),
        ThemeFamily.CLIMATE: _("Climate"),
        ThemeFamily.OTHER: _("Other themes"),
    }[family]


def _families(found: Sequence[Theme], lines: dict[Theme, ThemeLine], *, language: str) -> tuple[Family, ...]:
    families = (
        Family(
            family_name(family, language=language),
            tuple(lines[theme] for theme in found if theme.family is family),
        )
        for family in ThemeFamily
    )
    return tuple(family for family in families if family.lines)


def _count(session: Session, tags: Table, *conditions: ColumnElement[bool]) -> Counter[int]:
    """Count what is tagged with each theme, by the theme's key.

    What everybody may see is counted as all, from the index, less what is hidden, which is little.
    """
    theme = tags.c.theme_id
    query = select(theme, func.count()).where(*conditions).group_by(theme)
    return Counter({key: number for key, number in session.execute(query)})  # noqa: C416 - mypy does not take rows for pairs
