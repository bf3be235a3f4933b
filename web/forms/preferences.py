"""The page behind the link in each letter: language, address, what is kept, leaving, erasure.

GET shows it and changes nothing: mail scanners open every link. Each button is a form of its own, posted to
the same address; the link is all the permission there is, as for leaving.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from models import Subscriber
from newsletter.address_change import SameAddress, ask_change, may_change
from newsletter.addressing import BadAddress, readable_address
from newsletter.erasure import erase_reader
from newsletter.links import Purpose, make_token
from newsletter.own_data import export_reader
from newsletter.subscription import reader_of
from web.answer import page
from web.forms.fields import field_text
from web.forms.own_file import own_file
from web.forms.reader import readers_language
from web.surroundings import surroundings_of


async def preferences(request: Request) -> Response:
    """Answer `/p/{token}`: GET shows the choices, POST does one of them and nothing else."""
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    async with request.form(max_fields=16, max_files=1) as form:
        return await run_in_threadpool(_act, request, form)


def _show(request: Request) -> Response:
    around = surroundings_of(request)
    with around.database.reading() as session:
        return _page(request, _reader(request, session))


def _act(request: Request, form: FormData) -> Response:
    """Do what the pressed button says; a form that names no act chooses the language."""
    act = _ACTS.get(field_text(form, "act") or "language")
    with surroundings_of(request).database.writing() as session:
        reader = _reader(request, session)
        if reader is None or act is None:
            return _page(request, reader)
        return act(request, session, reader, form)


def _choose_language(request: Request, session: Session, reader: Subscriber, form: FormData) -> Response:
    del session
    chosen = field_text(form, "language")
    if chosen not in surroundings_of(request).site.languages:
        return _page(request, reader)
    reader.language = chosen
    return _page(request, reader, done="language")


def _change_address(request: Request, session: Session, reader: Subscriber, form: FormData) -> Response:
    around = surroundings_of(request)
    address = field_text(form, "address")
    if not may_change(reader):
        return _page(request, reader)
    try:
        ask_change(session, around.site.keys, reader, address=address, now=around.clock())
    except (BadAddress, SameAddress) as refusal:
        wrong = refusal.in_language(readers_language(reader, around=around))
        return _page(request, reader, address=address, wrong=wrong, status=422)
    return _page(request, reader, done="address")


def _take_data(request: Request, session: Session, reader: Subscriber, form: FormData) -> Response:
    del form
    return own_file(export_reader(session, surroundings_of(request).site.keys, reader))


def _erase(request: Request, session: Session, reader: Subscriber, form: FormData) -> Response:
    around = surroundings_of(request)
    language = readers_language(reader, around=around)
    if field_text(form, "sure") != "yes":
        return _page(request, reader, unsure=True, status=422)
    erase_reader(session, around.site.keys, reader, now=around.clock())
    return page(request, "preferences_erased.html", private=True, language=language)


_Act = Callable[[Request, Session, Subscriber, FormData], Response]
_ACTS: Final[dict[str, _Act]] = {
    "language": _choose_language,
    "address": _change_address,
    "data": _take_data,
    "erase": _erase,
}


def _reader(request: Request, session: Session) -> Subscriber | None:
    keys = surroundings_of(request).site.keys
    return reader_of(session, keys, request.path_params["token"], purpose=Purpose.PREFERENCES)


def _page(
    request: Request,
    reader: Subscriber | None,
    *,
    done: str = "",
    address: str = "",
    wrong: str | None = None,
    unsure: bool = False,
    status: int = 200,
) -> Response:
    around = surroundings_of(request)
    language = readers_language(reader, around=around)
    if reader is None:
        return page(request, "preferences_over.html", private=True, language=language)
    leave = make_token(around.site.keys, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)
    return page(
        request,
        "preferences.html",
        status=status,
        private=True,
        language=language,
        token=request.path_params["token"],
        leave=leave,
        done=done,
        languages=around.site.languages,
        reader=reader,
        own_address=readable_address(reader.address),
        may_change=may_change(reader),
        address=address,
        wrong=wrong,
        unsure=unsure,
    )
