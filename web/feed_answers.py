"""What a calendar program is answered: headers, bytes and plain words, the same for every feed.

Calendar programs are unforgiving: Thunderbird switches a calendar off on any 4xx or 5xx, Google sends no
Accept, Outlook breaks on gzip, ICSx5 keeps only a 308. So there is no negotiation, no compression, no cookie.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from starlette.types import Scope, Send

from calendar_feed.served import ServedFeed
from web.conditional import is_unchanged

CACHE_CONTROL = "public, max-age=900, stale-while-revalidate=86400, stale-if-error=604800"
METHODS = "GET, HEAD, OPTIONS"

Headers = list[tuple[bytes, bytes]]

_OPEN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
]
_WORDS = (b"content-type", b"text/plain; charset=utf-8")
_PREFLIGHT: Headers = [
    (b"allow", METHODS.encode()),
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"86400"),
]


@dataclass(frozen=True, slots=True)
class Made:
    """The headers of a feed, made once for each version of it: those of 200, and those of 304.

    They hold no bytes of it, so that what left the shelf leaves memory too.
    """

    etag: str
    last_modified: datetime
    whole: Headers
    unchanged: Headers

    @classmethod
    def of(cls, feed: ServedFeed) -> "Made":
        """Make the headers."""
        kept: Headers = [
            (b"etag", f'"{feed.etag}"'.encode()),
            (b"last-modified", format_datetime(feed.last_modified, usegmt=True).encode()),
            (b"cache-control", CACHE_CONTROL.encode()),
            *_OPEN,
        ]
        whole: Headers = [
            (b"content-type", feed.content_type.encode()),
            (b"content-disposition", f'inline; filename="{feed.file_name}"'.encode()),
            (b"content-length", str(len(feed.body)).encode()),
            (b"link", f'<{feed.page}>; rel="alternate"; type="text/html"'.encode()),
            (b"access-control-expose-headers", b"ETag, Last-Modified"),
            *kept,
        ]
        return cls(feed.etag, feed.last_modified, whole, kept)

    def are_of(self, feed: ServedFeed) -> bool:
        """Say whether these are the headers of this version."""
        return self.etag == feed.etag and self.last_modified == feed.last_modified


async def give(scope: Scope, send: Send, feed: ServedFeed, made: Made) -> None:
    """Answer with a feed, or 304 where the client has it."""
    if is_unchanged(scope["headers"], etag=feed.etag, last_modified=feed.last_modified):
        await _answer(send, status=304, headers=made.unchanged)
    else:
        body = b"" if scope["method"] == "HEAD" else feed.body
        await _answer(send, status=200, headers=made.whole, body=body)


async def allow(send: Send) -> None:
    """Answer OPTIONS, for calendars in web pages of others (CORS)."""
    await _answer(send, status=204, headers=[*_OPEN, *_PREFLIGHT])


async def refuse_method(scope: Scope, send: Send) -> None:
    """Answer 405."""
    said = f"A feed is only read: {METHODS}.\n"
    await _say(scope, send, status=405, words=said, headers=[(b"allow", METHODS.encode())])


async def lead_to(scope: Scope, send: Send, address: str) -> None:
    """Answer 308 with the address where the feed stands, for ever."""
    to = [(b"location", address.encode()), (b"cache-control", b"public, max-age=86400")]
    await _say(scope, send, status=308, words=f"This calendar is at {address}\n", headers=to)


async def not_found(scope: Scope, send: Send) -> None:
    """Answer 404: there is no such feed."""
    said = "There is no calendar at this address. Choose one at /subscribe\n"
    shortly = [(b"cache-control", b"public, max-age=60")]
    await _say(scope, send, status=404, words=said, headers=shortly)


async def ask_for_patience(scope: Scope, send: Send) -> None:
    """Answer 503: better than 404, on which calendars are switched off."""
    said = "The calendars cannot be read just now. Try again in a moment.\n"
    await _say(scope, send, status=503, words=said, headers=[(b"retry-after", b"30")])


async def _say(scope: Scope, send: Send, *, status: int, words: str, headers: Headers) -> None:
    """Answer in plain words."""
    body = words.encode()
    length = (b"content-length", str(len(body)).encode())
    told = b"" if scope["method"] == "HEAD" else body
    await _answer(send, status=status, headers=[_WORDS, length, *headers, *_OPEN], body=told)


async def _answer(send: Send, *, status: int, headers: Headers, body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
