"""Search: what the record has on a question, best first; whole, or as the part that a script asks for."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.search import LONGEST, Finds, SearchKind, nearest_names, search, single_words
from templates.languages import ENGLISH, catalogue
from templates.text import one_line
from web.answer import page
from web.language import language_of
from web.pages.find_line import FindLine, find_lines, kinds_in_words
from web.pages.search_ways import Way, ways
from web.paging import PARAMETER, paging
from web.surroundings import surroundings_of

PAGE_SIZE: Final = 20
_FEW: Final = 6
_PATH: Final = "/search"

# What is answered instead of the whole page, by ?part=: the finds beneath the field, or a few of them.
_PARTS: Final = {"results": "parts/search_results.html", "few": "parts/search_few.html"}


@dataclass(frozen=True, slots=True)
class KindLink:
    """A way to narrow what was found to one kind, or back to all of it."""

    words: str
    number: int
    address: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another question; number is how much it finds, None where it was not tried."""

    words: str
    address: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the page of a search shows. `query` is None where nothing was asked."""

    query: str | None
    total: int = 0
    lines: tuple[FindLine, ...] = ()
    kinds: tuple[KindLink, ...] = ()
    ways: tuple[Way, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    all_address: str = _PATH


def find(request: Request) -> Response:
    """Answer `/search?q=`, narrowed by `kind`; `part` asks for a piece of the page. Kept out of indexes."""
    given = request.query_params
    query = one_line(given.get("q", "")[:LONGEST])
    kind = _kind(given.get("kind"))
    part = given.get("part")
    if part and part not in _PARTS:
        raise HTTPException(404)
    around, language = surroundings_of(request), language_of(request)
    size = _FEW if part == "few" else PAGE_SIZE
    asked = [(name, value) for name, value in (("q", query), ("kind", kind)) if value]
    with around.database.reading() as session:
        found = search(
            session,
            query,
            kinds=(kind,) if kind else (),
            limit=size,
            offset=_offset(given.get(PARAMETER), size),
            language=language,
        )
        total = found.counts.get(kind, 0) if kind else found.total
        pages = paging(request, total=total, size=size, query=asked)
        view = _view(session, found, query=query, kind=kind, today=around.today, language=language)
    answer = page(
        request,
        _PARTS[part] if part else "search.html",
        distinct=("q", "kind", PARAMETER),
        search=view,
        paging=pages,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _view(
    session: Session,
    found: Finds,
    *,
    query: str,
    kind: SearchKind | None,
    today: date,
    language: str = ENGLISH,
) -> SearchPage:
    return SearchPage(
        query=query or None,
        total=found.total,
        lines=find_lines(session, found.finds, today=today, language=language),
        kinds=_kind_links(found, query=query, kind=kind, language=language),
        ways=ways(session, found.query, language=language),
        suggestions=_suggestions(session, query, language=language) if query and not found.total else (),
        all_address=_address(query),
    )


def _kind_links(found: Finds, *, query: str, kind: SearchKind | None, language: str) -> tuple[KindLink, ...]:
    """Return a way to all finds and one to each kind that has any, the one that is chosen always."""
    words = kinds_in_words(language=language)
    return (
        KindLink(catalogue(language).gettext("All"), found.total, _address(query), is_here=kind is None),
        *(
            KindLink(words[one], found.counts.get(one, 0), _address(query, one), is_here=one is kind)
            for one in SearchKind
            if one in found.counts or one is kind
        ),
    )


def _suggestions(session: Session, query: str, *, language: str) -> tuple[Suggestion, ...]:
    return (
        *(Suggestion(name, _address(name)) for name in nearest_names(session, query)),
        *(
            Suggestion(word, _address(word), number)
            for word, number in single_words(session, query, language=language).items()
        ),
    )


def _kind(written: str | None) -> SearchKind | None:
    """Read the kind that was asked for; 404 for what is none."""
    if not written:
        return None
    try:
        return SearchKind(written)
    except ValueError as error:
        raise HTTPException(404) from error


def _offset(written: str | None, size: int) -> int:
    """Return where a page begins; what is no page of the list is refused by `paging` afterwards."""
    digits = (written or "1")[:7]
    return (int(digits) - 1) * size if digits.isascii() and digits.isdigit() else 0


def _address(query: str, kind: SearchKind | None = None) -> str:
    pairs = [("q", query)] + ([("kind", kind.value)] if kind else [])
    return f"{_PATH}?{urlencode(pairs)}"
