"""The page to subscribe to a calendar: choose, see what it would hold, take it."""

import re
import secrets
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode, urlsplit

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from calendar_feed.keys import own_code
from calendar_feed.own_calendar import stored_key
from calendar_feed.variants import Variant
from models.choice import Choice
from models.saved_choice import SavedChoice
from models.saved_choice_keeping import TooManyChoices, keep_choice
from templates.languages import ENGLISH, catalogue
from web.answer import PRIVATE, page
from web.calendar_programs import calendar_programs
from web.feed_links import FeedLinks, feed_links, is_public
from web.forms.fields import field_text
from web.language import language_of
from web.pages.subscribe_key import choice_key
from web.pages.subscribe_options import FIELDS, Offered, Options, asked_variants
from web.pages.subscribe_preview import Preview, feed_languages, read_preview
from web.site import Site
from web.surroundings import surroundings_of

MOST_FIELDS: Final = 1000
"""Fields of the form that are read; there are fewer things to choose."""

# People never see this field; programs that fill in every field of every form do.
_HONEYPOT: Final = "homepage"
# The list of States from which one more is added to those that stand chosen.
_ADDED: Final = "state"
_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Builder:
    """The page: what there is to choose, what is chosen, what that holds.

    `feed` are the ways to a feed that all readers share, None where no stored one holds just this. `fields`
    are the choice as fields of a form, `once` makes one choice of a form that is sent twice. Only where the
    installation is `reachable` from the internet do Google and Outlook see it; `host` is its name.
    """

    options: Options
    choice: Choice
    variants: tuple[Variant, ...]
    preview: Preview
    feed: FeedLinks | None
    fields: tuple[tuple[str, str], ...]
    once: str
    reachable: bool
    host: str
    wrong: str | None = None


async def subscribe(request: Request) -> Response:
    """Answer `/subscribe`; `?mechanism=...&country=...` chooses, and `?my=` shows what a code holds.

    POST keeps a choice that no stored feed holds, and leads to the page on which it can be changed.
    """
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    async with request.form(max_fields=MOST_FIELDS, max_files=1) as form:
        return await run_in_threadpool(_keep, request, form)


def _show(
    request: Request, given: QueryParams | FormData | None = None, wrong: str | None = None
) -> Response:
    around = surroundings_of(request)
    given = request.query_params if given is None else given
    with around.database.reading() as session:
        builder = read_builder(request, session, given, wrong=wrong)
    part = request.query_params.get("part") == "chosen"
    answer = page(
        request,
        "parts/chosen.html" if part else "subscribe.html",
        status=200 if wrong is None else 422,
        distinct=(),
        builder=builder,
        programs=calendar_programs(language_of(request)),
    )
    if builder.feed is None and wrong is None:
        # It holds what makes this form one of its own, so nobody else may be given it.
        answer.headers["Cache-Control"] = PRIVATE
        del answer.headers["ETag"]
    return answer


def read_builder(
    request: Request,
    session: Session,
    given: QueryParams | FormData,
    *,
    kept: SavedChoice | None = None,
    wrong: str | None = None,
) -> Builder:
    """Return the page for what was chosen; `kept` is the saved choice that is being changed."""
    around, language = surroundings_of(request), language_of(request)
    offered = Offered(session, language=language, languages=feed_languages(session, around.site.languages))
    shown = kept or session.get(SavedChoice, str(given.get("my", "")))
    if shown is not None and not (kept and "chosen" in given):
        choice = shown.choice
    else:
        choice = offered.choice(values(given), kept=kept.choice if kept else None)
    variants = asked_variants(values(given)["variant"])
    preview = read_preview(session, choice, today=around.today, language=language)
    key = None if kept else stored_key(choice)
    name = preview.names[0] if preview.names else catalogue(language).gettext("All meetings")
    return Builder(
        options=offered.options(choice, variants),
        choice=choice,
        variants=variants,
        preview=preview,
        feed=taken(around.site, key, name=name, choice=choice, variants=variants) if key else None,
        fields=fields_of(choice, variants),
        once=secrets.token_urlsafe(32),
        reachable=is_public(around.site.base_url),
        host=urlsplit(around.site.base_url).netloc,
        wrong=wrong,
    )


def taken(site: Site, key: str, *, name: str, choice: Choice, variants: tuple[Variant, ...]) -> FeedLinks:
    """Return the ways to a calendar in the language that was chosen, whatever that of the page is."""
    links = feed_links(site, key, name=name, language=choice.language, variants=variants)
    # A plain path would lead to the calendar in the language of the page.
    is_plain = choice.language == ENGLISH or own_code(key) is not None
    return replace(links, download=f"/{ENGLISH}{links.download}") if is_plain else links


def values(given: QueryParams | FormData) -> dict[str, list[str]]:
    """Return the texts of a form or a query by the names of their fields; files count as nothing."""
    names = (*FIELDS, _ADDED, "language", "variant")
    found = {name: [one for one in given.getlist(name) if isinstance(one, str)] for name in names}
    found["country"] += found.pop(_ADDED)
    return found


def fields_of(choice: Choice, variants: tuple[Variant, ...]) -> tuple[tuple[str, str], ...]:
    """Return a choice as the fields of a form or a query."""
    chosen = [(name, code) for name, part in FIELDS.items() for code in getattr(choice, part)]
    return (*chosen, ("language", choice.language), *(("variant", one.value) for one in variants))


def _keep(request: Request, form: FormData) -> Response:
    around = surroundings_of(request)
    with around.database.reading() as session:
        languages = feed_languages(session, around.site.languages)
        choice = Offered(session, language=language_of(request), languages=languages).choice(values(form))
    variants = asked_variants(values(form)["variant"])
    if stored_key(choice) or field_text(form, _HONEYPOT):
        return RedirectResponse(f"/subscribe?{urlencode(fields_of(choice, variants))}", status_code=303)
    once = field_text(form, "once")
    key = choice_key(
        around.site.keys, choice, once=once if _ONCE.fullmatch(once) else secrets.token_urlsafe(32)
    )
    try:
        with around.database.writing() as session:
            keep_choice(session, choice, code=key.code, secret=key.secret, now=around.clock())
    except TooManyChoices:
        sentence = catalogue(language_of(request)).gettext(
            "More choices came in than can be kept just now. Please try again in an hour; the calendars of "
            "single mechanisms, types and States can be taken at any time."
        )
        return _show(request, form, wrong=sentence)
    query = urlencode([("variant", one.value) for one in variants])
    return RedirectResponse(f"/my-edit/{key.secret}{'?' if query else ''}{query}", status_code=303)
