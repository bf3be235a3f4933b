"""How an issue's numbers are said in one sentence."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from newsletter.deliveries import Counts


def sentence_of(code: str, counts: Counts) -> str:
    """The state and the numbers of an issue, and what to do where something is left."""
    parts = [f"{counts.accepted} of {counts.included} accepted"]
    parts += [
        f"{number} {word}"
        for number, word in (
            (counts.rejected, "rejected"),
            (counts.skipped, "skipped"),
            (counts.in_doubt, "in doubt"),
            (counts.open, "open"),
        )
        if number
    ]
    advice = ""
    if counts.in_doubt:
        advice = f" Settle what is in doubt with: iscm newsletter settle {code}."
    elif counts.state == "expired":
        advice = f" Its latest time has passed; schedule it anew with: iscm newsletter schedule {code}"
    elif counts.open and counts.state == "sending":
        advice = " What is open is tried again by `iscm serve`, or by the same command."
    return f"Issue {code} is {counts.state.value}: {', '.join(parts)}.{advice}"


def said_pace(facts: Mapping[str, Any]) -> str:
    """How fast a sending goes and how long yet, of the facts of `newsletter status`; or nothing."""
    if facts["rate"] is None:
        return ""
    rate = f"{facts['rate']:,.1f} letters a second"
    if facts["remaining_seconds"] is None:
        return f"{rate}."
    left = timedelta(seconds=facts["remaining_seconds"])
    ends = f", until {facts['ends_at']:%Y-%m-%d %H:%M:%S} UTC" if facts["ends_at"] else ""
    return f"{rate}; about {left} left{ends}."
