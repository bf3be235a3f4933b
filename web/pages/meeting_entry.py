"""A meeting as it stands on a calendar sheet: few words, read without loading whole records.

A month or a year may hold hundreds of meetings, and a line with all its documents for each would take longer
than a reader waits.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Row, case, select
from sqlalchemy.orm import Session

from models.mechanism import Mechanism, MechanismType
from models.meeting import Kind, Meeting, MeetingMechanism, Visibility
from models.own_words import words_in
from models.when import Precision, When
from templates.dates import written_when
from templates.languages import ENGLISH
from templates.words import word
from web.english import said
from web.pages.meeting_line import Standing, closing_day, place_words, short_type, standing_of

_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """One meeting on a sheet.

    `first` and `last` are the days it touches, both known and included; `dates` are the same in words, the
    year too. `weight` is that of its kind, 0 for a summit. `type` is the first mechanism's, for the hue;
    `types` are those of all its mechanisms in words, `mechanisms` their names.
    """

    id: int
    address: str
    title: str
    kind: str
    weight: int
    first: date
    last: date
    precision: Precision
    dates: str
    type: str
    types: tuple[str, ...]
    mechanisms: tuple[str, ...]
    place: str | None
    standing: tuple[Standing, ...]

    @property
    def anchor(self) -> str:
        """The name of its place in a list on the same page."""
        return self.address.rpartition("/")[2]

    @property
    def is_dated(self) -> bool:
        """Whether its days are known, not only its month, quarter or year."""
        return self.precision in DATED


DATED: Final = frozenset({Precision.MOMENT, Precision.DAY})

_ROUGHNESS: Final = {
    Precision.MOMENT: 0,
    Precision.DAY: 0,
    Precision.MONTH: 1,
    Precision.QUARTER: 2,
    Precision.YEAR: 3,
}
roughness = case(_ROUGHNESS, value=Meeting.precision)
"""How roughly the time is known, in a query: days first, then months, quarters and years."""


_WEIGHTS: Final = {kind: weight for weight, kind in enumerate(Kind)}


def of_type(only: MechanismType | None) -> list[ColumnElement[bool]]:
    """Return the conditions for meetings all may see; `only` asks for one mechanism at least of that type."""
    found = [Meeting.visibility == Visibility.PUBLIC]
    if only:
        found.append(
            Meeting.id.in_(
                select(MeetingMechanism.meeting_id)
                .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
                .where(Mechanism.type == only)
            )
        )
    return found


def between(first: date, last: date) -> list[ColumnElement[bool]]:
    """Return the conditions for meetings that touch the days from `first` to `last`."""
    return [Meeting.first_day <= last, closing_day >= first]


def read_entries(
    session: Session,
    conditions: list[ColumnElement[bool]],
    *,
    today: date,
    language: str = ENGLISH,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[MeetingEntry, ...]:
    """Return the entries of meetings with a date, in two statements.

    Known days stand before months, quarters and years; then by the first day, the weightier kind first.
    """
    order = (roughness, Meeting.first_day, Meeting.uid)
    chosen = (
        select(Meeting.id)
        .where(Meeting.first_day.is_not(None), *conditions)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    rows = session.execute(_COLUMNS.join(chosen, chosen.c.id == Meeting.id).order_by(*order)).all()
    mechanisms = _mechanisms(session, chosen)
    entries = (_entry(row, mechanisms[row.id], today=today, language=language) for row in rows)
    return tuple(sorted(entries, key=lambda one: (_ROUGHNESS[one.precision], one.first, one.weight)))


_COLUMNS: Final = select(
    Meeting.id,
    Meeting.slug,
    Meeting.title,
    Meeting.title_in,
    Meeting.kind,
    Meeting.status,
    Meeting.when,
    Meeting.city,
    Meeting.country,
    Meeting.mode,
    Meeting.previous_when,
)


def _mechanisms(session: Session, chosen: FromClause) -> Mapping[int, list[_Row]]:
    """Return the mechanisms of the chosen meetings in their stored order, by the meeting's key."""
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    rows = session.execute(
        select(
            MeetingMechanism.meeting_id,
            Mechanism.short_name,
            Mechanism.short_name_in,
            Mechanism.type,
            Mechanism.is_iscm,
        )
        .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
        .join(chosen, chosen.c.id == MeetingMechanism.meeting_id)
        .order_by(MeetingMechanism.meeting_id, MeetingMechanism.position)
    )
    for row in rows:
        found[row.meeting_id].append(row)
    return found


def _entry(
    row: Row[*tuple[Any, ...]], mechanisms: list[Row[*tuple[Any, ...]]], *, today: date, language: str
) -> MeetingEntry:
    when: When = row.when
    assert when.first is not None  # noqa: S101 - the query leaves out what has no date; this tells the type checker
    types = [short_type(one.type, is_iscm=one.is_iscm, language=language) for one in mechanisms]
    return MeetingEntry(
        id=row.id,
        address=f"/meetings/{row.slug}",
        title=said(words_in(row.title, row.title_in, language=language), language=language),
        kind=word("kind", row.kind, language=language),
        weight=_WEIGHTS[row.kind],
        first=when.first,
        last=when.last or when.first,
        precision=when.precision,
        dates=written_when(when.first, when.last, precision=when.precision, language=language),
        type=mechanisms[0].type.value if mechanisms else "none",
        types=tuple(dict.fromkeys(types)),
        mechanisms=tuple(
            said(words_in(one.short_name, one.short_name_in, language=language), language=language)
            for one in mechanisms
        ),
        place=place_words(city=row.city, country=row.country, mode=row.mode, language=language),
        standing=standing_of(row.status, when, row.previous_when, today=today, language=language),
    )
