"""DESCRIPTION: what a reader without our site must know, one sentence a line, the address of the page last.

No big client shows CONFERENCE, COMMENT or X- properties, so the join link, the reason and the state stand
here in words too; hours stand in UTC as well, since not every phone shows the venue's clock.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from calendar_feed.facts import MechanismFacts, MeetingFacts
from calendar_feed.places import location
from calendar_feed.states import Shown
from calendar_feed.titles import capitalised, short_title
from calendar_feed.words import kind_name, type_word
from models.document import DocumentAct
from models.meeting import Kind, Mode
from models.own_words import Words
from models.when import Precision, When
from templates.dates import written_hours, written_utc_hours, written_when, written_zone
from templates.isolates import isolated
from templates.languages import ENGLISH, catalogue
from templates.text import one_line


def description(meeting: MeetingFacts, *, shown: Shown, page: str, language: str) -> str:
    """Return the description, its lines separated by LF. `page` is the address of the meeting's page."""
    sentence = catalogue(language).gettext
    place = location(meeting, language=language)
    labelled = (
        (sentence("Reason: %s"), _put(shown.reason, language=language)),
        (sentence("Theme: %s"), _put(meeting.theme, language=language)),
        (sentence("Hours as announced: %s"), _put(meeting.local_times, language=language)),
        *((sentence("Session: %s"), _put(session, language=language)) for session in meeting.sessions),
        (sentence("Join online (registered delegates): %s"), one_line(meeting.join_link or "")),
        (sentence("Venue: %s"), place.text if place and meeting.venue else None),
        (sentence("Interpretation: %s"), _put(meeting.interpretation, language=language)),
    )
    return "\n".join(
        [
            _what(meeting, language=language),
            capitalised(_when(meeting.when, language=language)),
            *shown.remarks,
            *(label % text for label, text in labelled if text),
            *_documents(meeting, language=language),
            sentence("Details: %s") % page,
        ]
    )


def _what(meeting: MeetingFacts, *, language: str) -> str:
    """Return whose meeting it is, and of what kind and mode."""
    sentence = catalogue(language).gettext
    mechanisms = " / ".join(_mechanism(one, language=language) for one in meeting.mechanisms)
    kind = kind_name(meeting.kind, language=language)
    if kind is None or meeting.kind is Kind.GRCP:  # the kind says less than the title
        names = [mechanism.names for mechanism in meeting.mechanisms]
        title = meeting.titled(language)
        kind = said(Words(short_title(title.text, names=names), title.language), language=language)
    modes = {
        Mode.ONLINE: sentence("online"),
        Mode.HYBRID: sentence("hybrid"),
        Mode.IN_PERSON: sentence("in person"),
    }
    if meeting.mode is None:
        return sentence("%(mechanisms)s – %(kind)s.") % {"mechanisms": mechanisms, "kind": kind}
    return sentence("%(mechanisms)s – %(kind)s, %(mode)s.") % {
        "mechanisms": mechanisms,
        "kind": kind,
        "mode": modes[meeting.mode],
    }


def _mechanism(mechanism: MechanismFacts, *, language: str) -> str:
    called = said(mechanism.called(language), language=language)
    if not mechanism.is_iscm:
        return called
    return f"{called} ({isolated(type_word(mechanism.type, language=language), language=language)})"


def said(words: Words, *, language: str) -> str:
    """Return words on one line as they stand in a sentence of `language`."""
    plain = one_line(words.text)
    return plain if words.language == language else isolated(plain, language=language)


def _put(text: str | None, *, language: str) -> str | None:
    """Return a text of the record, which is English, as it stands in a sentence of `language`."""
    return said(Words(text, ENGLISH), language=language) if text else None


def _when(when: When, *, language: str) -> str:
    """Return the date and, where they are known, the hours at the venue and in UTC."""
    days = written_when(when.first, when.last, precision=when.precision.value, language=language)
    if when.precision is not Precision.MOMENT or not (when.first and when.start_time and when.zone):
        return f"{days}."
    start = datetime.combine(when.first, when.start_time, ZoneInfo(when.zone))
    sentence = catalogue(language).gettext
    end = datetime.combine(when.last, when.end_time, start.tzinfo) if when.last and when.end_time else None
    clock = written_zone(when.zone, language=language)
    told = {
        "days": days,
        "hour": written_hours(start, None),
        "hours": written_hours(start, end),
        "clock": isolated(clock, language=language),
        "utc": isolated(written_utc_hours(start, end, language=language), language=language),
    }
    is_utc = clock == "UTC"
    if end is None:
        open_end = sentence("%(days)s, from %(hour)s %(clock)s.")
        return (open_end if is_utc else sentence("%(days)s, from %(hour)s %(clock)s (%(utc)s).")) % told
    if when.first == when.last:
        one_day = sentence("%(days)s, %(hours)s %(clock)s.")
        return (one_day if is_utc else sentence("%(days)s, %(hours)s %(clock)s (%(utc)s).")) % told
    several = sentence("%(days)s, from %(start)s on the first day to %(end)s on the last, %(clock)s.")
    return several % {**told, "start": told["hour"], "end": written_hours(end, None)}


def _documents(meeting: MeetingFacts, *, language: str) -> Iterable[str]:
    sentence = catalogue(language).gettext
    acts = {
        DocumentAct.ADOPTED: sentence("Adopted: %s"),
        DocumentAct.ENDORSED: sentence("Endorsed: %s"),
        DocumentAct.RECOMMENDED: sentence("Recommended: %s"),
        DocumentAct.ISSUED: sentence("Issued: %s"),
        DocumentAct.EXPECTED: sentence("Expected outcome: %s"),
    }
    for document in meeting.documents:
        label = acts[document.act] if document.act else sentence("Document: %s")
        title = isolated(one_line(document.title), language=language)
        yield label % (f"{title} – {one_line(document.url)}" if document.url else title)
