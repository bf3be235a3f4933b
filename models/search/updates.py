"""What updates say to a search: title and summary, the month, the mechanisms they tell of."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.search.content import Content, months_of
from models.search.entry import SearchKind
from models.search.names import Names, in_languages
from models.update import Update, UpdateMechanism, update_themes
from templates.dates import written_date, written_months


def update_contents(session: Session, keys: Sequence[int], names: Names) -> Iterator[Content]:
    """Read the updates with these keys."""
    themes = names.themes_by(update_themes, update_themes.c.update_id, keys)
    mechanisms: dict[int, list[int]] = {}
    places = select(UpdateMechanism.update_id, UpdateMechanism.mechanism_id)
    for update, mechanism in session.execute(
        places.where(UpdateMechanism.update_id.in_(keys)).order_by(UpdateMechanism.position)
    ):
        mechanisms.setdefault(update, []).append(mechanism)
    said = select(
        Update.id,
        Update.slug,
        Update.title,
        Update.title_in,
        Update.summary,
        Update.summary_in,
        Update.day,
        Update.day_known,
    )
    for one in session.execute(said.where(Update.id.in_(keys))):
        of = mechanisms.get(one.id, [])
        yield Content(
            SearchKind.UPDATE,
            one.id,
            slug=one.slug,
            title=one.title,
            names=in_languages(one.title_in),
            lines=(
                one.summary,
                names.shown(of),
                written_date(one.day) if one.day_known else written_months(one.day, one.day),
                ", ".join(themes.get(one.id, ())),
            ),
            unseen=(
                *in_languages(one.summary_in),
                *names.others(of),
                *names.themes_elsewhere(themes.get(one.id, ())),
                *months_of(one.day),
            ),
            day=one.day,
        )
