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

from calendar_feed.addresses import is_feed_address, meeting_asked_for, plain_address
from calendar_feed.asked import Asked, asked_for
from calendar_feed.keys import own_code
from calendar_feed.served import ServedFeed
from calendar_feed.shelf import Shelf
from calendar_feed.standings import Standing, Standings
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
            feed, address = await self._made_of(standing.asked, standing), path
        elif meeting := meeting_asked_for(address := plain_address(path)):
            feed = await self._meeting(address, *meeting, current=current)
            address = address if feed else path
        elif (asked := asked_for(address)) and (code := own_code(asked.key)):
            feed, address = await self._own(code, asked, path, current)
        elif asked and (found := current.of(asked)):
            asked, standing = found
            address = asked.address
            feed = await self._made_of(asked, standing) if address == path else None
        else:
            await not_found(scope, send)
            return
        if address != path:
            await lead_to(scope, send, address)
        elif feed is not None:
            await give(scope, send, feed, self._with_headers(path, feed))
        else:
            await not_found(scope, send)

    async def _made_of(self, asked: Asked, standing: Standing) -> ServedFeed | None:
        shelf, address = self._watch.shelf, asked.address
        held = shelf.held(address, standing.mark)
        return held or await self._fetched(address, partial(shelf.fetch, asked))

    async def _own(
        self, code: str, asked: Asked, path: str, current: Standings
    ) -> tuple[ServedFeed | None, str]:
        """Return the calendar of a saved choice and its address, which names no language: the choice does.

        Nothing is read where it stands elsewhere.
        """
        asked = Asked(asked.key, variants=asked.variants, form=asked.form)
        if asked.address != path:
            return None, asked.address
        shelf, mark = self._watch.own_shelf, current.own_mark
        fetch = partial(shelf.fetch, asked, mark=mark)
        feed = shelf.held(path, mark) or await self._fetched(path, fetch, shelf=shelf)
        if feed is not None and self._watch.asked is not None:
            self._watch.asked.add(code)
        return feed, path

    async def _meeting(
        self, address: str, language: str, slug: str, *, current: Standings
    ) -> ServedFeed | None:
        if language not in current.languages:
            return None
        # Any publishing may have changed it, so it is looked at once after each.
        shelf, mark = self._watch.shelf, str(current.revision[1])
        fetch = partial(shelf.fetch_meeting, address, slug, language=language, mark=mark)
        return shelf.held(address, mark) or await self._fetched(address, fetch)

    async def _fetched(
        self, address: str, fetch: Callable[[], ServedFeed | None], *, shelf: Shelf | None = None
    ) -> ServedFeed | None:
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
            last = (shelf or self._watch.shelf).last_good(address)
            _log.warning("a feed cannot be read", feed=address, reason=explain(error) or repr(error))
            if last is None:
                raise _Unavailable from error
            return last

    def _with_headers(self, address: str, feed: ServedFeed) -> Made:
        made = self._made.get(address)
        if made is None or not made.are_of(feed):
            made = self._made[address] = Made.of(feed)
            if len(self._made) > _MADE_AT_MOST:
                self._made.popitem(last=False)
        return made
