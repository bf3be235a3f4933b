"""The page of a saved choice, whose address is the secret that opens it: take the calendar, change it."""

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from calendar_feed.keys import own_key
from models.saved_choice_keeping import change_choice, choice_of
from templates.languages import catalogue
from web.answer import page
from web.calendar_programs import calendar_programs
from web.language import in_language, language_of
from web.pages.subscribe import MOST_FIELDS, read_builder, taken, values
from web.pages.subscribe_options import Offered, asked_variants
from web.pages.subscribe_preview import feed_languages
from web.surroundings import surroundings_of


async def my_choice(request: Request) -> Response:
    """Answer `/my-edit/{secret}`: the ways to the calendar, and the form to change what it holds.

    GET with `chosen` shows another choice without keeping it, POST keeps it. The calendar's address stays.
    404 for a secret nothing was kept with.
    """
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    async with request.form(max_fields=MOST_FIELDS, max_files=1) as form:
        return await run_in_threadpool(_change, request, form)


def _show(request: Request) -> Response:
    around, language = surroundings_of(request), language_of(request)
    secret = request.path_params["secret"]
    with around.database.reading() as session:
        kept = choice_of(session, secret)
        if kept is None:
            raise HTTPException(404)
        builder = read_builder(request, session, request.query_params, kept=kept)
        name = catalogue(language).gettext("My choice")
        feed = taken(
            around.site, own_key(kept.code), name=name, choice=kept.choice, variants=builder.variants
        )
        is_changed = builder.choice != kept.choice
    return page(
        request,
        "parts/chosen.html" if request.query_params.get("part") == "chosen" else "subscribe_edit.html",
        private=True,
        builder=builder,
        feed=feed,
        secret=secret,
        link=around.site.base_url + in_language(f"/my-edit/{secret}", language),
        is_changed=is_changed,
        was_saved=request.query_params.get("saved") == "1" and not is_changed,
        programs=calendar_programs(language),
    )


def _change(request: Request, form: FormData) -> Response:
    around, secret = surroundings_of(request), request.path_params["secret"]
    given = values(form)
    with around.database.writing() as session:
        kept = choice_of(session, secret)
        if kept is None:
            raise HTTPException(404)
        languages = feed_languages(session, around.site.languages)
        offered = Offered(session, language=language_of(request), languages=languages)
        change_choice(session, secret, offered.choice(given, kept=kept.choice), now=around.clock())
    query = [("saved", "1"), *(("variant", one.value) for one in asked_variants(given["variant"]))]
    return RedirectResponse(f"/my-edit/{secret}?{urlencode(query)}", status_code=303)
