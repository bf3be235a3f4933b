"""When a page cannot be shown: what happened and what to do, in the house's manner, with the right status."""

from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.database import explain
from models.refusal import Refusal
from templates.languages import ENGLISH, catalogue
from web.answer import page

_RETRY_SECONDS: Final = "30"


def not_found(request: Request, error: Exception) -> Response:
    """Answer 404, or the other status a route asked for; a wrong method says which ones are right.

    An address with a slash too many at its end is answered 308 with the one without.
    """
    status = error.status_code if isinstance(error, HTTPException) else 404
    _ = catalogue(ENGLISH).gettext
    path = request.url.path
    if status == 404 and path.endswith("/") and request.method in {"GET", "HEAD"}:
        # One slash before and none behind: two before would lead to another host.
        return RedirectResponse("/" + path.strip("/"), status_code=308)
    if status == 404:
        title = _("There is no such page")
        sentence = _("The address may be mistyped. What was published once is not taken away.")
    elif status == 405:
        title = _("This page cannot be used in that way")
        sentence = _("Open it in your browser instead.")
    else:
        title = _("The page could not be understood")
        sentence = str(getattr(error, "detail", "")) or _("Go back and try again.")
    answer = page(request, "failure.html", status=status, title=title, sentence=sentence)
    answer.headers.update(getattr(error, "headers", None) or {})
    if "allow" in answer.headers:
        answer.headers["allow"] = ", ".join(sorted(answer.headers["allow"].split(", ")))
    return _not_kept(answer)


def no_database(request: Request, error: Exception) -> Response:
    """Answer 503 with what is known of why the record cannot be read, and when to try again."""
    sentence = explain(error) or catalogue(ENGLISH).gettext("The record cannot be read just now.")
    title = catalogue(ENGLISH).gettext("The record cannot be read just now")
    answer = page(request, "failure.html", status=503, title=title, sentence=sentence)
    answer.headers["Retry-After"] = _RETRY_SECONDS
    return _not_kept(answer)


def refused(request: Request, error: Exception) -> Response:
    """Answer 400 with the sentence of a refusal that no page has shown beside its field."""
    title = catalogue(ENGLISH).gettext("That cannot be done")
    return _not_kept(page(request, "failure.html", status=400, title=title, sentence=str(error)))


def defect(request: Request, error: Exception) -> Response:
    """Answer 500; the error itself goes to the log, by the server, and never to the reader."""
    del error
    _ = catalogue(ENGLISH).gettext
    answer = page(
        request,
        "failure.html",
        status=500,
        title=_("Something went wrong on our side"),
        sentence=_(
            "It has been written down. Try again in a moment; calendars and letters are not affected."
        ),
    )
    return _not_kept(answer)


def _not_kept(answer: Response) -> Response:
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
