"""The ways to take a feed."""

from urllib.parse import quote

import pytest

from calendar_feed.variants import Variant
from tests.web.visitor import site
from web.feed_links import feed_links, is_public


def test_links_on_a_public_installation() -> None:
    """Google gets webcal, Outlook https, both encoded; everybody else the plain address or webcal."""
    links = feed_links(site(base_url="https://iscm.example.org"), "type/rcp", name="Regional")
    assert (links.address, links.webcal, links.download) == (
        "https://iscm.example.org/feeds/type/rcp.ics",
        "webcal://iscm.example.org/feeds/type/rcp.ics",
        "/feeds/type/rcp.ics",
    )
    assert links.google == (
        "https://calendar.google.com/calendar/u/0/r"
        "?cid=webcal%3A%2F%2Fiscm.example.org%2Ffeeds%2Fv%2Fcancelled-visible%2Ftype%2Frcp.ics"
    )
    assert links.outlook == (
        "https://outlook.office.com/calendar/0/addfromweb/"
        "?url=https%3A%2F%2Fiscm.example.org%2Ffeeds%2Ftype%2Frcp.ics&name=ISCM%20%E2%80%93%20Regional"
    )


@pytest.mark.parametrize(
    ("base_url", "answer"),
    [
        ("https://iscm.example.org", True),
        ("https://8.8.8.8", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://192.168.1.7", False),
        ("http://[::1]:8000", False),
        ("http://intranet", False),
        ("https://calendar.internal", False),
    ],
)
def test_services_on_the_internet_reach_only_public_addresses(base_url: str, *, answer: bool) -> None:
    """A button that cannot work is not shown."""
    assert is_public(base_url) is answer
    links = feed_links(site(base_url=base_url), "all", name="All")
    assert [link is not None for link in (links.google, links.outlook, links.outlook_at_home)] == [answer] * 3


def test_google_is_given_the_calendar_that_keeps_what_is_cancelled() -> None:
    """Google hides what is told as cancelled; all other ways lead to the calendar itself."""
    links = feed_links(
        site(base_url="https://iscm.example.org"), "all", name="All", language="fr", variants=[Variant.BUSY]
    )
    google = "webcal://iscm.example.org/fr/feeds/v/busy/cancelled-visible/all.ics"
    assert links.google == f"https://calendar.google.com/calendar/u/0/r?cid={quote(google, safe='')}"
    assert links.address == "https://iscm.example.org/fr/feeds/v/busy/all.ics"
    assert (links.choose, links.drawn) == (
        "/subscribe",
        "/subscribe/qr.svg?feed=/fr/feeds/v/busy/all.ics",
    )
