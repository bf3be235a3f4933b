"""A record with something of everything, so that no page is empty: the registry, and what lies ahead."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from models import Database, IssueState, When
from models.document_edit import add_document
from models.document_filing import filing
from models.meeting_add import add_meeting
from models.meeting_change import cancel_meeting, change_meeting, postpone_meeting
from models.meeting_delete import delete_meeting
from newsletter.approval import approve_issue
from newsletter.course import find_issue
from newsletter.drafting import compile_issue
from tests.newsletter.issue_facts import OPTIONS, SITE, STATIONERY, add_readers
from tests.web.visitor import NOW

BASE_URL: Final = SITE
"""Where the issue that was sent leads to."""

WITH_PDF: Final = replace(STATIONERY, imprint=replace(STATIONERY.imprint, has_pdf=True))
"""What that issue was approved with."""

GONE: Final = "meeting entered by mistake"
_AHEAD: Final[dict[str, dict[str, Any]]] = {
    "hours": {
        "title": "Ministerial Conference with hours & <marks>",
        "when": When.parse("2027-03-09 09:30", "2027-03-11 17:00", "Africa/Lusaka"),
        "kind": "ministerial",
        "status": "confirmed",
        "mode": "hybrid",
        "venue": "Mulungushi Conference Centre",
        "city": "Lusaka",
        "join_link": "https://example.org/join",
        "url": "https://example.org/conference",
        "sessions": ["Opening", "Labour migration"],
        "themes": ["agenda-2030"],
        "interpretation": "English, French, Portuguese",
    },
    "joint": {
        "title": "Joint plenary of two processes",
        "mechanisms": ["bali-process", "colombo-process"],
        "when": When.days(date(2026, 12, 30), date(2027, 1, 2)),
        "kind": "joint_plenary",
        "country": "TH",
    },
    "now": {
        "title": "A meeting that goes on today",
        "mechanisms": ["gfmd"],
        "when": When.days(date(2026, 11, 22), date(2026, 11, 24)),
        "kind": "summit",
        "country": "FR",
        "city": "Paris",
    },
    "tentative": {"when": When.days(date(2027, 4, 5), date(2027, 4, 6)), "status": "tentative"},
    "month": {"when": When.month(2027, 5), "mechanisms": ["sacm"], "country": "PE"},
    "quarter": {"when": When.quarter(2027, 3)},
    "year": {"when": When.year(2027)},
    "unknown": {"when": When.unknown(), "mode": "online", "country": None},
    "postponed": {"when": When.days(date(2027, 1, 20), date(2027, 1, 21))},
    "cancelled": {"when": When.days(date(2027, 2, 3), date(2027, 2, 4))},
    "moved": {"when": When.days(date(2027, 2, 10), date(2027, 2, 12))},
    "mistake": {"title": GONE, "when": When.days(date(2027, 9, 1), date(2027, 9, 2))},
    **{
        f"crowd {day}": {"when": When.days(date(2027, 6, day), date(2027, 6, 9)), "mechanisms": ["igc"]}
        for day in range(1, 10)
    },
}


def fill(database: Database, documents: Path) -> str:
    """Add to the bundled registry meetings ahead in every state, a document with its file, and an issue sent.

    Files are kept in the folder `documents`. Returns the path of a meeting that was entered by mistake and
    deleted again.
    """
    with database.writing() as session:
        slugs = {name: _add(session, name, facts) for name, facts in _AHEAD.items()}
        by: dict[str, Any] = {"editor": "ed", "now": NOW}
        postpone_meeting(session, slugs["postponed"], reason="Elections in the host State", **by)
        cancel_meeting(session, slugs["cancelled"], reason=None, **by)
        later = {"when": When.days(date(2027, 2, 17), date(2027, 2, 19))}
        change_meeting(session, slugs["moved"], later, **by)
        delete_meeting(session, slugs["mistake"], **by)
    with database.writing() as session:
        add_readers(session, 3)
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ed")
        issue = find_issue(session, "2017")
        approve_issue(session, issue, stationery=WITH_PDF, editor="ed", now=NOW)
        issue.state, issue.started_at = IssueState.SENT, NOW
    _file_document(database, documents, meeting=slugs["hours"])
    return f"/meetings/{slugs['mistake']}"


def _file_document(database: Database, documents: Path, *, meeting: str) -> None:
    source = documents.with_name("Concept note.pdf")
    source.write_bytes(b"%PDF-1.4\n%%EOF\n")
    with filing(database, documents, source=source) as (session, filed):
        written = {"title": "Concept note", "meeting": meeting, "language": "en", **filed}
        add_document(session, written, editor="ed", now=NOW)


def _add(session: Session, name: str, facts: dict[str, Any]) -> str:
    plain = {"title": f"Meeting ahead: {name}", "mechanisms": ["midsa"], "country": "ZM", "city": "Lusaka"}
    return add_meeting(session, plain | facts, editor="ed", now=NOW).slug
