"""One record of the registry's files, told as the fields of the service's own records."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from models.base import Facts
from models.document import DocumentKind
from models.document_fields import DOCUMENT_FIELDS
from models.mechanism_fields import MECHANISM_FIELDS
from models.meeting_fields import MEETING_FIELDS
from models.plain_text import UnwelcomeText, required_line
from models.update_fields import UPDATE_FIELDS
from models.when import ImpossibleDate, When

Raw = Mapping[str, Any]

_SLUG: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")

_STATUSES: Final = {"held": "held", "planned_at_source": "planned", "postponed_to_these_dates": "confirmed"}
"""What the files say of a meeting, and its status here. One postponed to known dates is confirmed."""

# The first of these that a title holds is the kind of the document. The files do not tell it otherwise.
_DOCUMENT_KINDS: Final = (
    (re.compile(r"declaration", re.IGNORECASE), DocumentKind.DECLARATION),
    (re.compile(r"communiqu[eé]", re.IGNORECASE), DocumentKind.COMMUNIQUE),
    (re.compile(r"summary", re.IGNORECASE), DocumentKind.SUMMARY),
    (re.compile(r"statement", re.IGNORECASE), DocumentKind.STATEMENT),
    (re.compile(r"action plan|plan of action|roadmap", re.IGNORECASE), DocumentKind.ACTION_PLAN),
    (re.compile(r"strategy", re.IGNORECASE), DocumentKind.STRATEGY),
    (re.compile(r"report", re.IGNORECASE), DocumentKind.REPORT),
    (re.compile(r"guide", re.IGNORECASE), DocumentKind.GUIDE),
    (re.compile(r"recommendations|conclusions", re.IGNORECASE), DocumentKind.RECOMMENDATIONS),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the files say of one record: its kind, its code (slug), its checked fields, a meeting's UID."""

    kind: str
    code: str
    facts: Facts
    uid: str | None = None


def mechanism_entry(raw: Raw) -> Entry:
    """Read a record of mechanisms.json. Raises a Refusal with the reason."""
    _require(raw, needed={"slug", "name", "short_name", "type", "status"}, allowed=_MECHANISM_KEYS)
    facts = {name: raw.get(name) for name in _MECHANISM_SAME} | {
        "is_iscm": raw.get("is_iscm", True),
        "iom_roles": raw.get("iom_role"),
        "theme_tags": raw.get("theme_slugs"),
        "participants": {
            "members": raw.get("participating_states"),
            "observers": raw.get("observer_states"),
            "organizations": {
                required_line(one.get("organization"), name="organization"): one.get("as")
                for one in _mappings(raw.get("organizations") or [], "organizations")
            },
            "as_of": raw.get("states_as_of"),
        },
    }
    return Entry("mechanism", slug_of(raw, "slug"), MECHANISM_FIELDS.check(facts))


def meeting_entry(raw: Raw) -> Entry:
    """Read a record of meetings.json. Raises a Refusal with the reason."""
    needed = {
        "id",
        "uid",
        "mechanism",
        "title",
        "start",
        "date_precision",
        "kind",
        "status",
        "source",
        "confidence",
    }
    _require(raw, needed=needed, allowed=_MEETING_KEYS)
    status = required_line(raw["status"], name="status")
    if status not in _STATUSES:
        raise UnwelcomeText(f"The status “{status}” is none of: {', '.join(_STATUSES)}.")
    also = raw.get("also_mechanisms") or []
    if not isinstance(also, list):
        raise UnwelcomeText("The field also_mechanisms must be a list.")
    facts = {name: raw.get(name) for name in _MEETING_SAME} | {
        "mechanisms": [raw["mechanism"], *also],
        "when": _when(raw, "start", "end"),
        "status": _STATUSES[status],
        "themes": raw.get("theme_slugs"),
    }
    if raw.get("original_start"):
        facts["previous_when"] = _when(raw, "original_start", "original_end")
    uid = required_line(raw["uid"], name="uid", limit=200)
    if not re.fullmatch(r"[\x21-\x7e]+", uid):
        raise UnwelcomeText(f"The uid “{uid}” holds something else than printable ASCII.")
    return Entry("meeting", slug_of(raw, "id"), MEETING_FIELDS.check(facts), uid)


def outcome_entry(raw: Raw) -> Entry | None:
    """Read what came of a meeting as a document; None where nothing is said.

    Its code is the meeting's with "-outcome" behind it, so that a corrected title stays the same document.
    """
    outcome = raw.get("outcome")
    if outcome is None:
        return None
    if not isinstance(outcome, Mapping):
        raise UnwelcomeText("The outcome must be given with title, url and act.")
    _require(outcome, needed={"title"}, allowed={"title", "url", "act"})
    facts = {
        "title": outcome["title"],
        "kind": document_kind(str(outcome["title"])),
        "act": outcome.get("act"),
        "url": outcome.get("url"),
        "meeting": raw["id"],
        "source": raw.get("source"),
        "confidence": raw.get("confidence"),
    }
    return Entry("document", f"{slug_of(raw, 'id')}-outcome", DOCUMENT_FIELDS.check(facts))


def document_entry(raw: Raw) -> Entry:
    """Read a record of documents.json. Raises a Refusal with the reason."""
    _require(raw, needed={"id", "title", "kind", "source", "confidence"}, allowed=_DOCUMENT_KEYS)
    facts = {name: raw.get(name) for name in _DOCUMENT_SAME} | {
        "day": raw.get("date"),
        "is_key": raw.get("key", False),
        "own_mechanisms": raw.get("mechanisms"),
        "themes": raw.get("theme_slugs"),
    }
    return Entry("document", slug_of(raw, "id"), DOCUMENT_FIELDS.check(facts))


def update_entry(raw: Raw) -> Entry:
    """Read a record of updates.json. Raises a Refusal with the reason."""
    needed = {
        "id",
        "date",
        "date_precision",
        "date_is",
        "mechanisms",
        "kind",
        "title",
        "source",
        "confidence",
    }
    _require(raw, needed=needed, allowed=_UPDATE_KEYS)
    _same_precision(When.parse(required_line(raw["date"], name="date")), raw["date_precision"])
    facts = {name: raw.get(name) for name in _UPDATE_SAME} | {
        "day_means": raw["date_is"],
        "source_language": raw.get("language_of_source"),
        "themes": raw.get("theme_slugs"),
    }
    return Entry("update", slug_of(raw, "id"), UPDATE_FIELDS.check(facts))


def document_kind(title: str) -> DocumentKind:
    """Tell what sort of document a title names, OTHER where it does not say."""
    return next((kind for pattern, kind in _DOCUMENT_KINDS if pattern.search(title)), DocumentKind.OTHER)


def slug_of(raw: Raw, key: str) -> str:
    """Return the code of a record, a word for addresses."""
    slug = required_line(raw.get(key), name=key, limit=160)
    if not _SLUG.fullmatch(slug):
        raise UnwelcomeText(
            f"The {key} “{slug}” is no word for an address: small letters, digits and hyphens."
        )
    return slug


def _when(raw: Raw, start: str, end: str) -> When:
    first = required_line(raw[start], name=start)
    last = raw.get(end)
    when = When.parse(first, None if last is None else required_line(last, name=end))
    _same_precision(when, raw["date_precision"])
    return when


def _same_precision(when: When, said: object) -> None:
    if when.precision.value != said:
        raise ImpossibleDate(
            f"The date “{when.start_text}” is a {when.precision.value}, but date_precision says “{said}”."
        )


def _mappings(value: object, name: str) -> list[Raw]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise UnwelcomeText(f"The field {name} must be a list of records.")
    return value


def _require(raw: Raw, *, needed: set[str], allowed: set[str]) -> None:
    """Refuse a record that lacks something or says something that would be lost."""
    if missing := sorted(needed - raw.keys()):
        raise UnwelcomeText(f"The field {missing[0]} is missing.")
    if unknown := sorted(raw.keys() - allowed - needed):
        raise UnwelcomeText(f"The field {unknown[0]} is not one this program knows.")


_MECHANISM_SAME: Final = (
    "acronym", "acronym_in", "name", "name_in", "short_name", "short_name_in",
    "type", "type_basis", "status", "status_basis", "dormancy", "region",
    "regions", "association", "established_year", "secretariat", "website", "languages", "themes", "chair",
    "former_chairs", "objectives",
    "aliases", "notes", "sources",
)  # fmt: skip
_MECHANISM_KEYS: Final = {
    *_MECHANISM_SAME, "slug", "is_iscm", "iom_role", "theme_slugs",
    "participating_states", "observer_states", "organizations", "states_as_of",
}  # fmt: skip
_MEETING_SAME: Final = (
    "title", "title_in", "kind", "mode", "venue", "city", "country", "theme", "sessions", "local_times",
    "interpretation", "url", "source", "confidence", "notes",
)  # fmt: skip
_MEETING_KEYS: Final = {
    *_MEETING_SAME, "id", "uid", "mechanism", "also_mechanisms", "start", "end", "date_precision", "status",
    "outcome", "original_start", "original_end", "theme_slugs",
}  # fmt: skip
_DOCUMENT_SAME: Final = (
    "title", "kind", "act", "language", "url", "meeting", "summary", "source", "confidence",
)  # fmt: skip
_DOCUMENT_KEYS: Final = {*_DOCUMENT_SAME, "id", "date", "key", "mechanisms", "theme_slugs"}
_UPDATE_SAME: Final = (
    "date", "mechanisms", "kind", "title", "title_in", "summary", "summary_in", "url", "source", "confidence",
)  # fmt: skip
_UPDATE_KEYS: Final = {*_UPDATE_SAME, "id", "date_precision", "date_is", "language_of_source", "theme_slugs"}
