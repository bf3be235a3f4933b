"""The pages about ISCMs: all of them with their summaries, and each one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.page_list import PageHead, shown_page, shown_pages
from templates.dates import written_date
from templates.languages import ENGLISH, direction
from templates.markdown import Directive, Heading, Prose, read_markdown
from web.addresses import report_address
from web.answer import page
from web.language import language_of
from web.pages.about_blocks import BlockView, read_blocks
from web.site import Site
from web.surroundings import surroundings_of

_ENOUGH_FOR_CONTENTS = 3


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page in a list. `language` is that of its words, and `direction` which way they run."""

    address: str
    title: str
    summary: str | None
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class AboutPage:
    """One page: its text and blocks in order, its contents where it is long, and its neighbours."""

    line: PageLine
    parts: tuple[Prose | BlockView, ...]
    contents: tuple[Heading, ...]
    changed: str
    changed_exact: str
    all: tuple[PageLine, ...]
    before: PageLine | None
    after: PageLine | None


def about(request: Request) -> Response:
    """Answer `/about`."""
    with surroundings_of(request).database.reading() as session:
        lines = read_index(session, language=language_of(request))
    return page(request, "about.html", lines=lines)


def about_page(request: Request) -> Response:
    """Answer `/about/{slug}`; 404 for a page that is not there or not shown."""
    around, language = surroundings_of(request), language_of(request)
    slug = request.path_params["slug"]
    with around.database.reading() as session:
        view = read_about(session, slug, site=around.site, today=around.today, language=language)
    if view is None:
        raise HTTPException(404)
    report = report_address(view.line.address, language=language)
    return page(request, "about_page.html", about=view, report=report)


def read_index(session: Session, *, language: str = ENGLISH) -> tuple[PageLine, ...]:
    """Return the pages that readers may see, in their order; English where a translation is missing."""
    return tuple(_line(head) for head in shown_pages(session, language=language))


def read_about(
    session: Session, slug: str, *, site: Site, today: date, language: str = ENGLISH
) -> AboutPage | None:
    """Return one page as of a day, or None.

    It takes two statements, and of each block a number that does not depend on how much is on record.
    """
    found = shown_page(session, slug, language=language)
    if found is None:
        return None
    reading = read_markdown(found.body)
    blocks = read_blocks(
        session,
        [part for part in reading.parts if isinstance(part, Directive)],
        site=site,
        today=today,
        language=language,
    )
    lines = read_index(session, language=language)
    place = next(number for number, line in enumerate(lines) if line.address == f"/about/{slug}")
    contents = tuple(heading for heading in reading.headings if heading.level == 2)
    return AboutPage(
        line=lines[place],
        parts=tuple(_parts(reading.parts, blocks)),
        contents=contents if len(contents) >= _ENOUGH_FOR_CONTENTS else (),
        changed=written_date(found.changed_at.date(), language=language),
        changed_exact=found.changed_at.date().isoformat(),
        all=lines,
        before=lines[place - 1] if place else None,
        after=lines[place + 1] if place + 1 < len(lines) else None,
    )


def _parts(parts: tuple[Prose | Directive, ...], blocks: dict[int, BlockView]) -> list[Prose | BlockView]:
    """Put the blocks in the places of their directives; a directive that is none shows nothing."""
    placed = (blocks.get(part.line) if isinstance(part, Directive) else part for part in parts)
    return [part for part in placed if part is not None]


def _line(head: PageHead) -> PageLine:
    return PageLine(
        address=f"/about/{head.slug}",
        title=head.title,
        summary=head.summary,
        language=head.language,
        direction=direction(head.language),
    )
