"""A meeting as schema.org's Event, in the plain values of JSON-LD, for search engines that read it.

https://schema.org/Event; what Google asks of it: https://developers.google.com/search/docs/appearance/structured-data/event
"""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from models.meeting import Meeting, MeetingStatus, Mode
from models.own_words import mechanism_name, meeting_title
from models.when import Precision, When
from templates.languages import ENGLISH
from web.language import in_language

_MODES: Final = {
    Mode.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    Mode.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    Mode.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}


def schema_event(meeting: Meeting, *, base_url: str, language: str = ENGLISH) -> dict[str, object]:
    """Return the event. What is not known is left out; a day that is not known is given as its month or year.

    A cancelled or postponed meeting keeps its dates, as schema.org asks, and says what it is. `inLanguage`
    are the working languages of its mechanisms where those are known.
    """
    when = meeting.when
    event: dict[str, object | None] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{base_url}/meetings/{meeting.slug}",
        "url": f"{base_url}{in_language(f'/meetings/{meeting.slug}', language)}",
        "identifier": meeting.uid,
        "name": meeting_title(meeting, language=language).text,
        "description": meeting.theme,
        "eventStatus": f"https://schema.org/{_status(meeting)}",
        "startDate": start_date(when),
        "endDate": end_date(when),
        "previousStartDate": _previous(meeting),
        "eventAttendanceMode": _MODES[meeting.mode] if meeting.mode else None,
        "location": _location(meeting, base_url=base_url),
        "organizer": [
            {
                "@type": "Organization",
                "name": mechanism_name(mechanism, language=language).text,
                "url": mechanism.website or base_url + in_language(f"/mechanisms/{mechanism.slug}", language),
            }
            for mechanism in meeting.mechanisms
        ],
        "inLanguage": list(
            dict.fromkeys(code for mechanism in meeting.mechanisms for code in mechanism.languages or ())
        ),
    }
    return {name: value for name, value in event.items() if value}


def start_date(when: When) -> str | None:
    """Return the start as ISO 8601 writes it, no more exactly than is known.

    `2027-03-17T09:30:00+01:00` with the offset of the venue's clock, `2027-03-17`, `2027-03`, `2027`; a
    quarter is given as its year. None where nothing is known.
    """
    return _written(when, when.first, when.start_instant)


def end_date(when: When) -> str | None:
    """Return the end in the same way; None where it is not stated."""
    return _written(when, when.last, when.end_instant)


def _written(when: When, day: date | None, instant: datetime | None) -> str | None:
    if day is None:
        return None
    match when.precision:
        case Precision.MOMENT if instant is not None and when.zone is not None:
            return instant.astimezone(ZoneInfo(when.zone)).isoformat()
        case Precision.MONTH:
            return f"{day:%Y-%m}"
        case Precision.QUARTER | Precision.YEAR:
            return f"{day:%Y}"
        case _:
            return day.isoformat()


def _status(meeting: Meeting) -> str:
    match meeting.status:
        case MeetingStatus.CANCELLED:
            return "EventCancelled"
        case MeetingStatus.POSTPONED:
            return "EventPostponed"
        case _ if meeting.previous_when:
            return "EventRescheduled"
        case _:
            return "EventScheduled"


def _previous(meeting: Meeting) -> str | None:
    """Return the start before the move; schema.org has it for rescheduled events."""
    if not meeting.previous_when or _status(meeting) != "EventRescheduled":
        return None
    return start_date(When.kept(meeting.previous_when))


def _location(meeting: Meeting, *, base_url: str) -> object:
    """Return the place, the virtual one, or both; a virtual one without a link is the page itself."""
    place: dict[str, object] | None = None
    if meeting.mode is not Mode.ONLINE and (meeting.city or meeting.country):
        parts = {"addressLocality": meeting.city, "addressCountry": meeting.country}
        address = {"@type": "PostalAddress", **{name: value for name, value in parts.items() if value}}
        place = {"@type": "Place", "name": meeting.venue or meeting.city, "address": address}
        if meeting.latitude is not None and meeting.longitude is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": meeting.latitude,
                "longitude": meeting.longitude,
            }
        place = {name: value for name, value in place.items() if value}
    if meeting.mode not in {Mode.ONLINE, Mode.HYBRID}:
        return place
    online = {"@type": "VirtualLocation", "url": meeting.join_link or f"{base_url}/meetings/{meeting.slug}"}
    return [place, online] if place else online
