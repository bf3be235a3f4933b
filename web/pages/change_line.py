"""A change as it stands in a list: when it was told, of which meeting, and what it was and is, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.base import Facts
from models.change import Change, ChangeKind
from models.meeting import Meeting, Mode
from models.own_words import Words, meeting_title
from models.when import When
from templates.dates import written_hours, written_utc_hours, written_when, written_zone
from templates.languages import ENGLISH, catalogue
from web.english import said
from web.pages.meeting_line import MechanismLink, mechanism_links, place_words


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when it is asked for."""
    return sentence


CHANGE_KINDS: Final = {
    ChangeKind.CANCELLED: _("Cancelled"),
    ChangeKind.POSTPONED: _("Postponed"),
    ChangeKind.TAKEN_BACK: _("Taken back"),
    ChangeKind.MOVED: _("Moved"),
    ChangeKind.FIXED: _("Date set"),
    ChangeKind.NEW: _("New"),
    ChangeKind.CONFIRMED: _("Confirmed"),
    ChangeKind.TIMES: _("New hours"),
    ChangeKind.CLOCK: _("New hour in UTC"),
    ChangeKind.PLACE: _("New place"),
}

_OF_DATES: Final = {
    ChangeKind.MOVED: _("Moved from %(before)s to %(after)s."),
    ChangeKind.FIXED: _("Now on %(after)s; only %(before)s had been announced."),
    ChangeKind.CONFIRMED: _("It takes place: %(after)s."),
    ChangeKind.POSTPONED: _("Announced for %(before)s; new dates are not known yet."),
    ChangeKind.CANCELLED: _("It will not take place; it was announced for %(before)s."),
    ChangeKind.TIMES: _("Now: %(after)s. Before: %(before)s."),
    ChangeKind.CLOCK: _(
        "The clock of the country changed. The hour at the venue stays; it is %(after)s now, not %(before)s."
    ),
    ChangeKind.TAKEN_BACK: _("Without a date again; it was announced for %(before)s."),
}
"""The sentence on the dates before and after."""

_DELETED: Final = _("Entered by mistake and deleted; it was announced for %(before)s.")

_SHAPES: Final = {ChangeKind.TAKEN_BACK: "cancelled", ChangeKind.CLOCK: "times"}
"""Which shape a kind has where that is not one of its own name."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change. `shape` names its mark, `kind` is the same in words.

    `told_at` is aware. `title` is the meeting's, and `title_language` the one it really is in; `address` is
    its page, None for one that was deleted. `said` tells before and after in whole sentences.
    """

    shape: str
    kind: str
    told_at: datetime
    title: str
    title_language: str
    address: str | None
    mechanisms: tuple[MechanismLink, ...]
    said: str

    @property
    def hour(self) -> str:
        """The hour in UTC."""
        return f"{self.told_at:%H:%M} UTC"

    @property
    def exact(self) -> str:
        """The moment as HTML's `time` element takes it."""
        return f"{self.told_at:%Y-%m-%dT%H:%M:%SZ}"


def kind_words(*, language: str = ENGLISH) -> dict[str, str]:
    """Return the kinds of changes in words, in the order of their weight."""
    sentence = catalogue(language).gettext
    return {kind.value: sentence(CHANGE_KINDS[kind]) for kind in ChangeKind}


def change_lines(changes: Sequence[Change], *, language: str = ENGLISH) -> tuple[ChangeLine, ...]:
    """Return the lines of changes in the order given."""
    return tuple(change_line(change, language=language) for change in changes)


def change_line(change: Change, *, language: str = ENGLISH) -> ChangeLine:
    """Return a change's line."""
    told: Facts = change.after or change.before or {}
    meeting = change.meeting
    title = _title(meeting, told, language=language)
    return ChangeLine(
        shape=_SHAPES.get(change.kind, change.kind.value),
        kind=catalogue(language).gettext(CHANGE_KINDS[change.kind]),
        told_at=change.at,
        title=said(title, language=language),
        title_language=title.language,
        address=f"/meetings/{meeting.slug}" if meeting else None,
        mechanisms=mechanism_links(change.mechanisms, language=language),
        said=_said(change, language=language),
    )


def _title(meeting: Meeting | None, told: Facts, *, language: str) -> Words:
    return meeting_title(meeting, language=language) if meeting else Words(str(told["title"]), ENGLISH)


def _said(change: Change, *, language: str) -> str:
    """Return what was and what is, in a sentence or two."""
    if change.kind is ChangeKind.NEW:
        return _announced(change, language=language)
    if change.kind is ChangeKind.PLACE:
        return _moved_place(change, language=language)
    words = _OF_DATES[change.kind]
    if change.kind is ChangeKind.TAKEN_BACK and change.meeting is None:
        words = _DELETED
    written = {ChangeKind.TIMES: _times, ChangeKind.CLOCK: _hours_in_utc}.get(change.kind, _dates)
    was, now = (written(told, language=language) for told in (change.before, change.after))
    return catalogue(language).gettext(words) % {"before": was, "after": now}


def _hours_in_utc(told: Facts | None, *, language: str) -> str:
    """Return hours as they were, or are, in UTC; today's zone data knows only the latter."""
    start, end = (datetime.fromisoformat(one) if one else None for one in (told or {})["instants"])
    return written_utc_hours(start, end, language=language) if start else ""


def _announced(change: Change, *, language: str) -> str:
    dates, place = (written(change.after, language=language) for written in (_dates, _place))
    if place is None:
        return catalogue(language).gettext("Announced for %(dates)s.") % {"dates": dates}
    words = catalogue(language).gettext("Announced for %(dates)s: %(place)s.")
    return words % {"dates": dates, "place": place}


def _moved_place(change: Change, *, language: str) -> str:
    sentence = catalogue(language).gettext
    was, now = (_place(told, language=language) for told in (change.before, change.after))
    if now is None:
        return sentence("The place is open again; it was: %(before)s.") % {"before": was}
    if was is None:
        return sentence("The place is known now: %(after)s.") % {"after": now}
    return sentence("Now: %(after)s. Before: %(before)s.") % {"before": was, "after": now}


def _place(told: Facts | None, *, language: str) -> str | None:
    """Return where a meeting is, the building first where it is known; None where nothing is."""
    place: dict[str, Any] = (told or {}).get("place", {})
    mode = Mode(place["mode"]) if place.get("mode") else None
    words = place_words(city=place.get("city"), country=place.get("country"), mode=mode, language=language)
    return ", ".join(part for part in (place.get("venue"), words) if part) or None


def _dates(told: Facts | None, *, language: str) -> str:
    if told is None:
        return ""
    when = When.kept(told["when"])
    return written_when(when.first, when.last, precision=when.precision.value, language=language)


def _times(told: Facts | None, *, language: str) -> str:
    """Return the dates, with the hours at the venue where they were told."""
    when = When.kept(told["when"]) if told else When.unknown()
    days = _dates(told, language=language)
    if when.start_instant is None or when.zone is None:
        return days
    zone = ZoneInfo(when.zone)
    end = when.end_instant.astimezone(zone) if when.end_instant else None
    hours = written_hours(when.start_instant.astimezone(zone), end)
    return f"{days}, {hours} {written_zone(when.zone, language=language)}"
