"""The page of clashes: what clashes in a window, a date that is tried, and queries of every sort."""

import re
from datetime import date, timedelta

from models import Database
from models.meeting import Visibility
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from models.when import When
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import statements, visitor

TITLE = re.compile(r'<h3 class="update-title"><a href="/meetings/([^"]+)">')


def _fill(database: Database) -> None:
    """Lima and Rome share Peru; what Silent shares is not known."""
    with database.writing() as session:
        made = {
            slug: a_mechanism(session, slug) for slug in ("lima-process", "rome-dialogue", "silent-process")
        }
        for code, mechanisms in {"PE": ("lima-process", "rome-dialogue"), "IT": ("rome-dialogue",)}.items():
            state = Participant(kind=ParticipantKind.STATE, code=code, name=code)
            for slug in mechanisms:
                made[slug].participations.append(
                    Participation(participant=state, role=ParticipantRole.MEMBER)
                )
        june = When.days(date(2027, 6, 8), date(2027, 6, 10))
        a_meeting(session, made["lima-process"], slug="of-lima", when=june, country="PE", city="Lima")
        a_meeting(
            session,
            made["rome-dialogue"],
            slug="of-rome",
            when=When.days(date(2027, 6, 10), None),
            country="IT",
        )
        a_meeting(session, made["silent-process"], slug="of-silent", when=When.days(date(2027, 9, 1), None))
        a_meeting(session, made["lima-process"], slug="hidden", when=june, visibility=Visibility.HIDDEN)


def test_page_lists_what_clashes_in_the_coming_year(database: Database) -> None:
    """Both meetings, the days they share, the States by name; a hidden meeting is in no list."""
    _fill(database)
    text = visitor(database).get("/clashes").text
    assert TITLE.findall(text) == ["of-lima", "of-rome"]
    assert '<p class="update-day">10 June 2027</p>' in text
    assert '1 State takes part in both: <a class="quiet" href="/countries/pe">Peru</a>' in text
    assert "1 clash<" in text
    assert "hidden" not in TITLE.findall(text)
    narrow = visitor(database).get("/clashes?from=2027-07-01&to=2027-12-31").text
    assert TITLE.findall(narrow) == []
    assert "1 July – 31 December 2027" in narrow


def test_date_is_tried_before_it_is_fixed(database: Database) -> None:
    """Whom it would hurt and how many; free weeks, each a link that tries it; in the reader's language."""
    _fill(database)
    query = "first=2027-06-10&last=2027-06-11&mechanism=rome-dialogue"
    text = visitor(database).get(f"/clashes?{query}").text
    assert TITLE.findall(text)[:2] == ["of-lima", "of-rome"]
    assert "10–11 June 2027: 2 States would be hurt" in text
    tries = re.findall(r'href="/clashes\?first=([^&]+)&amp;last=([^&]+)&amp;mechanism=([^"]+)"', text)
    assert tries[-6:] == [
        (f"{day}", f"{day + timedelta(days=1)}", "rome-dialogue")
        for day in (date(2027, 6, 10) + timedelta(weeks=week) for week in (-3, -2, -1, 1, 2, 3))
    ]
    free = visitor(database).get("/clashes?first=2027-05-04&mechanism=rome-dialogue").text
    assert "4 May 2027: nothing else takes place" in free
    silent = visitor(database).get("/clashes?first=2027-06-08&mechanism=silent-process").text
    assert "Which States take part in Silent Process is not on record." in silent
    french = visitor(database).get(f"/fr/clashes?{query}").text
    assert '<a href="/fr/meetings/of-lima">' in french
    assert 'href="/fr/clashes?first=' in french


QUERIES = (
    ("first=&last=&mechanism=", 200, None),
    ("first=2027-06-08", 422, "Say whose meeting is planned."),
    ("mechanism=lima-process", 422, "Say which day is to be tried."),
    ("mechanism=nobody&first=2027-06-08", 422, "One of these mechanisms is not on record."),
    ("mechanism=%00&first=2027-06-08", 422, "One of these mechanisms is not on record."),
    ("first=2027-02-30&mechanism=lima-process", 422, "Write the day like 2027-06-08."),
    ("first=0001-01-01&mechanism=lima-process", 422, "Write the day like 2027-06-08."),
    ("first=2199-12-31&mechanism=lima-process", 200, None),
    ("first=1900-01-01&mechanism=lima-process", 200, None),
    ("from=9999-12-31", 422, "Write the day like 2027-06-08."),
    ("from=%D9%A2%D9%A0%D9%A2%D9%A7-01-01", 422, "Write the day like 2027-06-08."),
    ("from=" + "9" * 5000, 422, "Write the day like 2027-06-08."),
    ("from=2027-06-08&to=2027-06-07", 422, "The last day lies before the first."),
    ("from=1900-01-01&to=2199-12-31", 422, "At most 366 days can be looked at in one go."),
    ("from=2199-12-31", 200, None),
    ("to=2027-06-08", 422, "Give the first day too."),
    ("first=2027-06-08&last=2028-06-08&mechanism=lima-process", 422, "At most 60 days can be looked at"),
    ("first=2027-06-08&" + "&".join(["mechanism=lima-process"] * 500), 200, None),
    ("first=2027-06-08&first=x&mechanism=lima-process", 422, "Write the day like 2027-06-08."),
)


def test_queries_of_every_sort_are_answered(sqlite_database: Database) -> None:
    """What cannot be read has a sentence beside its field; nothing is an error of ours."""
    _fill(sqlite_database)
    client = visitor(sqlite_database)
    for query, status, sentence in QUERIES:
        answer = client.get(f"/clashes?{query}")
        wrong = re.findall(r'role="alert">([^<]+)<', answer.text)
        assert (answer.status_code, len(wrong)) == (status, int(sentence is not None)), query
        assert wrong == [] or wrong[0].startswith(str(sentence)), query


def test_page_takes_as_many_statements_for_many_as_for_one(database: Database) -> None:
    """The list is cut at a hundred clashes, and says so."""
    _fill(database)
    numbers = []
    for rows in (1, 200):
        with database.writing() as session:
            silent = a_mechanism(session, f"silent-{rows}")
            for number in range(rows):
                when = When.days(date(2027, 3, 1) + timedelta(days=number), None)
                a_meeting(session, silent, slug=f"m-{rows}-{number}", when=when)
                a_meeting(session, silent, slug=f"n-{rows}-{number}", when=when)
        with statements(database) as sent:
            answer = visitor(database).get("/clashes?first=2027-06-10&mechanism=rome-dialogue")
        numbers.append(sum("SELECT" in one for one in sent))
    assert "the first 100 clashes; choose fewer days" in answer.text
    assert numbers[0] == numbers[1]
