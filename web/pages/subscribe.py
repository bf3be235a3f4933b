"""The page to subscribe to a calendar: every feed with its address and the ways to take it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.mechanism import Mechanism, MechanismStatus, MechanismType
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.answer import page
from web.calendar_programs import calendar_programs
from web.feed_links import FeedLinks, feed_links, is_public
from web.site import Site
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class MechanismFeed:
    """The feed of a mechanism and its page. `status` is None for one that is active."""

    links: FeedLinks
    page: str
    slug: str
    full_name: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class TypeFeeds:
    """The feed of a type, and those of its mechanisms in alphabetical order; a type may have none."""

    type: str
    links: FeedLinks
    mechanisms: tuple[MechanismFeed, ...]


@dataclass(frozen=True, slots=True)
class Feeds:
    """Every feed there is: of everything, and by type."""

    everything: FeedLinks
    types: tuple[TypeFeeds, ...]


def subscribe(request: Request) -> Response:
    """Answer `/subscribe`."""
    around = surroundings_of(request)
    with around.database.reading() as session:
        feeds = read_feeds(session, around.site)
    return page(
        request,
        "subscribe.html",
        feeds=feeds,
        programs=calendar_programs(),
        reachable=is_public(around.site.base_url),
        host=urlsplit(around.site.base_url).netloc,
    )


def read_feeds(session: Session, site: Site, *, language: str = ENGLISH) -> Feeds:
    """Return the links of every feed."""
    found = session.scalars(select(Mechanism).order_by(func.lower(Mechanism.short_name))).all()
    return Feeds(
        everything=feed_links(site, "all", name=catalogue(language).gettext("All meetings")),
        types=tuple(
            TypeFeeds(
                type=kind.value,
                links=feed_links(site, f"type/{kind.value}", name=word("types", kind, language=language)),
                mechanisms=tuple(
                    _of_mechanism(one, site, language=language) for one in found if one.type is kind
                ),
            )
            for kind in MechanismType
        ),
    )


def _of_mechanism(mechanism: Mechanism, site: Site, *, language: str) -> MechanismFeed:
    is_active = mechanism.status is MechanismStatus.ACTIVE
    return MechanismFeed(
        links=feed_links(site, f"mechanism/{mechanism.slug}", name=mechanism.short_name),
        page=f"/mechanisms/{mechanism.slug}",
        slug=mechanism.slug,
        full_name=mechanism.name if mechanism.name != mechanism.short_name else None,
        status=None if is_active else word("mechanism status", mechanism.status, language=language),
    )
