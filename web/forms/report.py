"""The form to report an error on a page: what is wrong, and where to answer, if one wants an answer."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.error_report_keeping import LONGEST, TooManyReports, take_report
from models.plain_text import TooLong, UnwelcomeText
from newsletter.addressing import BadAddress, read_address
from templates.languages import catalogue
from web.answer import page
from web.forms.fields import field_text
from web.language import language_of
from web.own_path import own_path
from web.surroundings import Surroundings, surroundings_of

# People never see this field; programs that fill in every field of every form do.
_HONEYPOT: Final = "homepage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What stands in the form, and beside which of its fields a sentence says what is wrong.

    The sentence under "form" stands above all fields.
    """

    page: str = ""
    words: str = ""
    reply_to: str = ""
    wrong: dict[str, str] = field(default_factory=dict)


async def report(request: Request) -> Response:
    """Answer `/report`: the form (`?page=` names a page of ours), or what became of it."""
    if request.method == "POST":
        return await _posted(request)
    about = own_path(request, request.query_params.get("page", ""))
    return await run_in_threadpool(_form, request, Report(page=about or ""))


async def _posted(request: Request) -> Response:
    async with request.form(max_fields=16, max_files=1) as form:
        written = Report(
            page=field_text(form, "page"),
            words=field_text(form, "words"),
            reply_to=field_text(form, "reply_to"),
        )
        is_trapped = bool(field_text(form, _HONEYPOT))
    if not is_trapped:
        wrong = await run_in_threadpool(_keep, request, surroundings_of(request), written)
        if wrong:
            shown = Report(page=written.page, words=written.words, reply_to=written.reply_to, wrong=wrong)
            return await run_in_threadpool(_form, request, shown, status=422)
    return await run_in_threadpool(page, request, "report_taken.html", private=True)


def _keep(request: Request, around: Surroundings, written: Report) -> dict[str, str]:
    """Keep the report, or return what is wrong with it by field; nothing of it is kept then."""
    wrong: dict[str, str] = {}
    sentence = catalogue(language_of(request)).gettext
    about = own_path(request, written.page) if written.page else ""
    if about is None:
        wrong["page"] = sentence(
            "This is not a page of this site. Copy its address from your browser, or leave the field empty."
        )
    try:
        reply_to = read_address(written.reply_to) if written.reply_to else None
    except BadAddress as refusal:
        wrong["reply_to"] = refusal.in_language(language_of(request))
    if not written.words:
        wrong["words"] = sentence("Say what is wrong, in a few words.")
    if wrong or about is None:
        return wrong
    try:
        with around.database.writing() as session:
            take_report(session, page=about, words=written.words, reply_to=reply_to, now=around.clock())
    except TooManyReports:
        return {
            "form": sentence("More reports came in than we can read just now. Please try again tomorrow.")
        }
    except TooLong:
        words = sentence("The report is too long. Shorten it to %(number)s characters at most.")
        return {"words": words % {"number": LONGEST}}
    except UnwelcomeText:
        return {"words": sentence("The report holds a character that cannot be printed. Leave it out.")}
    return {}


def _form(request: Request, shown: Report, *, status: int = 200) -> Response:
    site = surroundings_of(request).site
    return page(
        request,
        "report.html",
        status=status,
        private=status != 200,
        distinct=(),
        report=shown,
        longest=LONGEST,
        contact=parseaddr(site.contact or "")[1],
    )
