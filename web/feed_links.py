"""The addresses by which a calendar feed is taken into somebody's calendar."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from calendar_feed.asked import Asked
from calendar_feed.keys import Family, own_code
from calendar_feed.variants import Variant
from templates.languages import ENGLISH
from web.site import Site

# The families of feeds that can be chosen from on /subscribe.
_CHOSEN: Final = frozenset(
    {Family.TYPE, Family.MECHANISM, Family.REGION, Family.COUNTRY, Family.KIND, Family.THEME}
)


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """One feed and the ways to it.

    `address` is what people copy; `webcal` opens the calendar program of the device. `google` and `outlook`
    open those services' own pages; they are None where the service cannot reach this installation. `choose`
    is the page where it is tried, changed and taken, `drawn` and `picture` are its address as a QR code.
    """

    name: str
    address: str
    webcal: str
    download: str
    google: str | None
    outlook: str | None
    outlook_at_home: str | None
    choose: str
    drawn: str
    picture: str


def feed_links(
    site: Site, feed: str, *, name: str, language: str = ENGLISH, variants: Iterable[Variant] = ()
) -> FeedLinks:
    """Return the links of one feed; `feed` is its path without `/feeds/` and ending, such as `type/rcp`.

    A calendar of one's own is in the language of its choice, whatever `language` says.
    """
    asked = Asked(feed, ENGLISH if own_code(feed) else language, tuple(sorted(set(variants))))
    address, webcal = site.base_url + asked.address, webcal_address(site, asked)
    reachable = is_public(site.base_url)
    compose = f"addfromweb/?url={quote(address, safe='')}&name={quote(f'ISCM – {name}', safe='')}"
    # Google leaves out what is cancelled unless it is told as confirmed: the title says that it is cancelled.
    # It answers "unable to add" to https here; webcal works.
    shown = Asked(asked.key, asked.language, tuple(sorted({*asked.variants, Variant.CANCELLED_VISIBLE})))
    google = f"https://calendar.google.com/calendar/u/0/r?cid={quote(webcal_address(site, shown), safe='')}"
    drawn = urlencode({"feed": asked.address}, safe="/")
    return FeedLinks(
        name=name,
        address=address,
        webcal=webcal,
        download=asked.address,
        google=google if reachable else None,
        outlook=f"https://outlook.office.com/calendar/0/{compose}" if reachable else None,
        outlook_at_home=f"https://outlook.live.com/calendar/0/{compose}" if reachable else None,
        choose=_choose(feed),
        drawn=f"/subscribe/qr.svg?{drawn}",
        picture=f"/subscribe/qr.png?{drawn}",
    )


def webcal_address(site: Site, asked: Asked) -> str:
    """Return the address that opens the calendar program of a device.

    webcals is understood by almost nobody; programs try https first by themselves.
    """
    return f"webcal://{site.base_url.partition('://')[2]}{asked.address}"


def is_public(base_url: str) -> bool:
    """Tell whether a service on the internet could read this address: no private one, no bare name."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        private = (".local", ".localhost", ".internal", ".lan", ".test", ".invalid", ".example")
        return "." in host and not host.endswith(private)


def _choose(feed: str) -> str:
    family, _, name = feed.partition("/")
    return f"/subscribe?{urlencode({family: name})}" if family in _CHOSEN else "/subscribe"
