"""JSON Feed 1.1 (jsonfeed.org), with an `_iscm` object for what that format has no place for."""

import json
from datetime import UTC, date, datetime
from typing import Any

from calendar_feed.forms.events import Calendar, Event


def json_feed(calendar: Calendar, *, source: str, language: str, about: str) -> bytes:
    """Return the feed; `source` is its own address, `about` the page that tells what `_iscm` holds."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": calendar.name,
        "description": calendar.description,
        "home_page_url": calendar.page,
        "feed_url": source,
        "language": language,
        "items": [_item(event, language=language, about=about) for event in calendar.events],
    }
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _item(event: Event, *, language: str, about: str) -> dict[str, Any]:
    return {
        "id": event.identity,
        "url": event.url,
        "title": event.title,
        "content_text": event.description,
        "date_published": _instant(event.created),
        "date_modified": _instant(event.changed),
        "tags": list(event.categories),
        "language": language,
        "_iscm": {
            "about": about,
            "uid": event.uid,
            "start": _wall(event.start),
            "end": _wall(event.end),
            "zone": event.zone,
            "start_utc": _instant(event.start) if isinstance(event.start, datetime) else None,
            "end_utc": _instant(event.end) if isinstance(event.end, datetime) else None,
            "status": event.status,
            "sequence": event.sequence,
            "location": event.location,
            "latitude": event.point[0] if event.point else None,
            "longitude": event.point[1] if event.point else None,
        },
    }


def _wall(when: date | datetime) -> str:
    """Return a day, or what the clock at the venue shows."""
    return when.strftime("%Y-%m-%dT%H:%M") if isinstance(when, datetime) else when.isoformat()


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
