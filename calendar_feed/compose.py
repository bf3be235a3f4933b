"""A meeting's facts become the facts of its VEVENT: where state, title and text come together."""

import hashlib
import json

from calendar_feed.description import description
from calendar_feed.event import EventFacts
from calendar_feed.facts import MeetingFacts
from calendar_feed.places import location, place_names, title_place
from calendar_feed.spans import Days
from calendar_feed.states import Shown
from calendar_feed.titles import event_title
from calendar_feed.words import kind_name, type_word
from models.document import DocumentAct
from templates.hues import HUES
from templates.languages import catalogue


def compose_event(
    meeting: MeetingFacts, *, shown: Shown, sequence: int, language: str, base_url: str
) -> EventFacts:
    """Return what the VEVENT of a meeting says. `base_url` is the site's address, no slash at its end."""
    page = f"{base_url}/meetings/{meeting.slug}"
    return EventFacts(
        uid=meeting.uid,
        language=language,
        created_at=meeting.created_at,
        sequence=sequence,
        span=shown.span,
        summary=shown.prefix + _title(meeting, language=language),
        description=description(meeting, shown=shown, page=page, language=language),
        url=page,
        status=shown.status,
        categories=_categories(meeting, language=language),
        color=HUES[meeting.mechanisms[0].type.value].calendar_name,
        location=location(meeting, language=language),
        point=_point(meeting),
        join_link=meeting.join_link,
        join_label=catalogue(language).gettext("Join online"),
        attachments=tuple(
            document.url
            for document in meeting.documents
            if document.url and document.act is not DocumentAct.EXPECTED
        ),
        comment=shown.reason,
        marks=shown.marks,
    )


def anchor(meeting: MeetingFacts, *, shown: Shown) -> str:
    """Return a hash of start, end, zone, place and status as feeds tell them; SEQUENCE grows when it changes.

    It is made of words that are the same in every language and in every version of Python, since it is kept.
    """
    span = shown.span
    told = (
        *((span.first, span.last) if isinstance(span, Days) else (span.start, span.end, span.zone)),
        shown.status.value,
        *(part for mark in shown.marks for part in mark),
        meeting.mode.value if meeting.mode else None,
        meeting.venue,
        meeting.city,
        meeting.country,
    )
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _title(meeting: MeetingFacts, *, language: str) -> str:
    return event_title(
        meeting.title,
        prefix=" / ".join(mechanism.short_name for mechanism in meeting.mechanisms),
        names=[mechanism.names for mechanism in meeting.mechanisms],
        place=title_place(meeting, language=language),
        places=place_names(meeting, language=language),
    )


def _categories(meeting: MeetingFacts, *, language: str) -> tuple[str, ...]:
    """Return type, mechanism and kind; each word once, in that order."""
    words = [
        *(type_word(mechanism.type, language=language) for mechanism in meeting.mechanisms),
        *(mechanism.short_name for mechanism in meeting.mechanisms),
        kind_name(meeting.kind, language=language),
    ]
    return tuple(dict.fromkeys(word for word in words if word))


def _point(meeting: MeetingFacts) -> tuple[float, float] | None:
    if meeting.latitude is None or meeting.longitude is None:
        return None
    return meeting.latitude, meeting.longitude
