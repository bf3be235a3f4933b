"""Which addresses are pages of this site that may be named in public."""

import re
from typing import Final
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.routing import Match, Router

from templates.languages import ENGLISH
from web.language import divided, has_no_language
from web.surroundings import surroundings_of

# Pages whose address is a secret, and what is no page.
_NOT_NAMED: Final = ("/c/", "/p/", "/u/", "/my-edit/", "/mailbox", "/static/", "/report")
_PATH: Final = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]{0,300}")


def own_path(request: Request, address: str) -> str | None:
    """Return the path of a page of this site, without query and fragment; None for anything else.

    Takes a path, or a whole address that begins with the site's own. Whether the record holds what a path
    names is not asked: an error may be that it does not.
    """
    site = surroundings_of(request).site
    plain = address.strip().removeprefix(site.base_url)
    path = re.split(r"[?#]", plain, maxsplit=1)[0]
    language, in_english = divided(unquote(path), languages=site.languages)
    if not _PATH.fullmatch(path) or in_english.startswith(_NOT_NAMED):
        return None
    if in_english != unquote(path) and (language == ENGLISH or has_no_language(in_english)):
        return None
    router = request.app.router
    assert isinstance(router, Router)  # noqa: S101 - Starlette's own; this tells the type checker
    scope = {"type": "http", "method": "GET", "path": in_english, "root_path": "", "headers": []}
    found = any(route.matches(scope)[0] is Match.FULL for route in router.routes)
    return quote(unquote(path), safe="/") if found else None
