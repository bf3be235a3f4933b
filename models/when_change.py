"""Changing a When by what an editor gives: a new start, a new end, another zone, or some of them."""

from datetime import datetime, timedelta

from models.when import ImpossibleDate, Precision, When
from models.zone import UnknownZone


class EndNeeded(ImpossibleDate):
    """The old end cannot stay and the new one cannot be told from what was given."""


def changed_when(
    when: When, *, start: str | None = None, end: str | None = None, zone: str | None = None
) -> When:
    """Return when with what was given changed; None leaves a part as it is, "" takes it away.

    A start alone moves the whole meeting: it lasts as long as before. An end alone leaves the start. A zone
    alone leaves the clock's hours. Raises EndNeeded where hours are given for the first time to a meeting
    of several days, and the refusals of When.parse().
    """
    if start is None and end is None:
        if zone and when.precision is not Precision.MOMENT:
            raise UnknownZone(
                "A zone belongs to hours: give the start with its hour, like “2027-06-08 09:30”."
            )
        return When.parse(when.start_text or "unknown", when.end_text, zone or when.zone)
    if start == "":
        return When.unknown()
    if start is None:
        if when.first is None:
            raise ImpossibleDate("The start is not known, so the end alone says nothing; give both.")
        return When.parse(str(when.start_text), end, zone or when.zone)
    if end is not None:
        return When.parse(start, end, zone or when.zone)
    return _moved(when, When.parse(start, None, zone or when.zone))


def _moved(before: When, begun: When) -> When:
    """Give a new start, read without an end, the length that the meeting had."""
    if before.first is None or before.last is None or begun.first is None:
        return begun
    days = before.last - before.first
    match before.precision, begun.precision:
        case ((Precision.DAY | Precision.MOMENT), Precision.DAY):
            return When.days(begun.first, begun.first + days)
        case Precision.MOMENT, Precision.MOMENT:
            return _as_long(before, begun)
        case Precision.DAY, Precision.MOMENT if days > timedelta(0):
            raise EndNeeded("The meeting lasts several days: give the hour of its end too.")
        case _:
            return begun


def _as_long(before: When, begun: When) -> When:
    old_start, old_end, start = (
        _wall(before, last=False),
        _wall(before, last=True),
        _wall(begun, last=False),
    )
    if old_start is None or old_end is None or start is None:
        return begun
    return When.moments(start, start + (old_end - old_start), str(begun.zone))


def _wall(when: When, *, last: bool) -> datetime | None:
    day, clock = (when.last, when.end_time) if last else (when.first, when.start_time)
    return datetime.combine(day, clock) if day and clock else None
