"""Updates and changes as feeds over HTTP: answered as calendars are, from the last good bytes too."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from calendar_feed.asked import Form
from calendar_feed.entry_feed import EntryFeed, as_atom, as_json
from calendar_feed.served import CONTENT_TYPES, ServedFeed
from calendar_feed.updates_feed import Reader, read_updates_feed
from models.database import explain
from models.update_history import HistoryMark, UpdateHistory, history_mark, read_update_history
from web.change_feed import change_mark, read_changes_feed
from web.feed_answers import Made, allow, ask_for_patience, give, lead_to, refuse_method
from web.issue_feed import issues_mark, read_issues_feed
from web.language import in_language, language_of
from web.pages.mechanism import slug_of_alias
from web.surroundings import surroundings_of

_KEPT_AT_MOST: Final = 256
_SLUG: Final = re.compile(r"[A-Za-z0-9-]{1,200}")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Given:
    """A feed as it goes over the wire, with its headers."""

    feed: ServedFeed
    made: Made


@dataclass(frozen=True, slots=True)
class Moved:
    """The feed stands at another address, for ever."""

    address: str


Mark = tuple[object, ...]
Read = Callable[[Session, Request, Reader], EntryFeed | Moved | None]


class EntryFeeds:
    """An endpoint for all feeds of one family, in every language.

    `mark` reads in one statement what tells whether bytes that are kept still hold; `read` reads the feed
    that a request asks for.
    """

    def __init__(self, form: Form, *, name: str, mark: Callable[[Session], Mark], read: Read) -> None:
        """Begin with nothing kept."""
        self._form, self._name, self._mark, self._read = form, name, mark, read
        self._kept: OrderedDict[str, tuple[Mark, _Given]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        request = Request(scope)
        if request.method == "OPTIONS":
            await allow(send)
        elif request.method not in {"GET", "HEAD"}:
            await refuse_method(scope, send)
        else:
            await self._answer(request, scope, send)

    async def _answer(self, request: Request, scope: Scope, send: Send) -> None:
        address = in_language(request.url.path, language_of(request))
        try:
            found = await run_in_threadpool(self._current, request, address)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, readers keep what they have
            _log.warning("a feed cannot be read", feed=address, reason=explain(error) or repr(error))
            found = self._kept[address][1] if address in self._kept else None
            if found is None:
                await ask_for_patience(scope, send)
                return
        match found:
            case None:
                raise HTTPException(404)
            case Moved(to):
                await lead_to(scope, send, to)
            case _Given(feed, made):
                await give(scope, send, feed, made)

    def _current(self, request: Request, address: str) -> _Given | Moved | None:
        around, language = surroundings_of(request), language_of(request)
        with around.database.reading() as session:
            mark = self._mark(session)
            kept = self._kept.get(address)
            if kept is not None and kept[0] == mark:
                return kept[1]
            feed = self._read(session, request, Reader(language, around.site.base_url))
        if feed is None or isinstance(feed, Moved):
            return feed
        served = self._served(feed, source=around.site.base_url + address)
        given = _Given(served, Made.of(served))
        self._kept[address] = mark, given
        while len(self._kept) > _KEPT_AT_MOST:
            self._kept.popitem(last=False)
        return given

    def _served(self, feed: EntryFeed, *, source: str) -> ServedFeed:
        written = as_atom if self._form is Form.ATOM else as_json
        body = written(feed, source=source)
        return ServedFeed(
            body=body,
            etag=hashlib.sha256(body).hexdigest(),
            last_modified=feed.updated,
            content_type=CONTENT_TYPES[self._form],
            file_name=f"iscm-{self._name}.{self._form.value}",
            page=feed.page,
            mark="",
        )


def updates_feeds(form: Form) -> EntryFeeds:
    """Return the endpoint of `/updates` and `/mechanisms/{slug}/updates` in a form."""
    histories = _Histories()

    def read(session: Session, request: Request, reader: Reader) -> EntryFeed | Moved | None:
        slug = request.path_params.get("slug")
        if slug is not None and not _SLUG.fullmatch(slug):
            return None
        feed = read_updates_feed(session, histories.current(session), mechanism=slug, reader=reader)
        if feed is None and slug and (renamed := slug_of_alias(session, slug)):
            return Moved(f"/mechanisms/{renamed}/updates.{form.value}")
        return feed

    return EntryFeeds(form, name="updates", mark=history_mark, read=read)


def changes_feed() -> EntryFeeds:
    """Return the endpoint of `/changes.atom`."""

    def read(session: Session, request: Request, reader: Reader) -> EntryFeed:
        del request
        return read_changes_feed(session, reader=reader)

    return EntryFeeds(Form.ATOM, name="changes", mark=change_mark, read=read)


def issues_feed() -> EntryFeeds:
    """Return the endpoint of `/highlights.atom`."""

    def read(session: Session, request: Request, reader: Reader) -> EntryFeed:
        del request
        return read_issues_feed(session, reader=reader)

    return EntryFeeds(Form.ATOM, name="highlights", mark=issues_mark, read=read)


class _Histories:
    """The history of the updates, kept until it is another one: every mechanism's feed is made from it."""

    def __init__(self) -> None:
        self._kept: tuple[HistoryMark, UpdateHistory] | None = None

    def current(self, session: Session) -> UpdateHistory:
        mark = history_mark(session)
        if self._kept is None or self._kept[0] != mark:
            self._kept = mark, read_update_history(session)
        return self._kept[1]
