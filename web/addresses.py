"""Addresses of pages: the one that search engines are to know, and where an error on a page is told."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from starlette.requests import Request

from web.site import Site


def canonical_address(request: Request, site: Site, *, distinct: Sequence[str]) -> str:
    """Return the one address of the page that was asked for, whatever host and query it was asked by.

    Of the query only the parts named in `distinct` are kept, in that order; `page=1` is the page itself.
    """
    given = request.query_params
    kept = [(name, given[name]) for name in distinct if given.get(name)]
    query = urlencode([pair for pair in kept if pair != ("page", "1")])
    path = quote(request.scope["path"])
    return f"{site.base_url}{path}" + (f"?{query}" if query else "")


def report_address(path: str | None) -> str:
    """Return where an error on the page at `path` is told; None for a page whose address is a secret."""
    return "/report" if path is None else f"/report?{urlencode({'page': path}, safe='/')}"
