"""An update as it stands in a list: its day, its mechanisms, its title and summary, where it was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from models.own_words import update_summary, update_title
from models.update import DayMeans, Update, UpdateMechanism
from templates.dates import written_date, written_months
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.english import said
from web.pages.document_line import language_name
from web.pages.meeting_line import MechanismLink, mechanism_links


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """One update. `anchor` names it inside its list, `page` is its own page here.

    `address` is the page it was found on, `host` that page's site and `language` its language in words; None
    where not known. `said_of_day` is what the day is the day of, where that is not the event's own.
    """

    anchor: str
    page: str
    day: date
    written_day: str
    exact: str
    said_of_day: str | None
    title: str
    kind: str
    summary: str | None
    address: str | None
    host: str | None
    language: str | None
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
    return tuple(update_line(update, language=language) for update in updates)


def update_line(update: Update, *, language: str = ENGLISH) -> UpdateLine:
    """Return an update's line."""
    summary = update_summary(update, language=language)
    published = catalogue(language).gettext("Day of publication")
    return UpdateLine(
        anchor=update.slug,
        page=f"/updates/{update.slug}",
        day=update.day,
        written_day=(
            written_date(update.day, language=language)
            if update.day_known
            else written_months(update.day, update.day, language=language)
        ),
        exact=update.day.isoformat() if update.day_known else f"{update.day:%Y-%m}",
        said_of_day=published if update.day_means is DayMeans.PUBLICATION else None,
        title=said(update_title(update, language=language), language=language),
        kind=word("update kind", update.kind, language=language),
        summary=said(summary, language=language) if summary else None,
        address=update.url,
        host=urlsplit(update.url).netloc.removeprefix("www.") if update.url else None,
        language=language_name(update.source_language, language=language),
        mechanisms=mechanism_links(update.mechanisms, language=language),
    )
