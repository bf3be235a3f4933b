"""Read the facts of an issue from the record: the one place where the letter meets the database."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from models import (
    DayMeans,
    Document,
    Mechanism,
    MechanismStatus,
    Meeting,
    MeetingMechanism,
    Precision,
    Theme,
    Update,
    Visibility,
    When,
)
from models.own_words import (
    mechanism_acronym,
    mechanism_name,
    mechanism_short_name,
    meeting_title,
    theme_name,
    update_summary,
    update_title,
)
from models.update import UpdateMechanism
from newsletter.facts import ChairFacts, MechanismFacts, MeetingFacts, OutcomeFacts, Record, UpdateFacts
from newsletter.sections.themes import FAMILIES
from templates.cities import city_name
from templates.countries import territory_names
from templates.languages import ENGLISH

_AHEAD: Final = timedelta(days=366)


def gather_facts(session: Session, *, year: int, today: date, language: str) -> Record:
    """Return what an issue of the year tells of, and the public meetings of the year that begins today.

    Names and titles are those of the language; what it lacks is English, and says so.
    """
    return Record(
        mechanisms=tuple(_mechanism(one, language) for one in _mechanisms(session)),
        meetings=tuple(_meeting(one, language) for one in _meetings(session, year, today)),
        updates=tuple(_update(one, language) for one in _updates(session, year)),
        theme_names=_theme_names(session, language),
        countries=territory_names(language),
    )


def gather_meetings(session: Session, uids: Iterable[str]) -> dict[str, MeetingFacts]:
    """Return the public meetings of these UIDs as the record has them now.

    One that is gone is not among them.
    """
    chosen = select(Meeting).where(Meeting.uid.in_(sorted(uids)), Meeting.visibility == Visibility.PUBLIC)
    found = session.scalars(chosen.options(*_WITH_A_MEETING))
    return {meeting.uid: _meeting(meeting) for meeting in found}


_WITH_A_MEETING: Final = (
    selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism),
    selectinload(Meeting.documents),
)


def _mechanisms(session: Session) -> Iterable[Mechanism]:
    return session.scalars(
        select(Mechanism).options(selectinload(Mechanism.aliases)).order_by(Mechanism.slug)
    )


def _meetings(session: Session, year: int, today: date) -> Iterable[Meeting]:
    of_the_year = Meeting.first_day.between(date(year, 1, 1), date(year, 12, 31))
    to_come = Meeting.first_day.between(today - _AHEAD, today + _AHEAD)
    undated = Meeting.precision == Precision.UNKNOWN
    chosen = select(Meeting).where(
        Meeting.visibility == Visibility.PUBLIC, or_(of_the_year, to_come, undated)
    )
    return session.scalars(chosen.options(*_WITH_A_MEETING).order_by(Meeting.uid))


def _updates(session: Session, year: int) -> Iterable[Update]:
    chosen = select(Update).where(Update.day.between(date(year, 1, 1), date(year, 12, 31)))
    together = (
        selectinload(Update.places).joinedload(UpdateMechanism.mechanism),
        selectinload(Update.theme_tags),
    )
    return session.scalars(chosen.options(*together).order_by(Update.day, Update.slug))


def _theme_names(session: Session, language: str) -> dict[str, str]:
    """Return the heading of each family: the name of its first theme."""
    names: dict[str, str] = {}
    for theme in session.scalars(select(Theme).order_by(Theme.position)):
        if theme.family in FAMILIES:
            names.setdefault(theme.family.value, theme_name(theme, language=language).text)
    return names


def _mechanism(mechanism: Mechanism, language: str = ENGLISH) -> MechanismFacts:
    chair = mechanism.chair
    short_name = mechanism_short_name(mechanism, language=language)
    acronym = mechanism_acronym(mechanism, language=language)
    # A title that a language lacks stands in English, and so does the mechanism's name in it.
    english = () if language == ENGLISH else (mechanism.short_name, mechanism.name, mechanism.acronym or "")
    aliases = (*(alias.name for alias in mechanism.aliases), *english)
    return MechanismFacts(
        slug=mechanism.slug,
        short_name=short_name.text,
        name=mechanism_name(mechanism, language=language).text,
        type=mechanism.type.value,
        acronym=acronym.text if acronym else None,
        aliases=tuple(name for name in aliases if name),
        is_iscm=mechanism.is_iscm,
        is_dormant=mechanism.status is MechanismStatus.DORMANT,
        secretariat=mechanism.secretariat,
        website=mechanism.website,
        contact=mechanism.contact,
        chair=ChairFacts(
            states=tuple((seat["state"], seat["role"]) for seat in chair["states"]),
            since=chair.get("since"),
            until=chair.get("until"),
        )
        if chair
        else None,
        language=short_name.language,
    )


def _meeting(meeting: Meeting, language: str = ENGLISH) -> MeetingFacts:
    title = meeting_title(meeting, language=language)
    city = meeting.city
    return MeetingFacts(
        uid=meeting.uid,
        slug=meeting.slug,
        mechanisms=tuple(mechanism.slug for mechanism in meeting.mechanisms),
        title=title.text,
        kind=meeting.kind,
        status=meeting.status,
        when=meeting.when,
        previous_when=When.kept(meeting.previous_when) if meeting.previous_when else None,
        mode=meeting.mode,
        city=city_name(city, country=meeting.country, language=language) if city else city,
        country=meeting.country,
        theme=meeting.theme,
        reason=meeting.reason,
        outcomes=tuple(_outcome(document) for document in meeting.documents if document.act is not None),
        confidence=meeting.confidence,
        notes=meeting.notes,
        language=title.language,
    )


def _outcome(document: Document) -> OutcomeFacts:
    return OutcomeFacts(
        slug=document.slug,
        title=document.title,
        act=document.act.value if document.act else None,
        url=document.url,
        language=document.language,
    )


def _update(update: Update, language: str) -> UpdateFacts:
    title = update_title(update, language=language)
    summary = update_summary(update, language=language)
    return UpdateFacts(
        slug=update.slug,
        day=update.day,
        title=title.text,
        mechanisms=tuple(mechanism.slug for mechanism in update.mechanisms),
        summary=summary.text if summary else None,
        url=update.url,
        day_known=update.day_known,
        is_day_of_event=update.day_means is DayMeans.EVENT,
        families=tuple(theme.family.value for theme in update.theme_tags),
        confidence=update.confidence,
        language=title.language,
        summary_language=summary.language if summary else language,
    )
