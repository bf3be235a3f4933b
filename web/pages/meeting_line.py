"""A meeting as it stands in a list: its date tile, its names, its place and how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from models.base import Facts
from models.document import Document
from models.mechanism import Mechanism, MechanismType
from models.meeting import Meeting, MeetingMechanism, MeetingStatus, Mode, Visibility
from models.own_words import mechanism_short_name, meeting_title
from models.when import Precision, When
from templates.cities import city_name
from templates.countries import territory_names
from templates.dates import DateTile, date_tile, written_when
from templates.languages import ENGLISH, catalogue, direction
from templates.text import parted
from templates.words import word
from web.english import in_english, said


@dataclass(frozen=True, slots=True)
class MechanismLink:
    """A mechanism by the name people use, and its page."""

    name: str
    slug: str
    address: str
    type: str
    type_words: str


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document of a meeting: what was done with it, its title, and where it is (None: not online).

    `is_here` when the address is that of the copy kept here, not of another site.
    """

    act: str | None
    title: str
    address: str | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a meeting stands, where that is not simply "it takes place": a word, and the name of its shape."""

    shape: str
    words: str


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in a list. `type` is the first mechanism's, for the hue of the tile."""

    address: str
    title: str
    tile: DateTile
    type: str
    mechanisms: tuple[MechanismLink, ...]
    kind: str
    place: str | None
    standing: tuple[Standing, ...]
    documents: tuple[DocumentLink, ...]
    first_day: date | None


def visible_meetings(*loading: ORMOption) -> Select[Meeting]:
    """Return the query for meetings that everybody may see, with what their lines show loaded along.

    The number of statements it takes does not grow with the number of meetings.
    """
    return (
        select(Meeting)
        .where(Meeting.visibility == Visibility.PUBLIC)
        .options(
            selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism),
            selectinload(Meeting.documents),
            *loading,
        )
    )


closing_day = func.coalesce(Meeting.last_day, Meeting.first_day)
"""The last day on which a meeting can still be going on, in a query."""


def is_coming(today: date) -> ColumnElement[bool]:
    """Return the condition for what is ahead or goes on; a meeting marked as held on its last day is not."""
    return and_(closing_day >= today, or_(Meeting.status != MeetingStatus.HELD, Meeting.first_day > today))


def is_past(today: date) -> ColumnElement[bool]:
    """Return the condition for what is over."""
    return or_(closing_day < today, and_(Meeting.status == MeetingStatus.HELD, Meeting.first_day <= today))


def meeting_lines(
    meetings: Iterable[Meeting], *, today: date, language: str = ENGLISH
) -> tuple[MeetingLine, ...]:
    """Return the lines of meetings in the order given."""
    return tuple(meeting_line(meeting, today=today, language=language) for meeting in meetings)


def meeting_line(meeting: Meeting, *, today: date, language: str = ENGLISH) -> MeetingLine:
    """Return a meeting's line as of a day."""
    when = meeting.when
    mechanisms = mechanism_links(meeting.mechanisms, language=language)
    return MeetingLine(
        address=f"/meetings/{meeting.slug}",
        title=said(meeting_title(meeting, language=language), language=language),
        tile=date_tile(when.first, when.last, precision=when.precision, language=language),
        type=mechanisms[0].type if mechanisms else "",
        mechanisms=mechanisms,
        kind=word("kind", meeting.kind, language=language),
        place=place_words(city=meeting.city, country=meeting.country, mode=meeting.mode, language=language),
        standing=standing_of(meeting.status, when, meeting.previous_when, today=today, language=language),
        documents=tuple(_document_link(document, language=language) for document in meeting.documents),
        first_day=when.first,
    )


def _document_link(document: Document, *, language: str) -> DocumentLink:
    kept = document.file_name if document.file_sha256 else None
    return DocumentLink(
        act=word("act", document.act, language=language) if document.act else None,
        title=in_english(document.title, language=language),
        address=f"/documents/{document.slug}/{quote(kept)}" if kept else document.url,
        is_here=kept is not None,
    )


def mechanism_links(mechanisms: Sequence[Mechanism], *, language: str = ENGLISH) -> tuple[MechanismLink, ...]:
    """Return the links to mechanisms in the order given."""
    return tuple(
        MechanismLink(
            name=said(mechanism_short_name(mechanism, language=language), language=language),
            slug=mechanism.slug,
            address=f"/mechanisms/{mechanism.slug}",
            type=mechanism.type.value,
            type_words=type_words(mechanism, language=language),
        )
        for mechanism in mechanisms
    )


def type_words(mechanism: Mechanism, *, language: str = ENGLISH) -> str:
    """Return the short word for a mechanism's type; a series of meetings that is no ISCM is not given one."""
    return short_type(mechanism.type, is_iscm=mechanism.is_iscm, language=language)


def short_type(kind: MechanismType, *, is_iscm: bool, language: str = ENGLISH) -> str:
    """Return the short word for a type; a series of meetings that is no ISCM is not given one."""
    if not is_iscm:
        return catalogue(language).gettext("Meeting of all processes")
    return word("short type", kind, language=language)


def place_words(
    *, city: str | None, country: str | None, mode: Mode | None, language: str = ENGLISH
) -> str | None:
    """Return where a meeting is, as one reads it: `Lima, Peru`, `Lima, Peru, and online`, `Online`."""
    named = territory_names(language).get(country or "", country)
    known = city_words(city, country, language=language) if city else None
    where = parted([part for part in (known, named) if part], language=language)
    if mode is None or mode is Mode.IN_PERSON:
        return where or None
    words = word("mode", mode, language=language)
    if mode is Mode.HYBRID and where:
        return catalogue(language).gettext("%(place)s, and online") % {"place": where}
    return f"{words} ({where})" if where else words


def city_words(city: str, country: str | None, *, language: str) -> str:
    """Return a city's name; among other letters it is marked as what it is, where only English is known."""
    name = city_name(city, country=country, language=language)
    is_strange = name == city and direction(language) == "rtl"
    return in_english(name, language=language) if is_strange else name


def standing_of(
    status: MeetingStatus, when: When, previous: Facts | None, *, today: date, language: str = ENGLISH
) -> tuple[Standing, ...]:
    """Return what must be said of a meeting besides its date, most important first; often nothing.

    `previous` are the dates it had before it was moved, as the record keeps them.
    """
    sentence = catalogue(language).gettext
    said: list[Standing] = []
    match status:
        case MeetingStatus.CANCELLED:
            return (Standing("cancelled", sentence("Cancelled")),)
        case MeetingStatus.POSTPONED:
            return (Standing("postponed", sentence("Postponed, new date to be announced")),)
        case MeetingStatus.TENTATIVE if not when.is_over(today):
            said.append(Standing("tentative", sentence("Date to be confirmed")))
        case MeetingStatus.HELD:
            pass
        case _ if when.is_over(today):
            said.append(Standing("announced", sentence("Announced; not confirmed as held")))
    if when.precision not in {Precision.MOMENT, Precision.DAY}:
        said.append(Standing("open", _open_day(when, sentence("Day not known"), today, language)))
    if previous and status is not MeetingStatus.HELD:
        before = When.kept(previous)
        words = written_when(before.first, before.last, precision=before.precision, language=language)
        said.append(Standing("moved", sentence("Moved from %(dates)s") % {"dates": words}))
    return tuple(said)


def _open_day(when: When, past: str, today: date, language: str) -> str:
    if when.is_over(today):
        return past
    return catalogue(language).gettext("Day to be announced")
