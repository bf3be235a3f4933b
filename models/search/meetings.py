"""What meetings say to a search: title, kind, place and date, what they are about, and whose they are."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.meeting import Meeting, MeetingMechanism, Visibility, meeting_themes
from models.search.content import Content, months_of, place_names
from models.search.entry import SearchKind
from models.search.names import Names, in_languages
from templates.countries import territory_names
from templates.dates import written_when
from templates.languages import ENGLISH
from templates.words import word


def meeting_contents(session: Session, keys: Sequence[int], names: Names) -> Iterator[Content]:
    """Read the meetings with these keys that everybody may see."""
    themes = names.themes_by(meeting_themes, meeting_themes.c.meeting_id, keys)
    mechanisms = mechanisms_of_meetings(session, keys)
    said = select(
        Meeting.id, Meeting.slug, Meeting.title, Meeting.title_in, Meeting.kind, Meeting.precision,
        Meeting.first_day, Meeting.last_day, Meeting.venue, Meeting.city, Meeting.country, Meeting.host,
        Meeting.theme, Meeting.sessions,
    ).where(Meeting.id.in_(keys), Meeting.visibility == Visibility.PUBLIC)  # fmt: skip
    places = territory_names(ENGLISH)
    for one in session.execute(said):
        of = mechanisms.get(one.id, [])
        country = places.get(one.country or "", one.country)
        yield Content(
            SearchKind.MEETING,
            one.id,
            slug=one.slug,
            title=one.title,
            names=in_languages(one.title_in),
            lines=(
                names.shown(of),
                word("kind", one.kind),
                ", ".join(part for part in (one.venue, one.city, country) if part),
                written_when(one.first_day, one.last_day, precision=one.precision) if one.first_day else None,
                one.theme,
                *one.sessions,
                ", ".join(themes.get(one.id, ())),
            ),
            unseen=(
                *names.others(of),
                *names.themes_elsewhere(themes.get(one.id, ())),
                *(name for code in (one.country, one.host) if code for name in place_names(code)),
                *months_of(one.first_day, one.last_day),
            ),
            day=one.first_day,
        )


def mechanisms_of_meetings(session: Session, keys: Sequence[int]) -> dict[int, list[int]]:
    """Return the keys of the mechanisms of some meetings, in their order."""
    places = select(MeetingMechanism.meeting_id, MeetingMechanism.mechanism_id)
    found: dict[int, list[int]] = {}
    for meeting, mechanism in session.execute(
        places.where(MeetingMechanism.meeting_id.in_(keys)).order_by(MeetingMechanism.position)
    ):
        found.setdefault(meeting, []).append(mechanism)
    return found
