"""Addresses: where each feed is found, and what is a calendar's address at all."""

import pytest

from calendar_feed.addresses import (
    feed_address,
    file_name,
    is_feed_address,
    mechanism_key,
    meeting_address,
    page_address,
    plain_address,
    type_key,
)
from models.mechanism import MechanismType


@pytest.mark.parametrize(
    ("key", "language", "address", "page", "file"),
    [
        ("all", "en", "/feeds/all.ics", "/", "iscm-all.ics"),
        (type_key(MechanismType.RCP), "en", "/feeds/type/rcp.ics", "/types/rcp", "iscm-rcp.ics"),
        (mechanism_key("midsa"), "en", "/feeds/mechanism/midsa.ics", "/mechanisms/midsa", "iscm-midsa.ics"),
        (
            mechanism_key("midsa"),
            "fr",
            "/fr/feeds/mechanism/midsa.ics",
            "/fr/mechanisms/midsa",
            "iscm-midsa-fr.ics",
        ),
        ("all", "ar", "/ar/feeds/all.ics", "/ar/", "iscm-all-ar.ics"),
    ],
)
def test_a_feed_has_its_address_page_and_file(
    key: str, language: str, address: str, page: str, file: str
) -> None:
    """English has no prefix, every other language has one."""
    assert feed_address(key, language=language) == address
    assert page_address(key, language=language) == page
    assert file_name(key, language=language) == file
    assert is_feed_address(address)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("/feeds/all.ics", True),
        ("/es/feeds/type/rcp.ics", True),
        ("/feeds/anything/else", True),
        (meeting_address("midsa-2027-ministerial"), True),
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
