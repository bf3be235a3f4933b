"""The page to subscribe to a calendar: every feed with its address and the ways to take it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.mechanism import Mechanism, MechanismType
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.answer import page
from web.feed_links import FeedLinks, feed_links, is_public
from web.pages.meeting_line import type_words
from web.site import Site
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class MechanismFeed:
    """The feed of a mechanism, with its type for the hue and the word."""

    links: FeedLinks
    page: str
    type: str
    type_words: str


@dataclass(frozen=True, slots=True)
class Feeds:
    """Every feed there is: of everything, of each type, of each mechanism in alphabetical order."""

    everything: FeedLinks
    types: tuple[tuple[str, FeedLinks], ...]
    mechanisms: tuple[MechanismFeed, ...]


def subscribe(request: Request) -> Response:
    """Answer `/subscribe`."""
    around = surroundings_of(request)
    with around.database.reading() as session:
        feeds = read_feeds(session, around.site)
    return page(request, "subscribe.html", feeds=feeds, reachable=is_public(around.site.base_url))


def read_feeds(session: Session, site: Site, *, language: str = ENGLISH) -> Feeds:
    """Return the links of every feed."""
    everything = catalogue(language).gettext("All meetings")
    found = session.scalars(select(Mechanism).order_by(func.lower(Mechanism.short_name))).all()
    return Feeds(
        everything=feed_links(site, "all", name=everything),
        types=tuple(
            (
                kind.value,
                feed_links(site, f"type/{kind.value}", name=word("types", kind, language=language)),
            )
            for kind in MechanismType
        ),
        mechanisms=tuple(
            MechanismFeed(
                links=feed_links(site, f"mechanism/{one.slug}", name=one.short_name),
                page=f"/mechanisms/{one.slug}",
                type=one.type.value,
                type_words=type_words(one, language=language),
            )
            for one in found
        ),
    )
