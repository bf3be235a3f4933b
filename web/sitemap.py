"""The sitemap: every public page in every language, so that search engines find the whole record.

After sitemaps.org, 0.9. Each address names the same page in all languages, itself too, as Google asks:
https://developers.google.com/search/docs/specialty/international/localized-versions
"""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from templates.languages import ENGLISH
from web.language import in_language
from web.language_switch import languages_of
from web.public_pages import PublicPage, read_public_pages
from web.representation import represent
from web.surroundings import surroundings_of

MOST: Final = 20_000
"""Addresses one sitemap holds; where there are more, /sitemap.xml is the index of several.

The protocol allows 50,000 in 50 MB; one with its alternates takes about 1 kB.
"""

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ALTERNATES: Final = "http://www.w3.org/1999/xhtml"
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
    languages = languages_of(around.site.languages)
    body = sitemap_of(pages, base_url=around.site.base_url, languages=languages, most=most, part=part)
    if body is None:
        raise HTTPException(404)
    return represent(request, body, headers=_HEADERS)


def sitemap_of(
    pages: Sequence[PublicPage],
    *,
    base_url: str,
    languages: Sequence[str] = (ENGLISH,),
    most: int = MOST,
    part: int | None = None,
) -> bytes | None:
    """Return the sitemap of these pages, or one part of it; None where there is no such part.

    A page stands once in each of the languages, all of them in the same part.
    """
    most = max(1, most // len(languages))
    parts = -(-len(pages) // most)
    if part is None and parts > 1:
        index = (f"<sitemap><loc>{base_url}/sitemap/{n + 1}.xml</loc></sitemap>" for n in range(parts))
        return _xml("sitemapindex", index)
    if part is not None and not (parts > 1 and 1 <= part <= parts):
        return None
    first = ((part or 1) - 1) * most
    shown = pages[first : first + most]
    return _xml("urlset", (_urls(one, base_url=base_url, languages=languages) for one in shown))


def _urls(page: PublicPage, *, base_url: str, languages: Sequence[str]) -> str:
    """Return the page in each language, each with the way to all of them."""
    changed = f"<lastmod>{page.changed.isoformat()}</lastmod>" if page.changed else ""
    addresses = {one: escape(base_url + in_language(page.path, one)) for one in languages}
    told = [*addresses.items(), ("x-default", addresses[languages[0]])] if len(languages) > 1 else []
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{one}" href="{address}"/>' for one, address in told
    )
    return "\n".join(f"<url><loc>{address}</loc>{changed}{links}</url>" for address in addresses.values())


def _xml(root: str, lines: Iterable[str]) -> bytes:
    opening = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}" xmlns:xhtml="{_ALTERNATES}">'
    )
    return "\n".join([opening, *lines, f"</{root}>\n"]).encode()
