"""The fields of a meeting that an event of an .ics file sets, where it says more than is known already."""

from calendar_feed.content_line import uri_value
from calendar_feed.event import EventFacts
from calendar_feed.importing.baseline import same_point, same_text, says_when
from calendar_feed.importing.kinds import named_kind
from calendar_feed.importing.location_reading import read_place
from calendar_feed.importing.title_reading import Mark, bare_title, marked_title, same_words
from calendar_feed.importing.told import Told
from calendar_feed.states import EventStatus
from models.base import Facts
from models.meeting import MeetingStatus
from models.when import Precision, When
from templates.countries import territory_names

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
    told: Told, *, event: EventFacts, title: str, when: When, status: MeetingStatus, exact: bool
) -> tuple[Facts, list[str]]:
    """Return what an event says against what is known, and what an editor should look at.

    `event` is what our own feed says of the meeting, whose title, time and status follow. With `exact` a
    title that differs only in capitals or punctuation is a change too.
    """
    fields: Facts = {}
    is_titled = same_text(told.summary, event.summary)
    mark, plain = marked_title(told.summary, is_ours=told.is_ours)
    if not is_titled and (plain != title if exact else same_words(plain) != same_words(title)):
        fields["title"] = plain
    if not says_when(told, event, when=when) and told.when is not None:
        fields["when"] = _month_of(told.when) if told.only_month else told.when
    if told.location and not same_text(told.location, event.location):
        fields |= read_place(told.location).fields()
    if not same_point(told.point, event.point):
        fields |= _point(told)
    if told.join_link and uri_value(told.join_link) != uri_value(event.join_link or ""):
        fields["join_link"] = told.join_link
    if told.url and not told.is_ours:
        fields["url"] = told.url
    wanted = None if is_titled and told.is_ours else _status(told, mark)
    warnings = _turn(fields, told, event, wanted=wanted, now=status, is_silent=is_titled and told.is_ours)
    return fields | (_reason(told, wanted) if not same_text(told.reason, event.comment) else {}), warnings


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
    country = territory_names(language).get(fields.get("country", ""))
    places: list[str | None] = [fields.get("city"), country]
    return [*places, *(f"{place} + online" for place in places if place), "online"]


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
