"""Lists of pages, and the one that a reader asks for, each in the language asked or else in English."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.page import Page
from templates.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class PageHead:
    """A page as lists show it. language is that of its text, which may not be the one asked for."""

    slug: str
    language: str
    title: str
    summary: str | None


def list_pages(session: Session) -> list[Page]:
    """Return every page by its position, English before its other languages, those not shown too."""
    return list(
        session.scalars(
            select(Page).order_by(Page.position, Page.slug, Page.language != ENGLISH, Page.language)
        )
    )


def shown_pages(session: Session, *, language: str = ENGLISH) -> list[PageHead]:
    """Return the pages that readers may see, in their order, in one statement that reads no text."""
    rows = session.execute(
        select(Page.position, Page.slug, Page.language, Page.title, Page.summary).where(
            Page.shown, Page.language.in_([language, ENGLISH])
        )
    ).all()
    translated = {row.slug for row in rows if row.language == language}
    chosen = [row for row in rows if row.language == language or row.slug not in translated]
    return [
        PageHead(row.slug, row.language, row.title, row.summary)
        for row in sorted(chosen, key=lambda row: (row.position, row.slug))
    ]


def shown_page(session: Session, slug: str, *, language: str = ENGLISH) -> Page | None:
    """Return the page that readers see under a slug, in their language or else in English."""
    asked = select(Page).where(Page.slug == slug, Page.shown, Page.language.in_([language, ENGLISH]))
    found = {page.language: page for page in session.scalars(asked)}
    return found.get(language) or found.get(ENGLISH)
