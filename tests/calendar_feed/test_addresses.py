"""Addresses: where each feed is found, and what is a calendar's address at all."""

import pytest

from calendar_feed.addresses import (
    is_feed_address,
    meeting_address,
    meeting_asked_for,
    page_address,
    plain_address,
)


@pytest.mark.parametrize(
    ("key", "language", "page"),
    [
        ("all", "en", "/"),
        ("type/rcp", "en", "/types/rcp"),
        ("mechanism/midsa", "fr", "/fr/mechanisms/midsa"),
        ("all", "ar", "/ar/"),
        ("country/zm", "en", "/countries/zm"),
        ("archive/2027", "es", "/es/calendar/2027"),
    ],
)
def test_a_feed_has_its_page(key: str, language: str, page: str) -> None:
    """English has no prefix, every other language has one."""
    assert page_address(key, language=language) == page


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("/feeds/all.ics", True),
        ("/es/feeds/type/rcp.ics", True),
        ("/feeds/anything/else", True),
        (meeting_address("midsa-2027-ministerial"), True),
        (meeting_address("midsa-2027-ministerial", language="fr"), True),
        ("/feeds", False),
        ("/feeds/", False),
        ("/feedsall.ics", False),
        ("/english/feeds/all.ics", False),
        ("/meetings/midsa-2027-ministerial", False),
        ("/meetings/a/b.ics", False),
        ("/mechanisms/midsa.ics", False),
        ("/", False),
    ],
)
def test_only_calendars_are_answered_as_calendars(address: str, *, is_one: bool) -> None:
    """Everything below /feeds/ and a meeting with our ending; all else is a page."""
    assert is_feed_address(address) is is_one


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/feeds/all.ics", "/feeds/all.ics"),
        ("//feeds///all.ics/", "/feeds/all.ics"),
        ("/Feeds/Mechanism/MIDSA.ICS", "/feeds/mechanism/midsa.ics"),
        ("/", ""),
    ],
)
def test_an_address_is_read_as_it_is_meant(written: str, meant: str) -> None:
    """Capitals and slashes too many are the writer's, not the feed's."""
    assert plain_address(written) == meant


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/meetings/midsa-2027.ics", ("en", "midsa-2027")),
        ("/ar/meetings/midsa-2027.ics", ("ar", "midsa-2027")),
        ("/feeds/all.ics", None),
        ("/meetings/midsa-2027", None),
    ],
)
def test_one_meeting_is_asked_for_in_a_language(address: str, asked: tuple[str, str] | None) -> None:
    """Without a prefix it is English."""
    assert meeting_asked_for(address) == asked
