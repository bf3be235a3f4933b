"""The record as plain rows: what an oracle reasons from, read without any code of the feeds."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from models.base import Record
from models.database import Database

Row = Mapping[str, Any]


@dataclass(frozen=True)
class PlainRecord:
    """Rows by key: meetings by UID, mechanisms, regions and themes by slug.

    A meeting's row has also `mechanisms` (slugs in order), `themes` and `documents`; a mechanism's also
    `regions`, `states` (codes in small letters) and `aliases`. `codes` are those of all participants.
    """

    as_of: date
    meetings: Mapping[str, Row]
    mechanisms: Mapping[str, Row]
    regions: Mapping[str, Row]
    themes: Mapping[str, Row]
    codes: frozenset[str]


def read_record(database: Database) -> PlainRecord:
    """Read every table an event or a feed could depend on."""
    with database.reading() as session:
        table = _Tables(session)
        slug_of = {
            name: {row["id"]: row["slug"] for row in table.rows(name)}
            for name in ("mechanisms", "regions", "themes")
        }
        codes = {row["id"]: row["code"].lower() for row in table.rows("participants") if row["code"]}
        states = table.by("participations", "mechanism_id")
        aliases = table.by("mechanism_aliases", "mechanism_id")
        regions = table.by("mechanism_regions", "mechanism_id")
        mechanisms = {
            row["slug"]: row
            | {
                "regions": {slug_of["regions"][one["region_id"]] for one in regions[row["id"]]},
                "states": {codes.get(one["participant_id"]) for one in states[row["id"]]} - {None},
                "aliases": [one["name"] for one in aliases[row["id"]]],
            }
            for row in table.rows("mechanisms")
        }
        places = table.by("meeting_mechanisms", "meeting_id")
        themes = table.by("meeting_themes", "meeting_id")
        documents = table.by("documents", "meeting_id")
        meetings = {
            row["uid"]: row
            | {
                "mechanisms": [
                    slug_of["mechanisms"][one["mechanism_id"]]
                    for one in sorted(places[row["id"]], key=lambda place: place["position"])
                ],
                "themes": {slug_of["themes"][one["theme_id"]] for one in themes[row["id"]]},
                "documents": [
                    (one["title"], str(one["act"]), one["url"])
                    for one in sorted(documents[row["id"]], key=lambda document: document["id"])
                ],
            }
            for row in table.rows("meetings")
        }
        (publication,) = table.rows("publication")
        return PlainRecord(
            as_of=publication["as_of_day"],
            meetings=meetings,
            mechanisms=mechanisms,
            regions={row["slug"]: row for row in table.rows("regions")},
            themes={row["slug"]: row for row in table.rows("themes")},
            codes=frozenset(codes.values()),
        )


class _Tables:
    """Whole tables, each read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[str, list[dict[str, Any]]] = {}

    def rows(self, name: str) -> list[dict[str, Any]]:
        if name not in self._read:
            table: Table = Record.metadata.tables[name]
            self._read[name] = [dict(row) for row in self._session.execute(select(table)).mappings()]
        return self._read[name]

    def by(self, name: str, column: str) -> defaultdict[Any, list[dict[str, Any]]]:
        found: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows(name):
            found[row[column]].append(row)
        return found
