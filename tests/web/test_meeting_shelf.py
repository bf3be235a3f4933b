"""Bounded lists of meetings, and the way to all of them."""

import re
from datetime import date, timedelta

import pytest

from models import Database, When
from models.mechanism import Mechanism
from models.meeting import MeetingStatus
from tests.web.directory_record import a_document, a_theme
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import statements, visitor
from web.pages.meeting_shelf import ON_A_PAGE

TITLES = re.compile('class="meeting-title"><a href="/meetings/([^"]*)"')


def test_every_past_meeting_is_on_one_page_of_its_list(database: Database) -> None:
    """Page by page the list holds each of them once, the newest first, by year, and nothing that is ahead."""
    first = date(2026, 11, 1)
    with database.writing() as session:
        lima = a_mechanism(session)
        for number in range(ON_A_PAGE + 5):
            day = first - timedelta(days=30 * number)
            a_meeting(session, lima, slug=f"past-{number:03}", when=When.days(day, None))
        a_meeting(session, lima, slug="ahead")
    client = visitor(database)
    pages = ("show=past", "show=past&page=2")
    texts = [client.get(f"/mechanisms/lima-process?{page}").text for page in pages]
    assert [slug for text in texts for slug in TITLES.findall(text)] == [
        f"past-{number:03}" for number in range(ON_A_PAGE + 5)
    ]
    years = [int(year) for text in texts for year in re.findall('class="month">([0-9]*)<', text)]
    assert years == sorted(years, reverse=True)
    canonical = [re.findall('rel="canonical" href="[^"]*8000([^"]*)"', text) for text in texts]
    assert canonical == [
        ["/mechanisms/lima-process?show=past"],
        ["/mechanisms/lima-process?show=past&amp;page=2"],
    ]


@pytest.mark.parametrize("path", ["/mechanisms/lima-process", "/types/rcp", "/countries/ch", "/themes/gcm"])
def test_list_that_a_page_has_not_is_not_found(database: Database, path: str) -> None:
    """Another word, a page beyond the last, or a page of no list is 404; an empty list is not."""
    with database.writing() as session:
        a_mechanism(session)
        a_theme(session, "gcm")
    client = visitor(database)
    wrong = ("show=all", "show=past&page=2", "show=past&page=0", "page=2", "show=past&show=coming", "show=")
    assert [client.get(f"{path}?{query}").status_code for query in wrong] == [404] * len(wrong)
    right = ("show=coming", "show=open", "show=past", "show=past&page=1")
    assert [client.get(f"{path}?{query}").status_code for query in right] == [200] * len(right)


def test_each_meeting_is_in_one_list(database: Database) -> None:
    """Whatever its date and status, a public meeting stands in exactly one of coming, open and past."""
    whens = {
        "past": When.days(date(2026, 3, 1), date(2026, 3, 2)),
        "today": When.days(date(2026, 11, 23), None),
        "going-on": When.days(date(2026, 11, 1), date(2026, 12, 1)),
        "month": When.month(2026, 11),
        "year": When.year(2026),
        "ahead": When.days(date(2027, 3, 1), None),
        "unknown": When.unknown(),
    }
    with database.writing() as session:
        lima = a_mechanism(session)
        for word, when in whens.items():
            for status in MeetingStatus:
                a_meeting(session, lima, slug=f"{word}-{status}", when=when, status=status)
    client = visitor(database)
    lists = {
        name: TITLES.findall(client.get(f"/mechanisms/lima-process?show={name}").text)
        for name in ("coming", "open", "past")
    }
    found = sorted(slug for slugs in lists.values() for slug in slugs)
    assert found == sorted(f"{word}-{status}" for word in whens for status in MeetingStatus)
    ongoing = ("ahead", "going-on", "month", "today", "year")
    assert sorted(lists["coming"]) == sorted(
        f"{word}-{status}"
        for word in ongoing
        for status in ("planned", "tentative", "confirmed", "cancelled", "held")
        if status != "held" or word == "ahead"
    )
    assert sorted(lists["open"]) == sorted(
        {f"{word}-postponed" for word in whens} | {f"unknown-{status}" for status in MeetingStatus}
    )


def test_mechanism_takes_as_many_statements_for_1000_meetings_as_for_one(database: Database) -> None:
    """Neither its page nor a list of it asks once a meeting, document or update."""
    addresses = (
        "/mechanisms/lima-process",
        "/mechanisms/lima-process?show=past",
        "/mechanisms/lima-process?show=coming",
    )
    counts = []
    for numbers in (range(1), range(1, 500)):
        with database.writing() as session:
            lima = session.get(Mechanism, 1) or a_mechanism(session)
            for number in numbers:
                day = date(2026, 1, 1) - timedelta(days=number)
                past = a_meeting(session, lima, slug=f"past-{number}", when=When.days(day, None))
                a_meeting(session, lima, slug=f"coming-{number}")
                a_document(session, f"document-{number}", meeting=past)
                an_update(session, lima, slug=f"update-{number}", day=day)
        client = visitor(database)
        with statements(database) as sent:
            assert [client.get(address).status_code for address in addresses] == [200] * 3
        counts.append(len(sent))
    assert counts[0] == counts[1]
