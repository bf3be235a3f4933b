"""When a page cannot be shown: what happened and what to do, in the house's manner, with the right status."""

import secrets
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.database import explain
from models.refusal import Refusal
from templates.languages import catalogue
from web.answer import page
from web.body_size import LARGEST_BODY
from web.language import language_of

_RETRY_SECONDS: Final = "30"

# Only what these addresses are made of is a word to search for; others may hold a secret.
_WORDED: Final = ("mechanisms", "meetings", "countries", "themes", "documents", "about", "types", "calendar")

_log = structlog.get_logger(__name__)


def not_found(request: Request, error: Exception) -> Response:
    """Answer 404, or the other status a route asked for; a wrong method says which ones are right.

    An address with a slash too many at its end is answered 308 with the one without.
    """
    status = error.status_code if isinstance(error, HTTPException) else 404
    path = request.url.path
    if status == 404 and path.endswith("/") and request.method in {"GET", "HEAD"}:
        # One slash before and none behind: two before would lead to another host.
        return RedirectResponse("/" + path.strip("/"), status_code=308)
    title, sentence = _told(status, detail=str(getattr(error, "detail", "")), language=language_of(request))
    searched = _words_of(request.scope["path"]) if status == 404 else ""
    answer = _failure(request, status, title=title, sentence=sentence, searched=searched)
    answer.headers.update(getattr(error, "headers", None) or {})
    if "allow" in answer.headers:
        answer.headers["allow"] = ", ".join(sorted(answer.headers["allow"].split(", ")))
    return answer


def no_database(request: Request, error: Exception) -> Response:
    """Answer 503 with what is known of why the record cannot be read, and when to try again."""
    _ = catalogue(language_of(request)).gettext
    sentence = explain(error) or _("Try again in a moment; calendars and letters are not affected.")
    title = _("The record cannot be read just now")
    answer = _failure(request, 503, title=title, sentence=sentence, searched=None)
    answer.headers["Retry-After"] = _RETRY_SECONDS
    return answer


def refused(request: Request, error: Exception) -> Response:
    """Answer 400 with the sentence of a refusal that no page has shown beside its field."""
    language = language_of(request)
    title = catalogue(language).gettext("That cannot be done")
    sentence = error.in_language(language) if isinstance(error, Refusal) else str(error)
    return _failure(request, 400, title=title, sentence=sentence)


def defect(request: Request, error: Exception) -> Response:
    """Answer 500 with a code to name the incident by; what broke goes to the log under that code alone.

    The server writes the stack, which carries the code as a note; the line here says which page it was, by
    its route, since an address may be a secret.
    """
    code = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    error.add_note(f"Incident {code}")
    route = getattr(request.scope.get("route"), "path", None)
    _log.error("page failed", incident=code, route=route, method=request.method, error=type(error).__name__)
    _ = catalogue(language_of(request)).gettext
    return _failure(
        request,
        500,
        title=_("Something went wrong on our side"),
        sentence=_(
            "It has been written down. Try again in a moment; calendars and letters are not affected."
        ),
        incident=code,
    )


def _told(status: int, *, detail: str, language: str) -> tuple[str, str]:
    """Return the title and the sentence of a status that a route asked for."""
    _ = catalogue(language).gettext
    match status:
        case 404:
            title = _("There is no such page")
            sentence = _("The address may be mistyped. What was published once is not taken away.")
        case 405:
            title = _("This page cannot be used in that way")
            sentence = _("Open it in your browser instead.")
        case 413:
            title = _("That is too much at once")
            sentence = _("A form takes %(size)d kB. Go back, shorten what you wrote, and send it again.")
            sentence %= {"size": LARGEST_BODY // 1024}
        case _:
            title = _("The page could not be understood")
            sentence = detail or _("Go back and try again.")
    return title, sentence


def _words_of(path: str) -> str:
    """Return the words of an address that led nowhere, to search for: `bali process` of a mistyped slug."""
    room, _, rest = path.strip("/").partition("/")
    return rest.replace("-", " ").replace("/", " ")[:80] if room in _WORDED else ""


def _failure(
    request: Request,
    status: int,
    *,
    title: str,
    sentence: str,
    searched: str | None = "",
    incident: str | None = None,
) -> Response:
    """Answer with the one page of failures; `searched` stands in its search field, None leaves it out."""
    answer = page(
        request,
        "failure.html",
        status=status,
        title=title,
        sentence=sentence,
        searched=searched,
        incident=incident,
    )
    answer.headers["Cache-Control"] = "no-store"
    if "etag" in answer.headers:
        del answer.headers["etag"]
    return answer


HANDLERS: Final = {
    HTTPException: not_found,
    SQLAlchemyError: no_database,
    Refusal: refused,
    Exception: defect,
}
"""What answers which error; the nearest class wins."""
