"""Saved choices: kept once, changed by their secret alone, bounded in number, forgotten when nobody asks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.choice import Choice
from models.database import Database
from models.publication import Publication
from models.saved_choice import SavedChoice
from models.saved_choice_keeping import (
    KEPT_AFTER_ASKING,
    KEPT_UNASKED,
    MOST,
    MOST_AN_HOUR,
    TooManyChoices,
    change_choice,
    forget_choices,
    keep_choice,
    note_asked,
)
from tests.saved_choices import fill_with_choices

NOW = datetime(2026, 11, 23, 12, 0, 0, 400_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHOICE = Choice.of({"mechanisms": ["gfmd", "midsa", "gfmd"], "kinds": ["summit"]}, language="fr")
OTHER = Choice.of({"countries": ["zm"]}, language="en")


def _keep(database: Database, code: str = "first", *, now: datetime = NOW) -> None:
    with database.writing() as session:
        keep_choice(session, CHOICE, code=code, secret=f"secret of {code}", now=now)


def _codes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(SavedChoice.code).order_by(SavedChoice.code)))


def test_a_choice_is_kept_as_it_was_made_and_its_secret_is_not(database: Database) -> None:
    """Sorted, each code once, in its language; nothing of the secret stands in the row."""
    _keep(database)
    with database.reading() as session:
        kept = session.get_one(SavedChoice, "first")
        assert kept.choice == CHOICE
        assert kept.chosen == {"mechanisms": ["gfmd", "midsa"], "kinds": ["summit"]}
        row = session.execute(select(SavedChoice.__table__)).one()
    assert "secret of" not in repr(row)
    assert len(kept.secret_hash) == 64


def test_the_same_secret_makes_one_choice(database: Database) -> None:
    """A form that is sent twice finds what it kept the first time."""
    _keep(database)
    with database.writing() as session:
        again = keep_choice(session, OTHER, code="second", secret="secret of first", now=NOW)
        assert (again.code, again.choice) == ("first", CHOICE)
    assert _codes(database) == ["first"]


def test_only_the_secret_changes_a_choice_and_its_time_moves_only_then(database: Database) -> None:
    """A wrong secret finds nothing; what is as it was keeps its time; a change is later by a second."""
    _keep(database)
    with database.writing() as session:
        assert change_choice(session, "first", OTHER, now=NOW) is None
        same = change_choice(session, "secret of first", CHOICE, now=NOW + SECOND * 90)
        assert same is not None
        made = same.changed_at
        assert (made, session.scalars(select(Publication.choice_revision)).one()) == (
            NOW.replace(microsecond=0),
            0,
        )
        changed = change_choice(session, "secret of first", OTHER, now=NOW)
        assert changed is not None
        assert (changed.changed_at, changed.choice, changed.code) == (made + SECOND, OTHER, "first")
        assert session.scalars(select(Publication.choice_revision)).one() == 1


def test_no_more_are_kept_than_an_hour_holds(database: Database) -> None:
    """The sentence says when to try again; an hour later it is taken."""
    fill_with_choices(database, MOST_AN_HOUR, made_at=NOW)
    assert len(_codes(database)) == MOST_AN_HOUR
    with pytest.raises(TooManyChoices, match="try again in an hour"):
        _keep(database, now=NOW + timedelta(minutes=59))
    _keep(database, now=NOW + timedelta(minutes=61))
    assert len(_codes(database)) == MOST_AN_HOUR + 1


def test_what_nobody_uses_never_fills_the_room_there_is() -> None:
    """Made as fast as the hour allows, they are forgotten before they are too many."""
    assert MOST_AN_HOUR * 24 * KEPT_UNASKED.days < MOST


def test_what_nobody_asks_for_is_forgotten_and_what_is_asked_for_stays(database: Database) -> None:
    """Never asked for: after forty days. Asked for once: after a year without."""
    for code in ("asked", "left", "lately", "never"):
        _keep(database, code)
    with database.writing() as session:
        note_asked(session, {"asked", "left", "nobody"}, month=date(2026, 12, 1))
    later = NOW + KEPT_UNASKED
    with database.writing() as session:
        assert forget_choices(session, now=later - SECOND * 5) == 0
        change_choice(session, "secret of lately", OTHER, now=later)
        assert forget_choices(session, now=later + SECOND * 10) == 1
    assert _codes(database) == ["asked", "lately", "left"]
    with database.writing() as session:
        note_asked(session, {"lately", "asked"}, month=date(2027, 12, 1))
        assert forget_choices(session, now=datetime(2026, 12, 2, tzinfo=UTC) + KEPT_AFTER_ASKING) == 1
    assert _codes(database) == ["asked", "lately"]


def test_a_month_is_noted_once_and_never_taken_back(database: Database) -> None:
    """An earlier month does not overwrite a later one."""
    _keep(database)
    with database.writing() as session:
        note_asked(session, {"first"}, month=date(2027, 2, 1))
        note_asked(session, {"first"}, month=date(2027, 1, 1))
        assert session.scalars(select(SavedChoice.asked_in)).all() == [date(2027, 2, 1)]
