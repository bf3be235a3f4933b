"""The form to receive Highlights: an address and a language, and the same answer whoever asks."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.addressing import BadAddress
from newsletter.subscription import sign_up
from templates.languages import ENGLISH
from web.answer import page
from web.forms.fields import field_text
from web.language import language_of
from web.surroundings import Surroundings, surroundings_of

SOURCE: Final = "form on /newsletter"
"""What a consent given here says of where it came from."""

# People never see this field; programs that fill in every field of every form do.
_HONEYPOT: Final = "homepage"


async def newsletter(request: Request) -> Response:
    """Answer `/newsletter`: the empty form (`?language=` presets the choice), or what became of it."""
    if request.method == "POST":
        return await _posted(request)
    chosen = request.query_params.get("language", language_of(request))
    return await run_in_threadpool(_form, request, chosen=chosen)


async def _posted(request: Request) -> Response:
    """Take the form.

    Whether the address is known, new or suppressed, the answer is the same. Only what cannot be an address
    comes back, with the reason beside its field.
    """
    async with request.form() as form:
        address, language = field_text(form, "address"), field_text(form, "language")
        is_trapped = bool(field_text(form, _HONEYPOT))
    around = surroundings_of(request)
    if language not in around.site.languages:
        language = ENGLISH
    if not is_trapped:
        try:
            await run_in_threadpool(_ask, around, address=address, language=language)
        except BadAddress as refusal:
            wrong = refusal.in_language(language_of(request))
            return await run_in_threadpool(
                _form, request, address=address, chosen=language, wrong=wrong, status=422
            )
    return await run_in_threadpool(page, request, "newsletter_asked.html", private=True)


def _ask(around: Surroundings, *, address: str, language: str) -> None:
    with around.database.writing() as session:
        sign_up(
            session,
            around.site.keys,
            address=address,
            language=language,
            source=SOURCE,
            now=around.clock(),
        )


def _form(
    request: Request, *, address: str = "", chosen: str, wrong: str | None = None, status: int = 200
) -> Response:
    languages = surroundings_of(request).site.languages
    return page(
        request,
        "newsletter.html",
        status=status,
        private=status != 200,
        address=address,
        chosen=chosen,
        wrong=wrong,
        languages=languages,
    )
