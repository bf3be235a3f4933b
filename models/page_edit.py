"""Adding, changing and deleting a page. Each leaves a revision."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import plain_text
from models.base import Facts
from models.keeping import Keeping, NothingToChange
from models.known import Known, UnknownName, unknown_name
from models.page import Page
from models.page_check import UnfitPage, refuse_unfit
from models.page_fields import PAGE_FIELDS
from models.page_paths import heading_ids, paths_on_record
from models.plain_text import UnwelcomeText
from models.refusal import Refusal
from templates.languages import ENGLISH

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STEP: Final = 10


class PageExists(Refusal):
    """There is a page of that name already in that language."""


class PageNeeded(Refusal):
    """Something else of the record needs the page."""


def add_page(
    session: Session,
    slug: str,
    written: Mapping[str, Any],
    *,
    editor: str,
    now: datetime,
    language: str = ENGLISH,
    first_line: int = 1,
) -> Page:
    """Put a page on record, or an English page in another language. written are fields of PAGE_FIELDS.

    Without a position an English page stands last, a translation where the English one does. Raises
    PageExists, UnfitPage with the lines of a text that cannot be shown (first_line is that of its file on
    which the text begins), UnknownName for a translation of nothing, or the refusal of a field.
    """
    language = _language(language)
    if len(slug) > 80 or not _SLUG.fullmatch(slug):
        raise UnwelcomeText(
            f"“{slug:.80}” is no word for an address: small letters, digits and hyphens, at most 80."
        )
    keeping = Keeping(session, editor, now)
    keeping.alone()
    rows = _rows(session, slug)
    if language in rows:
        raise PageExists(f"There is a page {slug} in the language {language} already; change it instead.")
    if language != ENGLISH and ENGLISH not in rows:
        raise UnknownName(f"There is no page {slug} in English yet; add that one first.")
    unsaid: Facts = {"title": None, "summary": None, "shown": True, "body": None}
    unsaid["position"] = rows[ENGLISH].position if rows else _last_position(session) + _STEP
    facts = PAGE_FIELDS.check({**unsaid, **written})
    _refuse_unfit(session, slug, facts, first_line=first_line)
    page = Page(slug=slug, language=language, changed_at=now)
    keeping.add(page, PAGE_FIELDS, facts, Known(session))
    session.flush()
    return page


def change_page(
    session: Session,
    slug: str,
    written: Mapping[str, Any],
    *,
    editor: str,
    now: datetime,
    language: str = ENGLISH,
    first_line: int = 1,
) -> Page:
    """Change fields of a page and return it. Raises UnknownName, NothingToChange, UnfitPage, PageNeeded."""
    keeping = Keeping(session, editor, now)
    keeping.alone()
    page = find_page(session, slug, language=language)
    facts = PAGE_FIELDS.check(written)
    if "body" in facts:
        _refuse_unfit(session, slug, facts, first_line=first_line)
    broken = _broken(session)
    if not keeping.change(page, PAGE_FIELDS, facts, Known(session)):
        raise NothingToChange(f"Page {page.code} says this already; nothing was changed.")
    page.changed_at = now
    session.flush()
    _refuse_newly_broken(session, broken)
    return page


def delete_page(
    session: Session, slug: str, *, editor: str, now: datetime, language: str | None = None
) -> list[Page]:
    """Take a page off the record, in one language or in all, and return what it was.

    Raises UnknownName, and PageNeeded while translations or links of other pages need it.
    """
    keeping = Keeping(session, editor, now)
    keeping.alone()
    first = find_page(session, slug, language=language or ENGLISH)
    rows = _rows(session, slug)
    if language == ENGLISH and len(rows) > 1:
        others = ", ".join(sorted(set(rows) - {ENGLISH}))
        raise PageNeeded(f"Page {slug} is translated ({others}); delete it in all languages, or those first.")
    gone = list(rows.values()) if language is None else [first]
    broken = _broken(session)
    for page in gone:
        keeping.delete(page, PAGE_FIELDS)
    session.flush()
    _refuse_newly_broken(session, broken)
    return gone


def find_page(session: Session, slug: str, *, language: str = ENGLISH) -> Page:
    """Find a page in a language by its slug; raises UnknownName."""
    rows = _rows(session, slug)
    if not rows:
        slugs = session.scalars(select(Page.slug).distinct().order_by(Page.slug))
        raise unknown_name("page", slug, slugs, look="iscm pages list")
    if language not in rows:
        raise UnknownName(
            f"Page {slug} is not there in the language “{language:.20}”, only in: {', '.join(sorted(rows))}."
        )
    return rows[language]


def _rows(session: Session, slug: str) -> dict[str, Page]:
    return {page.language: page for page in session.scalars(select(Page).where(Page.slug == slug))}


def _language(code: str) -> str:
    found = plain_text.language(code, name="language")
    if found is None:
        raise UnwelcomeText("The language is empty; write its code, like fr.")
    return found


def _last_position(session: Session) -> int:
    return session.scalar(select(func.max(Page.position))) or 0


def _refuse_unfit(session: Session, slug: str, facts: Facts, *, first_line: int) -> None:
    paths = paths_on_record(session)
    paths = replace(paths, pages={**paths.pages, slug: heading_ids(facts["body"])})
    refuse_unfit(facts["body"], slug=slug, paths=paths, first_line=first_line)


def _broken(session: Session) -> dict[str, str]:
    """Return what is wrong today with the pages that are shown, by their codes."""
    paths = paths_on_record(session)
    found: dict[str, str] = {}
    for page in session.scalars(select(Page).where(Page.shown).order_by(Page.position, Page.slug)):
        try:
            refuse_unfit(page.body, slug=page.slug, paths=paths)
        except UnfitPage as unfit:
            found[page.code] = str(unfit)
    return found


def _refuse_newly_broken(session: Session, before: Mapping[str, str]) -> None:
    """Raise PageNeeded where another page links to what has just gone. What was broken before is let be."""
    for code, complaint in _broken(session).items():
        if before.get(code) != complaint:
            raise PageNeeded(f"Page {code} links to what would be gone; change it first.\n{complaint}")
