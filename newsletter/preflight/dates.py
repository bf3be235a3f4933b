"""The rule that no date in the letter contradicts the record."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Final

from models.meeting import MeetingStatus
from models.when import Precision, When
from newsletter.facts import MeetingFacts
from newsletter.highlights import MeetingNode, Told
from newsletter.markup import plain
from newsletter.preflight.finding import Finding, Inspected, InspectedEdition
from newsletter.preflight.places import line_of
from newsletter.wording.dates import dates
from templates.dates import month_name
from templates.languages import ENGLISH

Span = tuple[date | None, date | None, int, int]
"""First and last day (None where only a month is named), month and year."""

# What stands between the two days of a span, and between day, month and year, in the languages of editions.
_TO: Final = {"en": "to|and", "fr": "au|et", "es": "al|a|y", "ar": "إلى|و|حتى"}
_OF: Final = {"es": r"(?:\s+de)?", "fr": "", "en": "", "ar": ""}
# Arabic-Indic figures are read as the others are; months of the Levant stand beside those of the calendar.
_LEVANT: Final = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
_SENTENCES: Final = re.compile(r"(?<=[.!?؟])\s+|\n")
_FIGURES: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def dates_agree(issue: Inspected) -> Iterator[Finding]:
    """Find sentences about meetings that moved, were called off or taken out, and texts with another date.

    What the record says now is compared once, with the English edition; editors' texts in each.
    """
    first = issue.editions[0]
    for node in first.tree.shown_meetings():
        for uid, kept in node.dates.items():
            yield from _against_the_record(first, node, When.kept(kept), issue.meetings.get(uid))
    for edition in issue.editions:
        for node in edition.tree.shown_meetings():
            yield from _as_written(edition, node, issue.meetings)
        yield from _in_other_texts(edition, issue.meetings)


def _in_other_texts(edition: InspectedEdition, meetings: Mapping[str, MeetingFacts]) -> Iterator[Finding]:
    """Compare the dates of sentences elsewhere, such as the foreword, that name a meeting by its title.

    They only warn: such a sentence may tell of what led to the meeting, or followed it.
    """
    shown = (node for section in edition.tree.shown_sections() for node in (section.intro, *section.nodes))
    for node in shown:
        if not isinstance(node, Told) or isinstance(node, MeetingNode) or not node.edited:
            continue
        for sentence in _SENTENCES.split(plain(node)):
            named = [one for one in meetings.values() if one.title.casefold() in sentence.casefold()]
            written = written_spans(sentence, language=node.edited_in or edition.language) if named else []
            if written and not any(_agrees(span, one.when) for span in written for one in named):
                said = f"{named[0].title}, {dates(named[0].when)}"
                yield Finding(
                    "date",
                    blocks=False,
                    sentence=f"A text names a date beside a meeting of which the record says: {said}.",
                    evidence=sentence,
                    edition=edition.language,
                    node=node.key,
                    line=line_of(edition, sentence),
                )


def _against_the_record(
    edition: InspectedEdition, node: MeetingNode, told: When, meeting: MeetingFacts | None
) -> Iterator[Finding]:
    if meeting is None:
        yield _contradiction(edition, node, "a meeting that is no longer in the record")
    elif meeting.when != told:
        yield _contradiction(edition, node, f"{dates(told)}, while the record says {dates(meeting.when)}")
    elif meeting.status in {MeetingStatus.CANCELLED, MeetingStatus.POSTPONED} and not node.notice:
        yield _contradiction(
            edition, node, f"a meeting as if it took place, while it is {meeting.status.value}"
        )


def _contradiction(edition: InspectedEdition, node: MeetingNode, what: str) -> Finding:
    sentence = f"The letter tells of {what}. Compile the issue again."
    return _finding(edition, node, sentence, blocks=True)


def _as_written(
    edition: InspectedEdition, node: MeetingNode, meetings: Mapping[str, MeetingFacts]
) -> Iterator[Finding]:
    """Compare the dates in an editor's text: one that names dates must name one of the meeting's."""
    if node.edited is None:
        return
    written = written_spans(plain(node), language=node.edited_in or edition.language)
    known = [meetings[uid].when for uid in node.dates if uid in meetings]
    if not written or not known:
        return
    wrong = [span for span in written if not any(_agrees(span, when) for when in known)]
    if len(wrong) == len(written):
        sentence = f"A text names another date than the record, which says {dates(known[-1])}."
        yield _finding(edition, node, sentence, blocks=True)
    elif wrong:
        sentence = "A text names a further date that the record does not have for this meeting."
        yield _finding(edition, node, sentence, blocks=False)


def _finding(edition: InspectedEdition, node: MeetingNode, sentence: str, *, blocks: bool) -> Finding:
    return Finding(
        "date",
        blocks=blocks,
        sentence=sentence,
        evidence=node.said,
        edition=edition.language,
        node=node.key,
        line=line_of(edition, plain(node)),
    )


def written_spans(text: str, *, language: str = ENGLISH) -> list[Span]:
    """Find the dates in a text as the language writes them. One that does not exist agrees with nothing."""
    months = _months(language)
    return [_span(found, months) for found in _pattern(language).finditer(text.translate(_FIGURES))]


@cache
def _months(language: str) -> dict[str, int]:
    names = {month_name(month, language=language).casefold(): month for month in range(1, 13)}
    if language == "ar":
        names |= {name: month for month, name in enumerate(_LEVANT, start=1)}
    return names


@cache
def _pattern(language: str) -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, _months(language)), key=len, reverse=True))
    to, of = _TO.get(language, "to"), _OF.get(language, "")
    day = r"\d{1,2}(?:er)?" if language == "fr" else r"\d{1,2}"
    return re.compile(
        rf"\b(?:(?P<day>{day})(?:{of}\s+(?P<month>{month}))?(?:{of}\s+(?P<year>\d{{4}}))?\s*(?:[–—-]|{to})\s*)?"
        rf"(?:(?P<last_day>{day}){of}\s+)?(?P<last_month>{month}),?{of}\s+(?P<last_year>\d{{4}})\b",
        re.IGNORECASE,
    )


def _span(found: re.Match[str], months: Mapping[str, int]) -> Span:
    year, month = int(found["last_year"]), months[found["last_month"].casefold()]
    if found["last_day"] is None:
        return None, None, month, year
    first_month = months[found["month"].casefold()] if found["month"] else month
    try:
        last = date(year, month, _number(found["last_day"]))
        first = date(int(found["year"] or year), first_month, _number(found["day"])) if found["day"] else last
    except ValueError:
        return date.min, date.min, month, year
    return first, last, month, year


def _number(day: str) -> int:
    return int(day.removesuffix("er"))


def _agrees(span: Span, when: When) -> bool:
    first, last, month, year = span
    if when.first is None:
        return True
    closing = when.last or when.first
    if first is None or last is None:
        return (when.first.year, when.first.month) <= (year, month) <= (closing.year, closing.month)
    if when.precision in {Precision.DAY, Precision.MOMENT}:
        return first == when.first and (when.last is None or last == when.last)
    return when.first <= first and last <= closing
