"""Feeds over HTTP: a small ASGI application in front of the pages that answers from memory.

A feed that exists is always answered: from the shelf; where it is not there in its present version, from the
database; and where that cannot be read, with the last bytes there were.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from calendar_feed.addresses import (
    feed_address,
    is_feed_address,
    meeting_asked_for,
    plain_address,
    variant_address,
    variant_asked_for,
)
from calendar_feed.served import ServedFeed, Standing, Standings
from calendar_feed.variants import Variant
from models.database import explain
from web.feed_answers import (
    Made,
    allow,
    ask_for_patience,
    give,
    lead_to,
    not_found,
    refuse_method,
)
from web.feed_watch import FeedWatch

_MADE_AT_MOST = 4096
"""How many versions' headers are kept."""

_log = structlog.get_logger(__name__)


class _Unavailable(Exception):  # noqa: N818 - it says how the feed is
    """The database cannot be read, and no earlier bytes are at hand."""


class FeedsFirst:
    """Answers what is a feed's address, and hands everything else to the application behind it."""

    def __init__(self, inner: ASGIApp, *, watch: FeedWatch) -> None:
        """Stand in front of `inner`; what is served is `watch.current`, from `watch.shelf`."""
        self._inner = inner
        self._watch = watch
        self._made: OrderedDict[str, Made] = OrderedDict()
        self._fetching: dict[str, asyncio.Future[ServedFeed | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        path, current = scope["path"], self._watch.current
        standing = current.feeds.get(path) if current else None
        if standing is None and not is_feed_address(plain_address(path)):
            await self._inner(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await allow(send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await refuse_method(scope, send)
        elif current is None or not current.feeds:
            await ask_for_patience(scope, send)
        else:
            try:
                await self._answer(scope, send, current, standing)
            except _Unavailable:
                await ask_for_patience(scope, send)

    async def _answer(self, scope: Scope, send: Send, current: Standings, standing: Standing | None) -> None:
        path = scope["path"]
        if standing is not None:
            feed, address = await self._stored(path, standing), path
        elif asked := meeting_asked_for(address := plain_address(path)):
            feed = await self._meeting(address, *asked, current=current)
        elif wanted := variant_asked_for(address):
            feed, address = await self._variant(*wanted, current=current)
        else:
            feed, address = None, current.moved.get(address, address)
        if feed is not None and address == path:
            await give(scope, send, self._with_headers(path, feed))
        elif feed is not None or address in current.feeds:
            await lead_to(scope, send, address)
        else:
            await not_found(scope, send)

    async def _stored(self, address: str, standing: Standing) -> ServedFeed | None:
        shelf = self._watch.shelf
        held = shelf.held(address, standing.mark)
        return held or await self._fetched(address, partial(shelf.fetch, address, standing))

    async def _variant(
        self, language: str, key: str, variants: tuple[Variant, ...], *, current: Standings
    ) -> tuple[ServedFeed | None, str]:
        """Return a variant of a feed, and the address where it stands: its words in their order."""
        plain = feed_address(key, language=language)
        standing = current.feeds.get(current.moved.get(plain, plain))
        if standing is None:
            return None, plain
        address = variant_address(standing.key, language=language, variants=variants)
        shelf = self._watch.shelf
        fetch = partial(shelf.fetch_variant, address, standing, variants)
        return shelf.held(address, standing.mark) or await self._fetched(address, fetch), address

    async def _meeting(
        self, address: str, language: str, slug: str, *, current: Standings
    ) -> ServedFeed | None:
        if language not in current.languages:
            return None
        # Any publishing may have changed it, so it is looked at once after each.
        shelf, mark = self._watch.shelf, str(current.revision[1])
        fetch = partial(shelf.fetch_meeting, address, slug, language=language, mark=mark)
        return shelf.held(address, mark) or await self._fetched(address, fetch)

    async def _fetched(self, address: str, fetch: Callable[[], ServedFeed | None]) -> ServedFeed | None:
        """Read a feed from the database in a thread, once for all who ask at that moment.

        Raises _Unavailable where neither that nor the last good bytes can be had.
        """
        running = self._fetching.get(address)
        if running is None:
            running = self._fetching[address] = asyncio.ensure_future(asyncio.to_thread(fetch))
            running.add_done_callback(lambda _: self._fetching.pop(address, None))
        try:
            return await asyncio.shield(running)
        except Exception as error:
            last = self._watch.shelf.last_good(address)
            _log.warning("a feed cannot be read", feed=address, reason=explain(error) or repr(error))
            if last is None:
                raise _Unavailable from error
            return last

    def _with_headers(self, address: str, feed: ServedFeed) -> Made:
        made = self._made.get(address)
        if made is None or made.feed is not feed:
            made = self._made[address] = Made.of(feed)
            if len(self._made) > _MADE_AT_MOST:
                self._made.popitem(last=False)
        return made
