"""The news: its list with filters, and the page of one update."""

import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Database, DayMeans, Theme, ThemeFamily, Update, UpdateKind, UpdateMechanism
from models.mechanism import MechanismType
from tests.web.record import a_mechanism, an_update
from tests.web.visitor import NOW, statements, visitor

ITEM = re.compile(r'<li id="([^"]+)">\s*<p class="update-day">')


def _fill(session: Session) -> None:
    lima = a_mechanism(session, "lima-process")
    rome = a_mechanism(session, "rome-dialogue", type=MechanismType.IRF)
    theme = Theme(slug="return", name="Return", family=ThemeFamily.OTHER, position=1)
    session.add(theme)
    first = an_update(session, lima, rome, slug="2026-06-01-lima-outcome", theme_tags=[theme])
    first.url, first.source_language = "https://www.news.example/lima", "es"
    second = an_update(session, rome, slug="2024-03-rome-chair", day=date(2024, 3, 1), day_known=False)
    second.kind, second.day_means = UpdateKind.CHAIR_HANDOVER, DayMeans.PUBLICATION


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["2026-06-01-lima-outcome", "2024-03-rome-chair"]),
        ("?mechanism=rome-dialogue", ["2026-06-01-lima-outcome", "2024-03-rome-chair"]),
        ("?mechanism=lima-process", ["2026-06-01-lima-outcome"]),
        ("?kind=chair_handover", ["2024-03-rome-chair"]),
        ("?theme=return", ["2026-06-01-lima-outcome"]),
        ("?year=2024", ["2024-03-rome-chair"]),
        ("?kind=chair_handover&year=2026", []),
    ],
)
def test_updates_are_narrowed_by_every_filter(database: Database, query: str, shown: list[str]) -> None:
    """Newest first; each under the anchor that is its slug."""
    with database.writing() as session:
        _fill(session)
    assert ITEM.findall(visitor(database).get(f"/updates{query}").text) == shown


def test_update_says_what_its_day_is_and_where_it_was_found(sqlite_database: Database) -> None:
    """A month stays a month, a day of publication is called so, and the link tells site and language."""
    with sqlite_database.writing() as session:
        _fill(session)
    text = visitor(sqlite_database).get("/updates").text
    days = re.findall(
        r'<p class="update-day"><time datetime="([^"]+)">([^<]+)</time>'
        r'(?: <span class="update-said">([^<]+)</span>)?',
        text,
    )
    assert days == [
        ("2026-06-01", "1 June 2026", ""),
        ("2024-03", "March 2024", "Day of publication"),
    ]
    assert re.findall(r'<a href="https://www.news.example/lima"[^>]*>([^<]+)</a> \(([^)]+)\)', text) == [
        ("news.example", "Spanish")
    ]


def test_update_has_a_page_of_its_own(database: Database) -> None:
    """Its title, day, mechanisms, themes and link; 404 for what is none."""
    with database.writing() as session:
        _fill(session)
    client = visitor(database)
    text = client.get("/updates/2026-06-01-lima-outcome").text
    for said in (
        '<h1 class="reading-title">2026 06 01 lima outcome</h1>',
        '<a href="/mechanisms/lima-process">Lima Process</a>',
        '<a href="/mechanisms/rome-dialogue">Rome Dialogue</a>',
        '<a href="/themes/return">Return</a>',
        "Read more on news.example",
        "<dd>Spanish</dd>",
    ):
        assert said in text
    assert client.get("/updates/nothing").status_code == 404


def test_updates_unknown_choice_is_told(sqlite_database: Database) -> None:
    """The sentence stands over the whole list."""
    with sqlite_database.writing() as session:
        _fill(session)
    answer = visitor(sqlite_database).get("/updates?mechanism=nobody")
    assert answer.status_code == 404
    assert "There is nothing called “nobody” under “Mechanism”." in answer.text
    assert len(ITEM.findall(answer.text)) == 2


def test_updates_take_as_many_statements_for_a_thousand_as_for_one(database: Database) -> None:
    """The number of statements does not grow with the record, and a page shows thirty."""
    with database.writing() as session:
        lima = a_mechanism(session)
        an_update(session, lima, slug="first")
        lima_id = lima.id
    numbers = []
    for rows in (1, 1000):
        with database.writing() as session:
            session.add_all(
                Update(
                    slug=f"more-{n}",
                    day=date(2020, 1, 1),
                    day_means=DayMeans.EVENT,
                    kind=UpdateKind.OTHER,
                    title=f"More {n}",
                    created_at=NOW,
                    places=[UpdateMechanism(mechanism_id=lima_id)],
                )
                for n in range(1, rows)
            )
        with statements(database) as sent:
            text = visitor(database).get("/updates").text
        numbers.append((len(ITEM.findall(text)), len(sent)))
    (one, cheap), (thousand, dear) = numbers
    assert (one, thousand, dear) == (1, 30, cheap)
