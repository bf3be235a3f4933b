"""Sendings that are stopped, shared, late, or without a mail server: still one letter for each reader."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.journeys.house import ON_POSTGRESQL, ON_SQLITE, House, until
from tests.journeys.letters import approve, letters, mailed_by, readers, schedule, status
from tests.journeys.post_office import PostOffice
from tests.journeys.test_feeds import PUBLISHED, SHOWN_WITHIN, whole

MANY = 3000
"""Letters enough that the sending still goes on when a command has run and its change is shown."""


@ON_SQLITE
def test_sending_stopped_in_order_leaves_nothing_in_doubt(each_house: House) -> None:
    """SIGTERM in the middle of sixty letters: none in doubt, the rest open, and sent after the next start."""
    house = each_house
    with PostOffice(seconds=0.1) as office:
        house.settings = mailed_by(office.url)
        addresses = readers(house, 60)
        code = approve(house, 2017)
        with house.serving() as serving:
            schedule(house, code)
            until(lambda: len(office.mails) >= 10, seconds=30, what="the tenth letter")
            assert serving.stop() < 10
        halfway = status(house, code)
        assert halfway["state"] == "sending"
        assert (halfway["in_doubt"], halfway["accepted"]) == (0, len(office.mails))
        assert 10 <= len(office.mails) < 60
        with house.serving():
            until(lambda: status(house, code)["state"] == "sent", seconds=30, what="the issue is sent")
        assert office.recipients() == addresses


def test_sending_whose_process_is_killed_goes_on_by_itself(house: House) -> None:
    """Kill -9 of the work process: its successor goes on, and tells what was on the wire as in doubt."""
    with PostOffice(seconds=0.1) as office:
        house.settings = mailed_by(office.url)
        addresses = readers(house, 60)
        code = approve(house, 2017)
        with house.serving() as serving:
            schedule(house, code)
            until(lambda: len(office.mails) >= 10, seconds=30, what="the tenth letter")
            os.kill(max(serving.children()), signal.SIGKILL)
            until(lambda: status(house, code)["open"] == 0, seconds=30, what="nothing is open")
        told = status(house, code)
        assert told["accepted"] + told["in_doubt"] == 60
        assert told["in_doubt"] <= 4, "one for each connection"
        assert office.twice() == set()
        assert len(set(addresses) - set(office.recipients())) <= told["in_doubt"]


@ON_POSTGRESQL
def test_two_machines_at_once_send_one_letter_to_each(
    each_house: House, another: Callable[[House], House]
) -> None:
    """Two work processes share a sending: neither sends what the other does."""
    house = each_house
    with PostOffice(seconds=0.05) as office:
        house.settings = mailed_by(office.url)
        addresses = readers(house, 600)
        code = approve(house, 2017)
        second = another(house)
        with house.serving("--only", "work"), second.serving("--only", "work"):
            schedule(house, code)
            until(lambda: len(office.under_way) > 4, seconds=20, what="more connections than one machine has")
            until(lambda: status(house, code)["state"] == "sent", seconds=40, what="the issue is sent")
        assert office.recipients() == addresses


def test_issue_whose_hour_came_during_an_outage_is_sent_after_it(house: House) -> None:
    """Nobody ran at its time, and its latest time has not passed: it is sent at the next start."""
    readers(house, 3)
    code = approve(house, 2017)
    at = schedule(house, code)
    until(lambda: datetime.now(UTC) > at, seconds=10, what="its hour passes")
    with house.serving():
        until(lambda: status(house, code)["state"] == "sent", seconds=20, what="the issue is sent")
    assert {letter.content["Date"].datetime for letter in letters(house)} == {at}
    assert len(letters(house)) == 3


def test_issue_later_than_its_latest_time_is_expired_and_says_so(house: House) -> None:
    """Nobody ran until after its latest time: it is expired with its reason, and nothing is sent."""
    readers(house, 3)
    code = approve(house, 2017)
    at = schedule(house, code, not_after=1)
    until(lambda: (datetime.now(UTC) - at).total_seconds() > 1, seconds=10, what="its latest time passes")
    with house.serving():
        until(lambda: status(house, code)["state"] == "expired", seconds=20, what="the issue expires")
        refused = house.run("newsletter", "send", code, code=1)
    assert "expired" in refused
    assert letters(house) == []
    (row,) = [row for row in house.listed("newsletter", "list") if row["code"] == code]
    assert row["state_reason"].startswith(f"not sent by {at + timedelta(seconds=1):%Y-%m-%d %H:%M} UTC")


def test_sending_without_its_mail_server_waits_and_goes_on(house: House) -> None:
    """A mail server that is away is told in one line; when it is back everybody gets their letter."""
    office = PostOffice()
    house.settings = mailed_by(office.url)
    addresses = readers(house, 5)
    code = approve(house, 2017)
    with house.serving() as serving:
        schedule(house, code)
        until(lambda: "cannot be used" in serving.log, seconds=40, what="the log tells of it")
        assert status(house, code)["open"] == 5
        with office:
            until(lambda: len(office.mails) == 5, seconds=60, what="five letters")
            until(lambda: status(house, code)["state"] == "sent", seconds=60, what="the issue is sent")
    assert office.recipients() == addresses
    assert serving.log.count("cannot be used") == 1


@ON_SQLITE
def test_sending_at_full_speed_stalls_neither_feeds_nor_pages(each_house: House) -> None:
    """While letters leave as fast as they can, a change is served in two seconds and pages answer."""
    house = each_house
    house.languages = None
    readers(house, MANY)
    code = approve(house, 2017)
    with house.serving():
        whole(house)
        schedule(house, code)
        until(lambda: mailbox(house), seconds=30, what="the first letter")
        house.run("meetings", "add", "--mechanism", "midsa", "--title", "Workshop", "--from", "2027-03-02")
        added = time.monotonic()
        until(lambda: len(whole(house)) == PUBLISHED + 1, seconds=20, what="the meeting is shown")
        assert time.monotonic() - added < SHOWN_WITHIN
        assert house.ask("/mechanisms").status == 200
        assert mailbox(house) < MANY, "the sending was over before the change was shown"
        until(lambda: mailbox(house) >= MANY, seconds=60, what="every letter")
    assert mailbox(house) == MANY


def mailbox(house: House) -> int:
    """How many mails the local mailbox holds."""
    return sum(1 for _ in (house.folder / "data" / "mailbox").glob("*.eml"))
