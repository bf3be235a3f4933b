"""Languages: one more language is one more feed of each, of the same events under the same sequence."""

from calendar_feed.publication import publish
from calendar_feed.selfcheck import feed_faults
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, dates, events_of, value
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
