"""Time: the zones' rules, and the machine's clock."""

from datetime import date, datetime, timedelta
from typing import Final

from iscm.doctor.finding import Finding, ok, problem, warning

ZONES_LAST: Final = timedelta(days=60)
"""How old a copy of tzdata may be: the IANA database has a new release every two or three months."""

OFF_BY: Final = timedelta(seconds=5)
FAR_OFF: Final = timedelta(minutes=1)


def of_zones(*, release: str, installed: date | None, today: date) -> Finding:
    """Whether the zones' rules are recent. `release` is IANA's ("2026b"), `installed` the day of this copy.

    A release carries no date. This copy is as old as the day it was installed, and a release named after a
    year is at least as old as the end of that year.
    """
    days = max(0, (today - installed).days) if installed is not None else 0
    year = release[:4]
    if year.isdigit() and int(year) < today.year:
        days = max(days, (today - date(int(year), 12, 31)).days)
    on = f", installed on {installed}" if installed is not None else ""
    found = f"tzdata {release}{on}; {days} days since."
    if days > ZONES_LAST.days:
        return warning(
            "time zones",
            found,
            "Meetings in a zone whose rule has changed are an hour off. Run: pip install --upgrade tzdata; "
            "then start the service anew.",
        )
    return ok("time zones", found)


def of_clock(*, now: datetime, server: datetime | None, newest: datetime | None) -> Finding:
    """Whether the clock is right, by the database server's (None: it has none) and by the record.

    `newest` is the newest time on record: what was written then is in the future of a clock that was put
    back, and issues would start late.
    """
    if newest is not None and newest - now > FAR_OFF:
        return problem(
            "clock",
            f"It shows {now:%Y-%m-%d %H:%M} UTC, but something was recorded at {newest:%Y-%m-%d %H:%M} UTC.",
            "Set the machine's clock, and keep it right with NTP.",
        )
    apart = abs(now - server) if server is not None else timedelta()
    if apart > OFF_BY:
        found = f"It is {apart.total_seconds():.0f} seconds apart from the database server's."
        advice = "Keep both machines' clocks right with NTP."
        return problem("clock", found, advice) if apart > FAR_OFF else warning("clock", found, advice)
    return ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC.")
