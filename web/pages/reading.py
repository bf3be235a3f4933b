"""Pages that say the same to everybody: help with calendars, and what is kept about readers."""

from email.utils import parseaddr

from starlette.requests import Request
from starlette.responses import Response

from templates.languages import catalogue
from web.answer import page
from web.calendar_programs import calendar_programs
from web.feed_links import feed_links
from web.language import language_of
from web.surroundings import surroundings_of


def help_with_calendars(request: Request) -> Response:
    """Answer `/help/calendar`."""
    site, language = surroundings_of(request).site, language_of(request)
    name = catalogue(language).gettext("All meetings")
    everything = feed_links(site, "all", name=name, language=language)
    return page(request, "help_calendar.html", feed=everything, programs=calendar_programs(language))


def privacy(request: Request) -> Response:
    """Answer `/privacy`."""
    site = surroundings_of(request).site
    contact = parseaddr(site.contact or "")[1]
    return page(request, "privacy.html", contact=contact)
