"""Feeds over HTTP: a small ASGI application in front of the pages that answers from memory.

Calendar programs are unforgiving: Thunderbird switches a calendar off on any 4xx or 5xx, Google sends no
Accept, Outlook breaks on gzip, ICSx5 keeps only a 308. So there is no negotiation, no compression, no cookie,
and a feed that exists is always answered.
"""

from dataclasses import dataclass
from email.utils import format_datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from calendar_feed.addresses import is_feed_address, plain_address
from calendar_feed.served import ServedFeed, ServedFeeds
from web.conditional import is_unchanged
from web.feed_watch import FeedWatch

CACHE_CONTROL = "public, max-age=900, stale-while-revalidate=86400, stale-if-error=604800"
METHODS = "GET, HEAD, OPTIONS"

Headers = list[tuple[bytes, bytes]]

_OPEN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
]
_WORDS = (b"content-type", b"text/plain; charset=utf-8")
_SHORTLY = (b"cache-control", b"public, max-age=60")


@dataclass(frozen=True, slots=True)
class _Made:
    """The headers of one version of a feed, made once: of 200, and of 304."""

    feed: ServedFeed
    whole: Headers
    unchanged: Headers


class FeedsFirst:
    """Answers what is a feed's address, and hands everything else to the application behind it."""

    def __init__(self, inner: ASGIApp, *, watch: FeedWatch) -> None:
        """Stand in front of `inner`; what is served is `watch.current`."""
        self._inner = inner
        self._watch = watch
        self._made: dict[str, _Made] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        path, current = scope["path"], self._watch.current
        feed = current.feeds.get(path) if current else None
        if feed is None and not is_feed_address(plain_address(path)):
            await self._inner(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await _answer(send, status=204, headers=[*_OPEN, *_PREFLIGHT])
        elif scope["method"] not in {"GET", "HEAD"}:
            said = f"A feed is only read: {METHODS}.\n"
            await _say(scope, send, status=405, words=said, headers=[(b"allow", METHODS.encode())])
        elif feed is not None:
            await self._serve(scope, send, path, feed)
        else:
            await _miss(scope, send, current)

    async def _serve(self, scope: Scope, send: Send, path: str, feed: ServedFeed) -> None:
        made = self._made.get(path)
        if made is None or made.feed is not feed:
            made = self._made[path] = _made(feed)
        if is_unchanged(scope["headers"], etag=feed.etag, last_modified=feed.last_modified):
            await _answer(send, status=304, headers=made.unchanged)
        else:
            body = b"" if scope["method"] == "HEAD" else feed.body
            await _answer(send, status=200, headers=made.whole, body=body)


_PREFLIGHT: Headers = [
    (b"allow", METHODS.encode()),
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"86400"),
]


def _made(feed: ServedFeed) -> _Made:
    kept: Headers = [
        (b"etag", f'"{feed.etag}"'.encode()),
        (b"last-modified", format_datetime(feed.last_modified, usegmt=True).encode()),
        (b"cache-control", CACHE_CONTROL.encode()),
        *_OPEN,
    ]
    whole: Headers = [
        (b"content-type", b"text/calendar; charset=utf-8"),
        (b"content-disposition", f'inline; filename="{feed.file_name}"'.encode()),
        (b"content-length", str(len(feed.body)).encode()),
        (b"link", f'<{feed.page}>; rel="alternate"; type="text/html"'.encode()),
        (b"access-control-expose-headers", b"ETag, Last-Modified"),
        *kept,
    ]
    return _Made(feed, whole, kept)


async def _miss(scope: Scope, send: Send, current: ServedFeeds | None) -> None:
    """Answer where no feed stands: it has moved, it never was, or nothing could be read yet."""
    if current is None or not current.feeds:
        said = "The calendars cannot be read just now. Try again in a moment.\n"
        await _say(scope, send, status=503, words=said, headers=[(b"retry-after", b"30")])
        return
    address = plain_address(scope["path"])
    address = current.moved.get(address, address)
    if address in current.feeds:
        to = [(b"location", address.encode()), (b"cache-control", b"public, max-age=86400")]
        await _say(scope, send, status=308, words=f"This calendar is at {address}\n", headers=to)
        return
    said = "There is no calendar at this address. All of them are listed at /subscribe\n"
    await _say(scope, send, status=404, words=said, headers=[_SHORTLY])


async def _say(scope: Scope, send: Send, *, status: int, words: str, headers: Headers) -> None:
    """Answer in plain words."""
    body = words.encode()
    length = (b"content-length", str(len(body)).encode())
    told = b"" if scope["method"] == "HEAD" else body
    await _answer(send, status=status, headers=[_WORDS, length, *headers, *_OPEN], body=told)


async def _answer(send: Send, *, status: int, headers: Headers, body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
