"""The letter, from an empty folder to its readers, by commands, HTTP and SMTP alone."""

from tests.journeys.house import ON_POSTGRESQL, House, path_in, until
from tests.journeys.letters import (
    approve,
    letters,
    mail_to,
    mailed_by,
    readers,
    schedule,
    standings,
    status,
)
from tests.journeys.post_office import PostOffice

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_letter_from_an_empty_folder_to_its_readers(empty_house: House) -> None:
    """Upgrade, load, serve, sign up, confirm, compile 2017, approve, schedule: one letter to each reader."""
    house = empty_house
    house.languages = "en,fr"
    house.run("database", "upgrade")
    house.run("reference", "load")
    with house.serving():
        for address in ("ada@example.org", "dan@example.org"):
            assert house.post("/newsletter", address=address, language="en").status == 200
        path = path_in(mail_to(house, "ada@example.org").text, "/c/")
        assert house.ask(path).status == 200
        assert house.ask(path, method="HEAD").status == 200
        assert standings(house)["ada@example.org"] == "pending", "opening the link is not confirming"
        assert house.post(path).status == 200
        house.run("subscribers", "add", "ben@example.org", "--confirmed")
        house.run("subscribers", "add", "cyd@example.org", "--language", "fr", "--confirmed")
        assert house.run("newsletter", "compile", "2017") == "2017\n"
        house.run("newsletter", "check", "2017")
        house.run("newsletter", "approve", "2017")
        at = schedule(house, "2017", seconds=5)
        until(lambda: len(letters(house)) >= 3, seconds=20, what="three letters")
        until(lambda: status(house, "2017")["state"] == "sent", seconds=10, what="the issue is sent")
        found = letters(house)
        page = house.ask("/highlights/2017")
        told = status(house, "2017")
    addresses = ["ada@example.org", "ben@example.org", "cyd@example.org"]
    assert sorted(letter.recipient for letter in found) == addresses
    assert sorted(letter.content["To"] for letter in found) == addresses
    assert {letter.content["Date"].datetime for letter in found} == {at}
    assert 0 <= found[0].arrived - at.timestamp() <= 3, "within three seconds of its time"
    assert len({letter.content["Message-ID"] for letter in found}) == 3
    assert len({letter.one_click for letter in found}) == 3
    assert "Rabat Process" in found[0].text
    assert (page.status, "Rabat Process" in page.text) == (200, True)
    assert {
        "state": "sent",
        "candidates": 4,
        "excluded": 1,
        "excluded_by": {"unconfirmed": 1},
        "included": 3,
        "accepted": 3,
        "rejected": 0,
        "skipped": 0,
        "in_doubt": 0,
        "open": 0,
    }.items() <= told.items()


@ON_POSTGRESQL
def test_reader_who_leaves_while_it_runs_gets_nothing(each_house: House) -> None:
    """One of forty leaves by one click while four letters are under way; the others get theirs, once."""
    house = each_house
    with PostOffice() as office:
        house.settings = mailed_by(office.url)
        addresses = readers(house, 40)
        with house.serving():
            house.run("newsletter", "send", approve(house, 2016))
            links = {mail.recipient: mail.one_click for mail in office.mails}
            assert sorted(links) == addresses
            office.mails.clear()
            office.hold(after=5)
            schedule(house, approve(house, 2017))
            until(lambda: len(office.under_way) == 4, seconds=30, what="four letters under way")
            touched = {*office.recipients(), *office.under_way}
            leaver = max(set(addresses) - touched)
            answer = house.ask(links[leaver], method="POST", form=ONE_CLICK)
            assert (answer.status, "set-cookie" in answer.headers) == (200, False)
            office.release()
            until(lambda: status(house, "2017")["state"] == "sent", seconds=30, what="the issue is sent")
            again = house.ask(links[leaver], method="POST", form=ONE_CLICK)
        assert again.status == 200
        assert office.recipients() == [address for address in addresses if address != leaver]
        assert {"accepted": 39, "skipped": 1, "open": 0}.items() <= status(house, "2017").items()
        assert standings(house)[leaver] == "left"
        house.run("newsletter", "send", "2017")
        assert len(office.mails) == 39, "sending a sent issue sends nothing"
