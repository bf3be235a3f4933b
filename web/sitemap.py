"""The sitemap: every public page, so that search engines find the whole record (sitemaps.org, 0.9)."""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.public_pages import PublicPage, read_public_pages
from web.representation import represent
from web.surroundings import surroundings_of

MOST: Final = 50_000
"""Addresses one sitemap may hold; where there are more, /sitemap.xml is the index of several."""

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEADERS: Final = {"Content-Type": "application/xml; charset=utf-8", "Cache-Control": "public, max-age=3600"}


def sitemap(request: Request) -> Response:
    """Answer `/sitemap.xml`: the pages, or the index of their parts where they are too many for one."""
    return _sitemap(request, most=MOST)


def sitemap_part(request: Request) -> Response:
    """Answer `/sitemap/{number}.xml`, from 1; 404 where there is no such part."""
    return _sitemap(request, most=MOST, part=int(request.path_params["number"]))


def _sitemap(request: Request, *, most: int, part: int | None = None) -> Response:
    around = surroundings_of(request)
    with around.database.reading() as session:
        pages = read_public_pages(session)
    body = sitemap_of(pages, base_url=around.site.base_url, most=most, part=part)
    if body is None:
        raise HTTPException(404)
    return represent(request, body, headers=_HEADERS)


def sitemap_of(
    pages: Sequence[PublicPage], *, base_url: str, most: int = MOST, part: int | None = None
) -> bytes | None:
    """Return the sitemap of these pages, or one part of it; None where there is no such part."""
    parts = -(-len(pages) // most)
    if part is None and parts > 1:
        index = (f"<sitemap><loc>{base_url}/sitemap/{n + 1}.xml</loc></sitemap>" for n in range(parts))
        return _xml("sitemapindex", index)
    if part is not None and not (parts > 1 and 1 <= part <= parts):
        return None
    first = ((part or 1) - 1) * most
    return _xml("urlset", (_url(one, base_url=base_url) for one in pages[first : first + most]))


def _url(page: PublicPage, *, base_url: str) -> str:
    changed = f"<lastmod>{page.changed.isoformat()}</lastmod>" if page.changed else ""
    return f"<url><loc>{escape(base_url + page.path)}</loc>{changed}</url>"


def _xml(root: str, lines: Iterable[str]) -> bytes:
    opening = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">'
    return "\n".join([opening, *lines, f"</{root}>\n"]).encode()
