"""The fields of a meeting that an event of an .ics file sets, where it says more than is known already."""

from calendar_feed.content_line import uri_value
from calendar_feed.event import EventFacts
from calendar_feed.facts import MeetingFacts
from calendar_feed.importing.baseline import same_point, same_text, says_when
from calendar_feed.importing.kinds import named_kind
from calendar_feed.importing.location_reading import read_place
from calendar_feed.importing.matching import title_key
from calendar_feed.importing.title_reading import Mark, bare_title, marked_title
from calendar_feed.importing.told import Told
from calendar_feed.states import EventStatus
from models.base import Facts
from models.meeting import MeetingStatus
from models.when import Precision, When
from templates.cities import city_name
from templates.countries import territory_names
from templates.languages import ENGLISH, catalogue

_MARKED = {
    Mark.CANCELLED: MeetingStatus.CANCELLED,
    Mark.POSTPONED: MeetingStatus.POSTPONED,
    Mark.PROPOSED: MeetingStatus.TENTATIVE,
    Mark.MONTH_HELD: MeetingStatus.HELD,
}


def new_fields(told: Told, *, shorts: list[str]) -> Facts:
    """Return all that an event says, for a meeting that is not on record. `shorts` name its mechanisms."""
    mark, title = marked_title(told.summary, is_ours=told.is_ours)
    fields = _place_fields(told)
    if told.is_ours:
        title = bare_title(title, shorts=shorts, places=_brackets(fields, told.language))
    fields["title"] = title
    if told.when is not None:
        fields["when"] = _month_of(told.when) if told.only_month else told.when
    status = _status(told, mark)
    if status is not None:
        fields["status"] = status.value
    elif told.status is EventStatus.CONFIRMED and not told.only_month:
        fields["status"] = MeetingStatus.CONFIRMED.value
    kind = named_kind(told.categories, title=title)
    if kind is not None:
        fields["kind"] = kind.value
    return fields | _links(told) | _point(told) | _reason(told, status)


def changed_fields(
    told: Told, *, known: MeetingFacts, event: EventFacts, is_exact: bool
) -> tuple[Facts, list[str]]:
    """Return what an event says against what is known, and what an editor should look at.

    `event` is what our own feed says of the meeting. With `is_exact` every letter of a title counts; else one
    that differs only in capitals, punctuation and the mechanism's name is the same.
    """
    fields = _title_fields(told, known=known, event=event, is_exact=is_exact)
    if not says_when(told, event, when=known.when) and told.when is not None:
        fields["when"] = _month_of(told.when) if told.only_month else told.when
    if told.location and not same_text(told.location, event.location):
        fields |= _moved_place(told, known)
    if not same_point(told.point, event.point):
        fields |= _point(told)
    if told.join_link and uri_value(told.join_link) != uri_value(event.join_link or ""):
        fields["join_link"] = told.join_link
    if told.url and not told.is_ours:
        fields["url"] = told.url
    is_silent = told.is_ours and same_text(told.summary, event.summary)
    mark, _ = marked_title(told.summary, is_ours=told.is_ours)
    wanted = None if is_silent else _status(told, mark)
    warnings = _turn(fields, told, event, wanted=wanted, now=known.status, is_silent=is_silent)
    if not same_text(told.reason, event.comment):
        fields |= _reason(told, wanted)
    return fields, warnings


def _title_fields(told: Told, *, known: MeetingFacts, event: EventFacts, is_exact: bool) -> Facts:
    if same_text(told.summary, event.summary):
        return {}
    _, title = marked_title(told.summary, is_ours=told.is_ours)
    if told.is_ours:  # a title of ours that was changed by hand still has the mechanism before it
        shorts = [mechanism.called(told.language).text for mechanism in known.mechanisms]
        title = bare_title(title, shorts=shorts, places=_brackets(_place_fields(told), told.language))
    names = [mechanism.names for mechanism in known.mechanisms]
    language = told.language if told.is_ours else ENGLISH
    kept = known.titled(language).text
    is_same = title == kept if is_exact else title_key(title, names) == title_key(kept, names)
    if is_same:
        return {}
    return {"title": title} if language == ENGLISH else {"title_in": {**known.title_in, language: title}}


def _moved_place(told: Told, known: MeetingFacts) -> Facts:
    """Return what another LOCATION says. A place that says less than is known says nothing against it.

    In another city the building and the point of the old one are wrong, so they go with it.
    """
    place = read_place(told.location or "")
    fields = place.fields()
    if place.country is None:
        known_words = " ".join(part.casefold() for part in (known.venue, known.city) if part)
        if place.venue and place.venue.casefold() in known_words:
            del fields["venue"]
        return fields
    is_elsewhere = place.country != known.country or (place.city is not None and place.city != known.city)
    if is_elsewhere and (known.city or known.country):
        fields = {"venue": None, "city": None, **fields}
        if known.latitude is not None and told.point is None:
            fields |= {"latitude": None, "longitude": None}
    return fields


def _turn(
    fields: Facts,
    told: Told,
    event: EventFacts,
    *,
    wanted: MeetingStatus | None,
    now: MeetingStatus,
    is_silent: bool,
) -> list[str]:
    """Add the status where the file says another one than our feed would, beyond doubt."""
    if wanted is not None:
        if wanted is not now and not (wanted is MeetingStatus.TENTATIVE and event.status is told.status):
            fields["status"] = wanted.value
        return []
    if is_silent or told.status is not EventStatus.CONFIRMED or event.status is EventStatus.CONFIRMED:
        return []
    if now is MeetingStatus.TENTATIVE:
        fields["status"] = MeetingStatus.CONFIRMED.value
        return []
    if now is MeetingStatus.POSTPONED and "when" in fields:
        return []
    # Most programs write CONFIRMED without being asked, so it does not take back what an editor has said.
    return [f"It is {now.value} here, and the file does not say so; it stays {now.value}."]


def _status(told: Told, mark: Mark | None) -> MeetingStatus | None:
    """Return the state that the file names beyond doubt; None for CONFIRMED, which programs write unasked."""
    if told.status is EventStatus.CANCELLED:
        return MeetingStatus.CANCELLED
    if told.is_postponed:
        return MeetingStatus.POSTPONED
    if mark in _MARKED:
        return _MARKED[mark]
    if told.status is EventStatus.TENTATIVE and not told.only_month:
        return MeetingStatus.TENTATIVE
    return None


def _month_of(when: When) -> When:
    if when.first is None or when.precision is not Precision.DAY:
        return when
    return When.month(when.first.year, when.first.month)


def _place_fields(told: Told) -> Facts:
    return read_place(told.location).fields() if told.location else {}


def _brackets(fields: Facts, language: str) -> list[str | None]:
    """Return what our feed may put in brackets behind a title."""
    code, city = fields.get("country"), fields.get("city")
    own = city_name(city, country=code, language=language) if city else None
    places: list[str | None] = [city, own, territory_names(language).get(code or "")]
    online = catalogue(language).gettext("online")
    return [*places, *(f"{place} + {online}" for place in places if place), online]


def _links(told: Told) -> Facts:
    links: Facts = {}
    if told.url and not told.is_ours:
        links["url"] = told.url
    if told.join_link:
        links["join_link"] = told.join_link
    return links


def _point(told: Told) -> Facts:
    return {"latitude": told.point[0], "longitude": told.point[1]} if told.point else {}


def _reason(told: Told, status: MeetingStatus | None) -> Facts:
    """Take a comment as the reason of a cancellation or a postponement; of another meeting it is no field."""
    if told.reason and status in {MeetingStatus.CANCELLED, MeetingStatus.POSTPONED}:
        return {"reason": told.reason}
    return {}
