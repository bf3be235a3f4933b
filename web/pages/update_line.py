"""An update as it stands in a list: its day, its mechanisms, its title and summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from models.update import Update, UpdateMechanism
from templates.dates import written_date, written_months
from templates.languages import ENGLISH
from web.pages.meeting_line import MechanismLink, mechanism_links


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """One update. `anchor` names it inside its list; `address` is the page it was found on, or None."""

    anchor: str
    day: date
    written_day: str
    exact: str
    title: str
    summary: str | None
    address: str | None
    mechanisms: tuple[MechanismLink, ...]


def updates_in_order() -> Select[Update]:
    """Return the query for updates, newest first, with what their lines show loaded along."""
    return (
        select(Update)
        .options(selectinload(Update.places).joinedload(UpdateMechanism.mechanism))
        .order_by(Update.day.desc(), Update.slug)
    )


def newest_updates(
    session: Session, *, today: date, number: int, language: str = ENGLISH
) -> tuple[UpdateLine, ...]:
    """Return the newest updates of all mechanisms up to a day."""
    query = updates_in_order().where(Update.day <= today).limit(number)
    return update_lines(session.scalars(query).all(), language=language)


def update_lines(updates: Sequence[Update], *, language: str = ENGLISH) -> tuple[UpdateLine, ...]:
    """Return the lines of updates in the order given."""
    return tuple(
        UpdateLine(
            anchor=update.slug,
            day=update.day,
            written_day=(
                written_date(update.day, language=language)
                if update.day_known
                else written_months(update.day, update.day, language=language)
            ),
            exact=update.day.isoformat() if update.day_known else f"{update.day:%Y-%m}",
            title=update.title,
            summary=update.summary,
            address=update.url,
            mechanisms=mechanism_links(update.mechanisms, language=language),
        )
        for update in updates
    )
