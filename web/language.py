"""The language of a page stands at the head of its address: `/fr/calendar`; English has none before it.

The layer takes it off, so that routes and pages know plain paths only, and puts it before whatever a page
leads to by plain path: the links and forms of its HTML, and the redirects.
"""

import re
from collections.abc import Collection
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from templates.languages import ENGLISH

_SCOPE: Final = "language"

# Files, what machines ask for, and the pages and feeds of one reader, who has a language of his own.
_WITHOUT: Final = re.compile(
    r"/(?:(?:static|mailbox|console|u|c|p|sitemap)(?:[/?#]|$)"
    r"|(?:healthz|readyz|metrics|robots\.txt|sitemap\.xml|favicon\.ico)(?:[?#]|$)"
    r"|feeds/(?:v/[^?#]*/)?(?:my|private)/"
    r"|documents/[^/?#]+/[^/?#])"
)
_NAMED: Final = re.compile(r"/(?P<language>[a-z]{2})(?=[/?#]|$)")
_LINK: Final = re.compile(r'(?P<before>\s(?:href|action|formaction)=")(?P<address>/(?!/)[^"]*)')


class Languages:
    """Hands the application behind it plain paths, with the language they were asked for in the scope."""

    def __init__(self, app: ASGIApp, *, languages: Collection[str]) -> None:
        """Stand in front of an application that speaks these languages; English among them or not."""
        self.app = app
        self._languages = frozenset(languages) | {ENGLISH}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the application; `/en/...` is answered 308 with the address that has no prefix."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        language, path = divided(scope["path"], languages=self._languages)
        if has_no_language(path):
            # Under a prefix the router knows no such address, and says so in the language of the prefix.
            path = scope["path"]
        elif path != scope["path"] and (language == ENGLISH or scope["path"] == f"/{language}/"):
            query = scope["query_string"].decode("latin-1")
            target = in_language("/" + path.strip("/"), language) + (f"?{query}" if query else "")
            await RedirectResponse(target, status_code=308)(scope, receive, send)
            return
        await self._answer(scope, receive, send, language=language, path=path)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, *, language: str, path: str) -> None:
        async def send_in_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "location" in headers:
                    headers["location"] = in_language(headers["location"], language)
            await send(message)

        inner: Scope = {**scope, "path": path, _SCOPE: language}
        try:
            await self.app(inner, receive, send_in_language)
        finally:
            # Who counts requests by their route stands before this layer.
            if "route" in inner:
                scope["route"] = inner["route"]


def language_of(request: Request) -> str:
    """Return the language a page is asked for in, by its address alone."""
    return str(request.scope.get(_SCOPE, ENGLISH))


def in_language(address: str, language: str) -> str:
    """Return where a page of this language leads by an address of the site: `/fr/calendar` by `/calendar`.

    Addresses of other sites, those that have no language, and those that name one themselves stay as they
    are, but `/en/...` is English without its prefix.
    """
    if not address.startswith("/") or address.startswith("//"):
        return address
    if named := _NAMED.match(address):
        if named["language"] != ENGLISH:
            return address
        rest = address[named.end() :]
        return rest if rest.startswith("/") else f"/{rest}"
    if language == ENGLISH or _WITHOUT.match(address):
        return address
    # The first page of a language has no slash at its end.
    rest = address[1:] if address == "/" or address[1:2] in {"?", "#"} else address
    return f"/{language}{rest}"


def links_in_language(html: str, language: str) -> str:
    """Return HTML of this language with its links and forms kept in it; see `in_language`."""
    if language == ENGLISH and 'href="/en' not in html:
        return html
    return _LINK.sub(lambda found: found["before"] + in_language(found["address"], language), html)


def has_no_language(path: str) -> bool:
    """Tell whether what is at a plain path is the same in every language, and has no prefix."""
    return _WITHOUT.match(path) is not None


def names_language(path: str) -> bool:
    """Tell whether an address begins with what could be a language."""
    return _NAMED.match(path) is not None


def divided(path: str, *, languages: Collection[str]) -> tuple[str, str]:
    """Return the language an address names, English where it names none, and the plain path behind it."""
    named = _NAMED.match(path)
    if named is None or named["language"] not in languages:
        return ENGLISH, path
    return named["language"], path[named.end() :] or "/"
