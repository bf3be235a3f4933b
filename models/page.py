"""A page of text that editors keep: about ISCMs, in Markdown, one row for each language."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record
from templates.languages import ENGLISH


class Block(StrEnum):
    """What a page can show of the record in a paragraph of its own: [[iom-roles]]."""

    TYPES = "types-with-counts"
    ASSOCIATIONS = "associations"
    EMERGING = "emerging"
    DORMANT = "dormant"
    IOM_ROLES = "iom-roles"
    GRCP_MEETINGS = "grcp-meetings"
    THEME = "theme"
    CONTACTS = "contacts"


class Page(Record):
    """One page in one language, at /about/{slug}. Its slug never changes.

    body is Markdown without HTML. position orders the pages; summary is the sentence that introduces it in
    lists and to search engines. A page that is not shown answers 404 and stands in no list.
    """

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("slug", "language"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8), default="en")
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
    shown: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]

    @property
    def code(self) -> str:
        """What revisions and the registry call it: its slug, and the language where that is not English."""
        return page_code(self.slug, self.language)


def page_code(slug: str, language: str) -> str:
    """Return what one page in one language is called: `terms`, `terms.fr`."""
    return slug if language == ENGLISH else f"{slug}.{language}"
