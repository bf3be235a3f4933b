"""Returned mails: whether they come to where they are read."""

from pathlib import Path

from iscm.doctor.finding import Finding, ok, problem, warning


def of_returned(*, folder: Path | None, fault: str | None, waiting: int, leaves: bool) -> Finding:
    """What becomes of mails that come back; `waiting` are unread, `leaves` says that mail leaves."""
    if folder is None:
        if not leaves:
            return ok("returned mails", "None, while mail stays on this machine.")
        return warning(
            "returned mails",
            "ISCM_BOUNCE_MAILDIR is not set: the clock reads none.",
            "Set it to the Maildir of ISCM_BOUNCE_DOMAIN, or pipe each mail to: iscm bounces read -",
        )
    if fault is not None:
        return problem("returned mails", fault, "Until then nobody hears of letters that come back.")
    return ok("returned mails", f"Read from {folder}; {waiting} wait.")
