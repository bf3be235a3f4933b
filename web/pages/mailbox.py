"""The local mailbox: what would have been mailed, while no mail server is set. Nothing leaves the machine."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from web.answer import page
from web.headers import CONTENT_POLICY
from web.mails import Mail, framed_html, newest_mails, read_mail, read_picture
from web.surroundings import surroundings_of

_MAILS_ON_A_PAGE: Final = 50
_UNKEPT: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

# A mail is a stranger's document: it gets no origin, runs nothing, sends nothing, loads what it holds.
_MAIL_POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
    "frame-ancestors 'self'"
)


def mailbox(request: Request) -> Response:
    """Answer `/mailbox`: the newest mails, and older ones by `?before=`."""
    mails, more = newest_mails(
        _folder(request), before=request.query_params.get("before"), number=_MAILS_ON_A_PAGE
    )
    return page(request, "mailbox.html", private=True, mails=mails, more=more)


def mail(request: Request) -> Response:
    """Answer `/mailbox/{name}`: the mail as it looks, its text and its headers."""
    answer = page(request, "mail.html", private=True, mail=_mail(request))
    answer.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; frame-src 'self'"
    return answer


def mail_html(request: Request) -> Response:
    """Answer `/mailbox/{name}/html`: the HTML part as a document of its own."""
    shown = _mail(request)
    if shown.html is None:
        raise HTTPException(404)
    html = framed_html(shown.html, address=f"/mailbox/{shown.envelope.name}/pictures")
    return HTMLResponse(html, headers=_UNKEPT | {"Content-Security-Policy": _MAIL_POLICY})


def mail_text(request: Request) -> Response:
    """Answer `/mailbox/{name}/text`: the text part."""
    shown = _mail(request)
    if shown.text is None:
        raise HTTPException(404)
    return PlainTextResponse(shown.text, headers=_UNKEPT)


def mail_source(request: Request) -> Response:
    """Answer `/mailbox/{name}/source`: the bytes that were sent, after the lines of the envelope."""
    return Response(_mail(request).source, media_type="text/plain; charset=utf-8", headers=_UNKEPT)


def mail_picture(request: Request) -> Response:
    """Answer `/mailbox/{name}/pictures/{cid}`."""
    found = read_picture(_folder(request), request.path_params["name"], request.path_params["cid"])
    if found is None:
        raise HTTPException(404)
    return Response(found.body, media_type=found.content_type, headers=_UNKEPT)


def _folder(request: Request) -> Path:
    folder = surroundings_of(request).site.mailbox
    if folder is None:
        raise HTTPException(404)
    return folder


def _mail(request: Request) -> Mail:
    found = read_mail(_folder(request), request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return found
