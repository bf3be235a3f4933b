"""The pages as one ASGI application. Feeds are answered before it, by the application around it."""

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from calendar_feed.asked import Form
from models.database import Database
from web.assets import Assets
from web.body_size import BodyLimit
from web.entry_feeds import changes_feed, issues_feed, updates_feeds
from web.failures import HANDLERS
from web.forms.confirm import confirmation
from web.forms.newsletter import newsletter
from web.forms.preferences import preferences
from web.forms.report import report
from web.forms.unsubscribe import leaving
from web.headers import SecurityHeaders
from web.language import Languages
from web.pages.about import about, about_page
from web.pages.changes import changes
from web.pages.clashes import clashes
from web.pages.countries import countries
from web.pages.country import country
from web.pages.document import document, document_file
from web.pages.documents import documents
from web.pages.highlights import highlights, issue, issue_as_pdf
from web.pages.home import home
from web.pages.mailbox import mail, mail_html, mail_picture, mail_source, mail_text, mailbox
from web.pages.mechanism import mechanism
from web.pages.mechanism_type import mechanisms_of_type
from web.pages.mechanisms import mechanisms
from web.pages.meeting import meeting
from web.pages.month import month, this_month
from web.pages.reading import help_with_calendars, privacy
from web.pages.search import find
from web.pages.subscribe import subscribe
from web.pages.subscribe_edit import my_choice
from web.pages.subscribe_qr import qr_code
from web.pages.theme import theme
from web.pages.themes import themes
from web.pages.update import update
from web.pages.updates import updates
from web.pages.year import year
from web.probes import healthz, metrics, readyz
from web.robots import robots
from web.site import Site
from web.sitemap import sitemap, sitemap_part
from web.surroundings import Surroundings
from web.upkeep import Upkeep


def build_application(
    *, database: Database, site: Site, clock: Callable[[], datetime], upkeep: Upkeep | None = None
) -> ASGIApp:
    """Return the application that serves every page; `clock` gives the current time, aware.

    `upkeep` is what the operator's addresses are answered from; without it there is no /metrics.

    It reads nothing from the environment, opens nothing until the first request, and sets no cookie.
    """
    assets = Assets()
    application = Starlette(
        routes=_routes(site, assets),
        exception_handlers=HANDLERS,
        middleware=[Middleware(BodyLimit)],
    )
    application.router.redirect_slashes = False  # it names the host of the request; see failures.not_found
    application.state.surroundings = Surroundings(database=database, site=site, clock=clock, assets=assets)
    application.state.upkeep = upkeep
    return SecurityHeaders(Languages(application, languages=site.languages))


def _routes(site: Site, assets: Assets) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        *_entry_feeds(),
        Route("/", home),
        Route("/mechanisms", mechanisms),
        Route("/mechanisms/{slug}", mechanism),
        Route("/types/{type}", mechanisms_of_type),
        Route("/themes", themes),
        Route("/themes/{slug}", theme),
        Route("/countries", countries),
        Route("/countries/{code}", country),
        Route("/meetings/{slug}", meeting),
        Route("/calendar", this_month),
        Route("/calendar/{year}", year),
        Route("/calendar/{year}/{month}", month),
        Route("/updates", updates),
        Route("/changes", changes),
        Route("/clashes", clashes),
        Route("/updates/{slug}", update),
        Route("/documents", documents),
        Route("/documents/{slug}", document),
        Route("/documents/{slug}/{file_name}", document_file),
        Route("/search", find),
        Route("/subscribe", subscribe, methods=["GET", "POST"]),
        Route("/subscribe/qr.{form}", qr_code),
        Route("/my-edit/{secret}", my_choice, methods=["GET", "POST"]),
        Route("/highlights", highlights),
        Route("/highlights/{issue}.pdf", issue_as_pdf),
        Route("/highlights/{issue}", issue),
        Route("/newsletter", newsletter, methods=["GET", "POST"]),
        Route("/c/{token}", confirmation, methods=["GET", "POST"]),
        Route("/p/{token}", preferences, methods=["GET", "POST"]),
        Route("/u/{token}", leaving, methods=["GET", "POST"]),
        Route("/about", about),
        Route("/about/{slug}", about_page),
        Route("/report", report, methods=["GET", "POST"]),
        Route("/help/calendar", help_with_calendars),
        Route("/privacy", privacy),
        Route("/static/{name:path}", assets.answer),
        Route("/favicon.ico", assets.icon),
        Route("/robots.txt", robots),
        Route("/sitemap.xml", sitemap),
        Route("/sitemap/{number:int}.xml", sitemap_part),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    if site.mailbox is not None:
        routes += [
            Route("/mailbox", mailbox),
            Route("/mailbox/{name}", mail),
            Route("/mailbox/{name}/html", mail_html),
            Route("/mailbox/{name}/text", mail_text),
            Route("/mailbox/{name}/source", mail_source),
            Route("/mailbox/{name}/pictures/{cid}", mail_picture),
        ]
    return routes


def _entry_feeds() -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        Route("/changes.atom", changes_feed()),
        Route("/highlights.atom", issues_feed()),
    ]
    for form in (Form.ATOM, Form.JSON):
        feeds = updates_feeds(form)
        routes += [
            Route(f"/updates.{form.value}", feeds),
            Route(f"/mechanisms/{{slug}}/updates.{form.value}", feeds),
        ]
    return routes
