"""How an issue's numbers are said in one sentence."""

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
