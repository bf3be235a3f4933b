"""Languages: one more language is one more feed of each, of the same events under the same sequence."""

from calendar_feed.publication import publish
from calendar_feed.selfcheck import feed_faults
from calendar_feed.served import read_meeting_calendar
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, changed, dates, events_of, value
from tests.calendar_feed.factory import BASE_URL

LANGUAGES = ("en", "fr")


def test_a_second_language_is_a_second_feed_of_the_same_events(desk: Desk) -> None:
    """The English bytes stay as they are; French ones stand beside them, dates in French, sound."""
    english = desk.feeds()
    slug = desk.do(add_meeting, MEETING)
    for number, change in enumerate((None, dates("2027-06-15", "2027-06-17"))):
        if change:
            desk.do(change_meeting, slug, change)
        with desk.database.writing() as session:
            publish(session, now=NOW + number * HOUR, base_url=BASE_URL, languages=LANGUAGES)
    served = {path: feed.body for path, feed in desk.served().items()}
    french = {path: data for path, data in served.items() if path.startswith("/fr/feeds/")}
    assert {path.removeprefix("/fr") for path in french} == set(english)
    assert [fault for data in french.values() for fault in feed_faults(data)] == []
    ours, theirs = (
        events_of(served[path])[desk.uid(slug)] for path in ("/feeds/all.ics", "/fr/feeds/all.ics")
    )
    for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "STATUS", "LAST-MODIFIED"):
        assert value(ours, name) == value(theirs, name)
    assert value(ours, "SEQUENCE") == "1"
    assert "DESCRIPTION;LANGUAGE=fr:" in theirs
    assert "15–17 juin 2027" in theirs
    assert served["/feeds/mechanism/gfmd.ics"] == english["/feeds/mechanism/gfmd.ics"]


def test_an_edit_of_french_words_stamps_the_french_event_alone(any_desk: Desk) -> None:
    """The other languages keep their bytes; SEQUENCE is one for all and stays."""
    slug = any_desk.do(add_meeting, MEETING)
    _publish(any_desk, 0)
    before, uid = any_desk.feeds("mechanism"), any_desk.uid(slug)
    any_desk.do(change_meeting, slug, {"title_in": {"fr": "8e réunion ministérielle de la MIDSA"}})
    _publish(any_desk, 1)
    after = any_desk.feeds("mechanism")
    assert changed(before, after) == {"/fr/feeds/mechanism/midsa.ics"}
    old, new = (events_of(feeds["/fr/feeds/mechanism/midsa.ics"])[uid] for feeds in (before, after))
    assert value(new, "SUMMARY") == "MIDSA – 8e réunion ministérielle (Lusaka)"
    assert [value(one, "LAST-MODIFIED") for one in (old, new)] == ["20261123T120000Z", "20261123T130000Z"]
    assert [value(one, "SEQUENCE") for one in (old, new)] == ["0", "0"]


def test_a_move_is_told_in_all_languages_at_once(desk: Desk) -> None:
    """One transaction, one sequence, one time."""
    slug = desk.do(add_meeting, MEETING)
    _publish(desk, 0)
    before = desk.feeds("mechanism")
    desk.do(change_meeting, slug, dates("2027-06-15", "2027-06-17"))
    _publish(desk, 1)
    after = desk.feeds("mechanism")
    assert changed(before, after) == {f"{one}/feeds/mechanism/midsa.ics" for one in ("", "/fr")}
    told = [events_of(after[path])[desk.uid(slug)] for path in sorted(changed(before, after))]
    assert {(value(one, "SEQUENCE"), value(one, "LAST-MODIFIED")) for one in told} == {
        ("1", "20261123T130000Z")
    }


def test_feeds_of_a_language_that_is_offered_no_more_stay_right(desk: Desk) -> None:
    """Their followers are told of a move like all others, and led to pages that are still there."""
    slug = desk.do(add_meeting, MEETING)
    _publish(desk, 0)
    desk.do(change_meeting, slug, dates("2027-06-15", "2027-06-17"))
    desk.publish(NOW + HOUR)
    french = events_of(desk.feed("mechanism/midsa", language="fr"))[desk.uid(slug)]
    assert value(french, "DTSTART") == "20270615"
    assert "15–17 juin 2027" in french
    assert value(french, "URL") == f"{BASE_URL}/meetings/{slug}"
    assert b"URL:" + BASE_URL.encode() + b"/mechanisms/midsa\r\n" in desk.feed(
        "mechanism/midsa", language="fr"
    )
    assert not desk.is_due()
    _publish(desk, 2)
    french = events_of(desk.feed("mechanism/midsa", language="fr"))[desk.uid(slug)]
    assert value(french, "URL") == f"{BASE_URL}/fr/meetings/{slug}"


def test_a_calendar_says_in_which_language_it_is(desk: Desk) -> None:
    """By its product, and by what it is called; a meeting's own calendar too."""
    slug = desk.do(add_meeting, MEETING)
    _publish(desk, 0)
    french = desk.feed("all", language="fr")
    assert b"PRODID:-//ISCM//Calendar feed 1.0//FR\r\n" in french
    assert "NAME:ISCM – Toutes les réunions\r\n".encode() in french
    with desk.database.reading() as session:
        alone = read_meeting_calendar(session, slug, language="fr")
    assert alone is not None
    assert b"PRODID:-//ISCM//Calendar feed 1.0//FR\r\n" in alone.body
    assert b"PRODID:-//ISCM//Calendar feed 1.0//EN\r\n" in desk.feed("all")


def _publish(desk: Desk, hours: int) -> None:
    with desk.database.writing() as session:
        done = publish(session, now=NOW + hours * HOUR, base_url=BASE_URL, languages=LANGUAGES)
    assert done.alarms == []
