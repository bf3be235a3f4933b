"""What goes on: feeds, letters, jobs, alarms, the search."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from iscm.doctor.finding import Finding, ok, problem, warning
from models.vital_signs import JobSign, VitalSigns

WAITS_FOR: Final = timedelta(minutes=10)
FAILS_FOR: Final = timedelta(minutes=15)

_OPEN: Final = ("pending", "claimed", "on_wire", "deferred")


def of_workers(number: int) -> Finding:
    """Whether anything publishes and sends."""
    if number:
        return ok("work", "One work process runs." if number == 1 else f"{number} work processes run.")
    return warning("work", "No work process has been seen for a minute.", "Start it with: iscm serve")


def of_feeds(*, number: int | None, faults: Sequence[str], lag: int, has_worker: bool) -> Finding:
    """Whether feeds are stored, sound and current. `number` is None before the first publishing."""
    if number is None:
        return warning("feeds", "No feed has been published yet.", "Start the service with: iscm serve")
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return problem("feeds", f"{faults[0]}{more}", "See all with: iscm feeds check")
    if lag and not has_worker:
        return warning(
            "feeds", f"{number} are sound; {lag} changes are not published.", "Start the service: iscm serve"
        )
    return ok("feeds", f"All {number} are sound.")


def of_letters(signs: VitalSigns, *, now: datetime) -> Finding:
    """Whether letters and single mails wait for something."""
    waiting = sum(number for (_, state), number in signs.deliveries.items() if state in _OPEN)
    doubtful = {code for (code, state), number in signs.deliveries.items() if state == "in_doubt" and number}
    in_doubt = sum(number for (_, state), number in signs.deliveries.items() if state == "in_doubt")
    found = f"{waiting} letters open, {in_doubt} in doubt, {signs.mails_waiting} single mails waiting"
    waits = now - signs.oldest_mail if signs.oldest_mail is not None else timedelta()
    if signs.oldest_mail is not None:
        found += f" (the oldest for {_span(waits)})"
    if doubtful:
        code = min(doubtful)
        return warning("queue", f"{found}.", f"Say what became of them: iscm newsletter settle {code}")
    if waits > WAITS_FOR:
        return warning(
            "queue", f"{found}.", "Somebody waits for a confirmation. See to the mail server and iscm serve."
        )
    return ok("queue", f"{found}.")


def of_jobs(jobs: Sequence[JobSign], *, now: datetime) -> Finding:
    """Whether a job fails."""
    failing = [job for job in jobs if job.failing_since is not None]
    if not failing:
        return ok("jobs", f"None of {len(jobs)} fails." if jobs else "None has run yet.")
    worst = min(failing, key=lambda job: job.failing_since or now)
    since = now - (worst.failing_since or now)
    more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
    found = f"“{worst.job}” has failed for {_span(since)}: {worst.reason or 'no reason kept'}{more}"
    advice = "See to what it says; it is tried again by itself."
    return problem("jobs", found, advice) if since >= FAILS_FOR else warning("jobs", found, advice)


def of_alarms(names: Sequence[str]) -> Finding:
    """Whether alarms last."""
    if not names:
        return ok("alarms", "None lasts.")
    return warning("alarms", f"{len(names)} last: {', '.join(names[:5])}.", "See: iscm alarms list")


def of_search(gaps: int) -> Finding:
    """Whether the search finds what is on record; `gaps` counts the differences."""
    if gaps:
        return warning(
            "search", f"It differs from the record in {gaps} places.", "Build it anew: iscm database upgrade"
        )
    return ok("search", "It holds what the record holds.")


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
