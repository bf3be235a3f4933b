"""The addresses by which a calendar feed is taken into somebody's calendar."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from web.site import Site


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """One feed and the ways to it.

    `address` is what people copy; `webcal` opens the calendar program of the device. `google` and `outlook`
    open those services' own pages; they are None where the service cannot reach this installation.
    """

    name: str
    address: str
    webcal: str
    download: str
    google: str | None
    outlook: str | None
    outlook_at_home: str | None


def feed_links(site: Site, feed: str, *, name: str) -> FeedLinks:
    """Return the links of one feed; `feed` is its path without `/feeds/` and ending, such as `type/rcp`."""
    path = f"/feeds/{feed}.ics"
    address = site.base_url + path
    # webcals is understood by almost nobody; programs try https first by themselves.
    webcal = "webcal://" + address.partition("://")[2]
    reachable = is_public(site.base_url)
    shown = quote(address, safe="")
    named = quote(f"ISCM – {name}", safe="")
    compose = f"addfromweb/?url={shown}&name={named}"
    # Google answers "unable to add" to https here; webcal works.
    google = f"https://calendar.google.com/calendar/u/0/r?cid={quote(webcal, safe='')}"
    return FeedLinks(
        name=name,
        address=address,
        webcal=webcal,
        download=path,
        google=google if reachable else None,
        outlook=f"https://outlook.office.com/calendar/0/{compose}" if reachable else None,
        outlook_at_home=f"https://outlook.live.com/calendar/0/{compose}" if reachable else None,
    )


def is_public(base_url: str) -> bool:
    """Tell whether a service on the internet could read this address: no private one, no bare name."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        private = (".local", ".localhost", ".internal", ".lan", ".test", ".invalid", ".example")
        return "." in host and not host.endswith(private)
