"""A page as an HTTP answer: rendered, tagged, compressed, and a 304 when the reader has it already."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from templates.environment import render
from web.addresses import canonical_path, report_address, whole_address
from web.english import marked_as_html
from web.language import language_of, links_in_language
from web.language_switch import language_switch, languages_of
from web.navigation import colophon, navigation
from web.representation import represent
from web.site import Site
from web.surroundings import surroundings_of

# Browsers keep the page but ask each time: a meeting that moved is seen at once.
SHARED = "public, no-cache"
PRIVATE = "private, no-store"


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    language: str | None = None,
    private: bool = False,
    distinct: Sequence[str] = ("page",),
    **values: object,
) -> Response:
    """Answer with one template below `pages/`, in the language that the address names.

    `language` is given where the reader's own counts instead. Links stay in the language of the page.

    A private page (one whose address is a secret) is kept by nobody, named by no index, its address is not
    told to the next site, and it is never compressed: the length of what is compressed tells of what is in
    it (BREACH). Other pages carry an ETag, and `If-None-Match` that holds it is answered 304.
    `distinct` names the parts of the query that make another page of it: its canonical address keeps them.
    """
    around = surroundings_of(request)
    language = language or language_of(request)
    is_public = status == 200 and not private
    canonical = canonical_path(request, distinct=distinct) if is_public else None
    report = report_address(None if private else request.scope["path"], language=language)
    text = render(
        f"pages/{template}",
        language=language,
        site=around.site,
        asset=around.assets.address,
        navigation=navigation(request.url.path, language=language),
        colophon=colophon(
            has_mailbox=around.site.mailbox is not None,
            report=report,
            language=language,
        ),
        switch=()
        if private
        else language_switch(
            request, offered=around.site.languages, language=language, is_there=status != 404
        ),
        report_here=report,
        canonical=canonical and whole_address(around.site, canonical, language=language),
        alternates=canonical and _alternates(around.site, canonical),
        **values,
    )
    text = links_in_language(marked_as_html(text), language)
    if private:
        headers = {
            "Cache-Control": PRIVATE,
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        }
        return HTMLResponse(text, status_code=status, headers=headers | {"Content-Language": language})
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Cache-Control": SHARED,
    }
    return represent(request, text.encode(), headers=headers, status=status)


def _alternates(site: Site, path: str) -> dict[str, str]:
    """Return the addresses of a page by language; alone in its language, it has none to choose from."""
    languages = languages_of(site.languages)
    return {one: whole_address(site, path, language=one) for one in languages if len(languages) > 1}
