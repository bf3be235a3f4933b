"""The link by which a reader chooses the language of the letter."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models import Subscriber
from newsletter.links import Purpose
from newsletter.subscription import reader_of
from web.answer import page
from web.forms.reader import readers_language
from web.surroundings import surroundings_of


async def preferences(request: Request) -> Response:
    """Answer `/p/{token}`: GET shows the languages, POST chooses one of them and nothing else."""
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    async with request.form(max_fields=16, max_files=1) as form:
        chosen = form.get("language")
    return await run_in_threadpool(_choose, request, chosen if isinstance(chosen, str) else "")


def _show(request: Request) -> Response:
    around = surroundings_of(request)
    token = request.path_params["token"]
    with around.database.reading() as session:
        reader = reader_of(session, around.site.keys, token, purpose=Purpose.PREFERENCES)
    return _page(request, "ask", reader)


def _choose(request: Request, chosen: str) -> Response:
    around = surroundings_of(request)
    token = request.path_params["token"]
    is_offered = chosen in around.site.languages
    with around.database.writing() as session:
        reader = reader_of(session, around.site.keys, token, purpose=Purpose.PREFERENCES)
        if reader is not None and is_offered:
            reader.language = chosen
    return _page(request, "chosen" if is_offered else "ask", reader)


def _page(request: Request, state: str, reader: Subscriber | None) -> Response:
    around = surroundings_of(request)
    language = readers_language(reader, around=around)
    return page(
        request,
        "preferences.html",
        private=True,
        language=language,
        token=request.path_params["token"],
        state=state if reader else "over",
        languages=around.site.languages,
        chosen=language,
    )
