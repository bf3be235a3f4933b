"""A meeting's facts become the facts of its VEVENT: where state, title and text come together."""

import hashlib
import json

from calendar_feed.addresses import Site
from calendar_feed.description import description
from calendar_feed.event import EventFacts
from calendar_feed.facts import MeetingFacts
from calendar_feed.places import location, place_names, title_place
from calendar_feed.spans import Days
from calendar_feed.states import Shown
from calendar_feed.titles import bare_title, capitalised, headed_title
from calendar_feed.words import kind_name, type_word
from models.document import DocumentAct
from models.own_words import Words
from templates.hues import HUES
from templates.isolates import isolated, runs_from_right
from templates.languages import ENGLISH, catalogue
from templates.text import clean_text, one_line


def compose_event(
    meeting: MeetingFacts, *, shown: Shown, sequence: int, language: str, site: Site
) -> EventFacts:
    """Return what the VEVENT of a meeting says."""
    page = site.page_of_meeting(meeting.slug, language=language)
    summary = event_summary(meeting, prefix=shown.prefix, language=language)
    place = location(meeting, language=language)
    return EventFacts(
        uid=meeting.uid,
        language=language,
        created_at=meeting.created_at,
        sequence=sequence,
        span=shown.span,
        summary=summary.text,
        summary_language=summary.language,
        description=description(meeting, shown=shown, page=page, language=language),
        url=page,
        status=shown.status,
        categories=_categories(meeting, language=language),
        color=HUES[meeting.mechanisms[0].type.value].calendar_name,
        location=place.text if place else None,
        location_language=place.language if place else None,
        point=_point(meeting),
        join_link=meeting.join_link,
        join_label=catalogue(language).gettext("Join online"),
        attachments=tuple(
            document.url
            for document in meeting.documents
            if document.url and document.act is not DocumentAct.EXPECTED
        ),
        comment=(clean_text(shown.reason).strip() or None) if shown.reason else None,
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


def event_summary(meeting: MeetingFacts, *, prefix: str, language: str) -> Words:
    """Return SUMMARY and the language it is in: `Mechanism – Title (City)`, the state's words in front.

    A summary with any word of `language` is of that language, and words of others stand between isolates
    where it runs from right to left. One whose title, mechanism and place have only English names is English.
    """
    title, place = meeting.titled(language), title_place(meeting, language=language)
    places = place_names(meeting, language=language) if place else ()
    names = [mechanism.names for mechanism in meeting.mechanisms]
    bare, is_named = bare_title(title.text, names=names, places=places)
    called = [mechanism.called(language) for mechanism in meeting.mechanisms]
    if runs_from_right(language) and title.language != language:
        # A reader of Arabic letters is not told whose meeting it is by a name in Latin ones.
        is_named = is_named and not any(one.language == language for one in called)
    front = [] if is_named else called
    told = [title, *front, *([place] if place else [])]
    of_all = language if prefix or any(one.language == language for one in told) else ENGLISH

    def put(words: Words) -> str:
        return words.text if words.language == of_all else isolated(words.text, language=of_all)

    spoken = headed_title(
        put(Words(capitalised(bare) if front else bare, title.language)),
        prefix=" / ".join(put(Words(one_line(one.text), one.language)) for one in front),
        place=put(place) if place else None,
    )
    return Words(prefix + spoken, of_all)


def _categories(meeting: MeetingFacts, *, language: str) -> tuple[str, ...]:
    """Return type, mechanism and kind; each word once, in that order."""
    words = [
        *(type_word(mechanism.type, language=language) for mechanism in meeting.mechanisms),
        *(one_line(mechanism.called(language).text) for mechanism in meeting.mechanisms),
        kind_name(meeting.kind, language=language),
    ]
    return tuple(dict.fromkeys(word for word in words if word))


def _point(meeting: MeetingFacts) -> tuple[float, float] | None:
    if meeting.latitude is None or meeting.longitude is None:
        return None
    return meeting.latitude, meeting.longitude
