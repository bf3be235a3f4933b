"""Saved choices: kept, changed by whoever holds the link to it, let go of where nobody asks for them."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models.choice import Choice
from models.publication import Publication
from models.refusal import Refusal
from models.saved_choice import SavedChoice

MOST_AN_HOUR: Final = 300
MOST: Final = 300_000
"""Choices taken within an hour, and kept at one time: a form without a sign-in is found by programs, and
nothing is kept about visitors by which they could be told apart."""

KEPT_UNASKED: Final = timedelta(days=40)
"""How long a choice waits for the first calendar program to ask for it. At MOST_AN_HOUR that many days hold
fewer than MOST, so choices that nobody uses never crowd out others."""

KEPT_AFTER_ASKING: Final = timedelta(days=400)
"""How long a choice is kept after the last month in which one asked; programs ask every day."""

_AT_ONCE: Final = 500


class TooManyChoices(Refusal):
    """So many choices were kept within the last hour that another one has to wait."""


def keep_choice(session: Session, choice: Choice, *, code: str, secret: str, now: datetime) -> SavedChoice:
    """Keep a choice under a new public code and return it; `secret` opens it later, and only its hash stays.

    The same secret again finds what was kept with it: a form that is sent twice makes one choice. Raises
    TooManyChoices.
    """
    publication = _alone(session)
    found = choice_of(session, secret)
    if found is not None:
        return found
    lately = select(func.count()).where(SavedChoice.made_at > now - timedelta(hours=1))
    kept = select(func.count()).select_from(SavedChoice)
    if (session.scalar(lately) or 0) >= MOST_AN_HOUR or (session.scalar(kept) or 0) >= MOST:
        raise TooManyChoices("More choices came in than can be kept just now. Please try again in an hour.")
    made = SavedChoice(
        code=code,
        secret_hash=_hash(secret),
        chosen=choice.chosen,
        language=choice.language,
        made_at=now,
        changed_at=publication.stamp(now),
    )
    session.add(made)
    session.flush()
    return made


def change_choice(session: Session, secret: str, choice: Choice, *, now: datetime) -> SavedChoice | None:
    """Let a saved choice hold something else and return it; None where nothing was kept with this secret.

    Its time moves only where that differs from what it held.
    """
    publication = _alone(session)
    found = choice_of(session, secret)
    if found is not None and found.choice != choice:
        found.chosen, found.language = choice.chosen, choice.language
        found.changed_at = publication.stamp(now)
        publication.choice_revision += 1
        session.flush()
    return found


def choice_of(session: Session, secret: str) -> SavedChoice | None:
    """Return the choice that was kept with this secret, or None."""
    return session.scalar(select(SavedChoice).where(SavedChoice.secret_hash == _hash(secret)))


def note_asked(session: Session, codes: Collection[str], *, month: date) -> None:
    """Note that calendar programs asked for these choices in a month, which is its first day."""
    earlier = or_(SavedChoice.asked_in.is_(None), SavedChoice.asked_in < month)
    ordered = sorted(codes)
    for start in range(0, len(ordered), _AT_ONCE):
        these = SavedChoice.code.in_(ordered[start : start + _AT_ONCE])
        session.execute(
            update(SavedChoice).where(these, earlier).values(asked_in=month),
            execution_options={"synchronize_session": False},
        )


def forget_choices(session: Session, *, now: datetime) -> int:
    """Let go of choices for which nobody ever asked, or nobody has for a year; return how many.

    What was made or changed lately stays in any case.
    """
    unasked = and_(SavedChoice.asked_in.is_(None), SavedChoice.changed_at < now - KEPT_UNASKED)
    year_ago = now - KEPT_AFTER_ASKING
    left = and_(SavedChoice.asked_in < year_ago.date(), SavedChoice.changed_at < year_ago)
    past = session.execute(
        delete(SavedChoice).where(or_(unasked, left)).execution_options(synchronize_session=False)
    )
    return int(getattr(past, "rowcount", 0))


def _alone(session: Session) -> Publication:
    """Wait for the row that gives stamps; counting and keeping are then done by one process at a time."""
    return session.scalars(select(Publication).with_for_update()).one()


def _hash(secret: str) -> str:
    """A secret of 256 bits needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
