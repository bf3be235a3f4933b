"""The rule that no date in the letter contradicts the record."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from models.meeting import MeetingStatus
from models.when import Precision, When
from newsletter.facts import MeetingFacts
from newsletter.highlights import MeetingNode
from newsletter.markup import plain
from newsletter.preflight.finding import Finding, Inspected
from newsletter.wording.dates import dates
from templates.dates import month_name

_MONTHS: Final = {month_name(month).casefold(): month for month in range(1, 13)}
_MONTH: Final = "|".join(_MONTHS)
_SPAN: Final = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:\s+(?P<month>{_MONTH}))?(?:\s+(?P<year>\d{{4}}))?\s*(?:[–—-]|to|and)\s*)?"
    rf"(?:(?P<last_day>\d{{1,2}})\s+)?(?P<last_month>{_MONTH}),?\s+(?P<last_year>\d{{4}})\b",
    re.IGNORECASE,
)


def dates_agree(issue: Inspected) -> Iterator[Finding]:
    """Find sentences about meetings that moved, were called off or taken out, and texts with another date."""
    for node in issue.tree.shown_meetings():
        for uid, kept in node.dates.items():
            yield from _against_the_record(node, When.kept(kept), issue.meetings.get(uid))
        yield from _as_written(node, issue.meetings)


def _against_the_record(node: MeetingNode, told: When, meeting: MeetingFacts | None) -> Iterator[Finding]:
    if meeting is None:
        yield _contradiction(node, "a meeting that is no longer in the record")
    elif meeting.when != told:
        yield _contradiction(node, f"{dates(told)}, while the record says {dates(meeting.when)}")
    elif meeting.status in {MeetingStatus.CANCELLED, MeetingStatus.POSTPONED} and not node.notice:
        yield _contradiction(node, f"a meeting as if it took place, while it is {meeting.status.value}")


def _contradiction(node: MeetingNode, what: str) -> Finding:
    sentence = f"The letter tells of {what}. Compile the issue again."
    return Finding("date", blocks=True, sentence=sentence, evidence=node.said)


def _as_written(node: MeetingNode, meetings: Mapping[str, MeetingFacts]) -> Iterator[Finding]:
    """Compare the dates in an editor's text: one that names dates must name one of the meeting's."""
    if node.edited is None:
        return
    written = written_spans(plain(node))
    known = [meetings[uid].when for uid in node.dates if uid in meetings]
    if not written or not known:
        return
    wrong = [span for span in written if not any(_agrees(span, when) for when in known)]
    if len(wrong) == len(written):
        sentence = f"A text names another date than the record, which says {dates(known[-1])}."
        yield Finding("date", blocks=True, sentence=sentence, evidence=node.said)
    elif wrong:
        sentence = "A text names a further date that the record does not have for this meeting."
        yield Finding("date", blocks=False, sentence=sentence, evidence=node.said)


def written_spans(text: str) -> list[tuple[date | None, date | None, int, int]]:
    """Find the dates in a text: first and last day (None where only a month is named), month and year.

    A date that does not exist counts as a date that agrees with nothing.
    """
    return [_span(found) for found in _SPAN.finditer(text)]


def _span(found: re.Match[str]) -> tuple[date | None, date | None, int, int]:
    year, month = int(found["last_year"]), _MONTHS[found["last_month"].casefold()]
    if found["last_day"] is None:
        return None, None, month, year
    first_month = _MONTHS[found["month"].casefold()] if found["month"] else month
    try:
        last = date(year, month, int(found["last_day"]))
        first = date(int(found["year"] or year), first_month, int(found["day"])) if found["day"] else last
    except ValueError:
        return date.min, date.min, month, year
    return first, last, month, year


def _agrees(span: tuple[date | None, date | None, int, int], when: When) -> bool:
    first, last, month, year = span
    if when.first is None:
        return True
    closing = when.last or when.first
    if first is None or last is None:
        return (when.first.year, when.first.month) <= (year, month) <= (closing.year, closing.month)
    if when.precision in {Precision.DAY, Precision.MOMENT}:
        return first == when.first and (when.last is None or last == when.last)
    return when.first <= first and last <= closing
