"""Alarms as mails to ISCM_ALERT_TO: one when it begins, one a day while it lasts, one when it is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from models import Alarm, OperatorMailKind
from models.alarm_course import Untold, mark_told, untold_alarms
from scheduler.operator_mail import Telling, Words, send_to_operator, take_turn
from scheduler.work import Work
from templates.environment import render

MOST_A_DAY: Final = 20
"""How many mails of alarms leave in any 24 hours."""

GAP: Final = timedelta(minutes=5)
"""How long after one such mail the next one leaves: what begins meanwhile stands together in it."""

_MOST_NAMES: Final = 3


def mail_alarms(work: Work, now: datetime) -> str | None:
    """Tell in one mail of what began, lasts or is over. Raises SendingHeldUp: then it waits and is logged."""
    if not work.alert_to:
        return None
    with work.database.reading() as session:
        if not untold_alarms(session, now=now):
            return None
    with work.database.writing() as session:
        turn = take_turn(
            session, kind=OperatorMailKind.ALARMS, owner=work.owner, most=MOST_A_DAY, gap=GAP, now=now
        )
        if turn is None:
            return None
        untold = untold_alarms(session, now=now)
        words = alarm_words(untold, site=work.base_url, is_last=turn.place == MOST_A_DAY)
        begun = [alarm.key for alarm in (*untold.begun, *untold.lasting)]
        over = [alarm.key for alarm in untold.over]
    telling = Telling(taken=lambda session: mark_told(session, begun, over=over, now=now))
    taken = send_to_operator(work, turn, words, to=work.alert_to, telling=telling)
    number = len(begun) + len(over)
    return f"{number} told" if taken else f"the mail server refused the mail of {number} alarms"


def alarm_words(untold: Untold, *, site: str, is_last: bool) -> Words:
    """Return the mail that tells of these alarms; `is_last` says that no more will leave today."""
    first = [*untold.begun, *untold.lasting] or [*untold.over]
    names = ", ".join(alarm.key for alarm in first[:_MOST_NAMES])
    values: dict[str, Any] = {
        "begun": [_shown(alarm) for alarm in untold.begun],
        "lasting": [_shown(alarm) for alarm in untold.lasting],
        "over": [_shown(alarm) for alarm in untold.over],
        "names": f"{names} …" if len(first) > _MOST_NAMES else names,
        "is_last": is_last,
        "number": MOST_A_DAY,
        "site": site,
    }
    return Words(
        subject=render("email/alarm/subject.txt", **values),
        text=_single_spaced(render("email/alarm/body.txt", **values)),
    )


def _shown(alarm: Alarm) -> dict[str, str | None]:
    return {
        "key": alarm.key,
        "sentence": alarm.sentence,
        "since": _at(alarm.raised_at),
        "over_at": _at(alarm.over_at) if alarm.over_at is not None else None,
    }


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _single_spaced(text: str) -> str:
    """Return the text with one blank line where a template left several."""
    kept: list[str] = []
    lines: Sequence[str] = text.strip().splitlines()
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept)
