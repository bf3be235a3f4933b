"""An editor who does anything to anything: random acts upon the record, each by the act that editors use."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from calendar_feed.publication import advance_as_of_day
from models.base import Record
from models.database import Database
from models.document import Document, DocumentAct
from models.document_edit import add_document, change_document, delete_document
from models.mechanism import MechanismType
from models.mechanism_change import change_mechanism
from models.meeting import Kind, Meeting, Mode
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from models.meeting_delete import delete_meeting
from models.publication import Publication
from models.refusal import Refusal
from models.vocabulary import Region, Theme
from tests.calendar_feed.edits.plain_record import PlainRecord, read_record

_ZONES = ("Africa/Casablanca", "America/New_York", "Asia/Kathmandu", "Europe/Brussels", "Pacific/Apia")
_COUNTRIES = ("BE", "GL", "HK", "KE", "ZM")
_WORDS = ("Bridges", "Corridors", "Data", "Élan", "Форум", "المنتدى", "移民", "👩🏽‍🚀")
_OTHER_LANGUAGES = ("fr", "es", "ar")
_PLAIN_TEXTS = (
    *("title", "venue", "city", "theme", "local_times", "interpretation", "source", "notes", "reason"),
)
_FIELDS = (
    *_PLAIN_TEXTS,
    *("title", "title_in", "title_in", "kind", "mode", "country", "point", "join_link", "host", "themes"),
    *("themes", "sessions", "url", "confidence", "visibility", "mechanisms", "mechanisms"),
)


class Editor:
    """Does one random act after the other; `now` moves on by less than a second, a minute or an hour."""

    def __init__(self, database: Database, *, seed: int, now: datetime) -> None:
        """Sit down; the same seed does the same to the same record."""
        self._database = database
        self._random = Random(seed)  # noqa: S311 - the same acts each time, nothing secret
        self._count = 0
        self.now = now

    def act(self) -> str:
        """Do one act that is not refused, and say what it was."""
        self.now += self._pick([timedelta(milliseconds=150), timedelta(milliseconds=700)] * 3 + [_HOUR])
        acts: list[Callable[[PlainRecord], str]] = [
            *[self._change_field] * 10, *[self._change_dates] * 5, *[self._turn] * 5, *[self._add] * 4,
            *[self._change_mechanism] * 5, *[self._delete] * 3, *[self._document] * 3, *[self._rename] * 2,
            *[self._days] * 3,
        ]  # fmt: skip
        for _ in range(50):
            self._count += 1
            try:
                return str(self._pick(acts)(read_record(self._database)))
            except Refusal:
                continue
        raise AssertionError("everything was refused")

    def _pick(self, among: Any) -> Any:  # noqa: ANN401 - anything
        return self._random.choice(sorted(among) if isinstance(among, set) else list(among))

    def _meeting(self, record: PlainRecord) -> str:
        """Choose a meeting, one of this year or later rather than an old one."""
        recent = [
            row["slug"] for row in record.meetings.values() if row["first_day"] and row["first_day"] > _RECENT
        ]
        every = [row["slug"] for row in record.meetings.values()]
        return str(self._pick(sorted(recent if recent and self._random.random() < _MOSTLY else every)))

    def _add(self, record: PlainRecord) -> str:
        written = {
            "title": self._text("Sitting"),
            "mechanisms": self._some(record.mechanisms, most=2),
            "kind": self._pick(Kind).value,
            "status": self._pick(("planned", "tentative", "confirmed")),
            "city": self._text("City"),
            "country": self._pick(_COUNTRIES),
            "themes": self._some(record.themes, most=2),
            "when": self._when(),
            "sessions": [f"{part} " + "x" * 380 for part in range(self._pick((0, 0, 30)))],
        }
        return f"added {self._meeting_act(add_meeting, written)}"

    def _change_field(self, record: PlainRecord) -> str:
        slug, name = self._meeting(record), self._pick(_FIELDS)
        written = {name: self._value(name, record)} if name != "point" else self._point()
        self._meeting_act(change_meeting, slug, written)
        return f"{slug}: {written}"

    def _value(self, name: str, record: PlainRecord) -> Any:  # noqa: ANN401 - any field's
        if name in _PLAIN_TEXTS:
            return self._text(name.capitalize())
        if name in {"join_link", "url"}:
            return f"https://example.org/{self._count}"
        values: dict[str, Callable[[], Any]] = {
            "title_in": self._in_languages,
            "kind": lambda: self._pick(Kind).value,
            "mode": lambda: self._pick((None, *(mode.value for mode in Mode))),
            "country": lambda: self._pick((None, *_COUNTRIES)),
            "host": lambda: self._pick((None, *_COUNTRIES)),
            "themes": lambda: self._some(record.themes, most=3),
            "mechanisms": lambda: self._some(record.mechanisms, most=3),
            "sessions": lambda: [self._text("Sitting") for _ in range(self._pick((0, 2)))],
            "confidence": lambda: self._pick(("high", "medium", "low")),
            "visibility": lambda: self._pick(("public", "hidden")),
        }
        return values[name]()

    def _in_languages(self) -> dict[str, str]:
        return {language: self._text(language) for language in self._some(_OTHER_LANGUAGES, most=2)}

    def _point(self) -> dict[str, float]:
        return {"latitude": self._random.uniform(-90, 90), "longitude": self._random.uniform(-180, 180)}

    def _change_dates(self, record: PlainRecord) -> str:
        slug, when = self._meeting(record), self._when()
        self._meeting_act(change_meeting, slug, {"when": when})
        return f"{slug}: {when}"

    def _turn(self, record: PlainRecord) -> str:
        slug = self._meeting(record)
        status = self._pick(("planned", "tentative", "confirmed", "postponed", "cancelled", "held"))
        reason = {"reason": self._text("Reason")} if status in {"postponed", "cancelled"} else {}
        self._meeting_act(change_meeting, slug, {"status": status, **reason})
        return f"{slug}: {status}"

    def _delete(self, record: PlainRecord) -> str:
        return f"deleted {self._meeting_act(delete_meeting, self._meeting(record))}"

    def _meeting_act(self, act: Callable[..., Meeting], *arguments: Any) -> str:  # noqa: ANN401 - the act's own
        with self._database.writing() as session:
            return act(session, *arguments, editor="test", now=self.now).slug

    def _change_mechanism(self, record: PlainRecord) -> str:
        slug = self._pick(sorted(record.mechanisms))
        written = self._pick(
            [
                {"short_name": f"Dialogue {self._count}"},
                {"name": f"Dialogue on all matters {self._count}"},
                {"short_name_in": self._in_languages()},
                {"name_in": self._in_languages()},
                {"type": self._pick(MechanismType).value},
                {"is_iscm": self._pick((True, False))},
                {"regions": self._some(record.regions, most=3)},
                {"participants": self._participants(record, slug)},
                {"participants": self._participants(record, slug)},
                {"aliases": [f"Nothing is called so {self._count}"]},
                {"notes": self._text("Notes")},
            ]
        )
        with self._database.writing() as session:
            change_mechanism(session, slug, written, editor="test", now=self.now)
        return f"{slug}: {written}"

    def _participants(self, record: PlainRecord, slug: str) -> dict[str, Any]:
        """Let some leave and some others join, as members or as observers."""
        stay = {code for code in record.mechanisms[slug]["states"] if self._random.random() < _MOSTLY}
        join = {code.lower() for code in self._some(record.codes, most=2)} - stay
        return {
            "members": sorted(code.upper() for code in stay),
            "observers": sorted(code.upper() for code in join),
            "organizations": {},
        }

    def _rename(self, record: PlainRecord) -> str:
        table, slugs = self._pick([(Theme, sorted(record.themes)), (Region, sorted(record.regions))])
        slug = self._pick(slugs)
        names = self._pick([{"name": self._text("Name")}, {"name_in": self._in_languages()}])
        self._set(table, slug, **names)
        return f"{slug}: {names}"

    def _set(self, table: type[Record], slug: str, **values: object) -> None:
        with self._database.writing() as session:
            record = session.scalars(select(table).where(table.slug == slug)).one()  # type: ignore[attr-defined]  # both have slugs
            for name, value in values.items():
                setattr(record, name, value)

    def _document(self, record: PlainRecord) -> str:
        slug = self._meeting(record)
        with self._database.reading() as session:
            slugs = sorted(session.scalars(select(Document.slug)))
        written = {
            "title": self._text("Statement"),
            "url": f"https://example.org/{self._count}.pdf",
            "act": self._pick(DocumentAct).value,
            "meeting": slug,
        }
        act = self._pick((add_document, change_document, delete_document))
        with self._database.writing() as session:
            if act is add_document:
                added = add_document(session, written, editor="test", now=self.now)
                return f"document {added.slug} of {slug}"
            document = self._pick(slugs)
            named = self._pick(sorted(written))
            if act is change_document:
                change_document(session, document, {named: written[named]}, editor="test", now=self.now)
                return f"document {document}: {named} {written[named]}"
            delete_document(session, document, editor="test", now=self.now)
            return f"deleted document {document}"

    def _days(self, record: PlainRecord) -> str:
        """Let days come: the clock is at ten past midnight of the last of them."""
        today = max(self.now.date(), record.as_of) + timedelta(days=self._pick((1, 1, 7, 31, 61)))
        self.now = datetime.combine(today, time(0, 10), UTC)
        with self._database.writing() as session:
            advance_as_of_day(session, today=today)
            publication = session.scalars(select(Publication)).one()
            return f"it is {publication.as_of_day}"

    def _when(self) -> dict[str, Any]:
        day = date(2026, 10, 1) + timedelta(days=self._random.randrange(460))
        hour, minute = self._random.randrange(24), self._pick((0, 30))
        length = timedelta(days=self._pick((0, 1, 3)))
        sitting = timedelta(hours=self._pick((1, 8, 11, 40)))
        start = datetime.combine(day, time(hour, minute))
        zone = self._pick(_ZONES)
        return dict(
            self._pick(
                [
                    {"start": f"{day}", "end": f"{day + length}"},
                    {"start": f"{day}", "end": f"{day + length}"},
                    {"start": f"{day}"},
                    {"start": f"{day:%Y-%m}"},
                    {"start": f"{day.year}-Q{(day.month + 2) // 3}"},
                    {"start": "2026-12-31 22:00", "end": "2027-01-01 02:00", "zone": zone},
                    {"start": f"{start}", "end": f"{start + sitting}", "zone": zone},
                    {"start": f"{start}", "end": f"{start + sitting}", "zone": zone},
                    {"start": f"{start}", "zone": zone},
                ]
            )
        )

    def _text(self, word: str) -> str:
        return f"{word} {self._count} {self._pick(_WORDS)}"

    def _some(self, among: Any, *, most: int) -> list[str]:  # noqa: ANN401 - anything with strings in it
        return self._random.sample(sorted(among), self._random.randint(1, most))


_HOUR = timedelta(hours=1)
_RECENT = date(2026, 6, 1)
_MOSTLY = 0.8
