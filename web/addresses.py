"""Addresses of pages: the one that search engines are to know, and where an error on a page is told."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from starlette.requests import Request

from web.language import in_language
from web.site import Site


def canonical_path(request: Request, *, distinct: Sequence[str]) -> str:
    """Return the one plain path and query of the page that was asked for, whatever query it was asked by.

    Of the query only the parts named in `distinct` are kept, in that order; `page=1` is the page itself.
    """
    given = request.query_params
    kept = [(name, given[name]) for name in distinct if given.get(name)]
    query = urlencode([pair for pair in kept if pair != ("page", "1")])
    return quote(request.scope["path"]) + (f"?{query}" if query else "")


def whole_address(site: Site, path: str, *, language: str) -> str:
    """Return the address of a page in a language for whoever reads it elsewhere: with the site's own name."""
    return site.base_url + in_language(path, language)


def report_address(path: str | None, *, language: str) -> str:
    """Return where an error on the page at a plain `path` is told; None where its address is a secret."""
    if path is None:
        return "/report"
    return f"/report?{urlencode({'page': in_language(path, language)}, safe='/')}"
