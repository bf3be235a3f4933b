"""The registry's files: read, checked whole, and told as the fields of records.

mechanisms.json, meetings.json, updates.json, vocabulary.json, and where they are there documents.json and the
folder pages, as models/reference/ holds them.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.page_paths import Paths
from models.refusal import Refusal
from models.registry_pages import BadPage, read_pages
from models.registry_record import (
    Entry,
    Raw,
    document_entry,
    mechanism_entry,
    meeting_entry,
    outcome_entry,
    slug_of,
    update_entry,
)
from models.vocabulary_fields import REGION_FIELDS, THEME_FIELDS
from templates.text import slugify

BUNDLED: Final = Path(__file__).parent / "reference"
"""The folder of the registry that comes with the program."""


class BadRegistry(Refusal):
    """A file of the registry cannot be read or says something impossible; nothing of it was loaded."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything the files say, each list in the files' order."""

    regions: list[Entry]
    themes: list[Entry]
    mechanisms: list[Entry]
    meetings: list[Entry]
    documents: list[Entry]
    updates: list[Entry]
    pages: list[Entry]


def read_registry(folder: Path) -> Registry:
    """Read and check the four files of a folder, and its documents and pages where it has any.

    Raises BadRegistry with the file, the record and the reason for the first thing that cannot be: a
    missing or broken file, a missing or unknown field, an impossible date, a name that no record has, one
    name given twice.
    """
    vocabulary = _parsed(folder / "vocabulary.json")
    if not isinstance(vocabulary, Mapping):
        raise BadRegistry("vocabulary.json must hold an object with regions and themes.")
    meetings = _records(folder / "meetings.json")
    registry = Registry(
        regions=_entries("vocabulary.json", vocabulary.get("regions"), _region),
        themes=_entries("vocabulary.json", vocabulary.get("themes"), _theme),
        mechanisms=_entries(
            "mechanisms.json", _records(folder / "mechanisms.json"), lambda raw, _: mechanism_entry(raw)
        ),
        meetings=_entries("meetings.json", meetings, lambda raw, _: meeting_entry(raw)),
        documents=_entries("meetings.json", meetings, lambda raw, _: outcome_entry(raw)) + _documents(folder),
        updates=_entries("updates.json", _records(folder / "updates.json"), lambda raw, _: update_entry(raw)),
        pages=[],
    )
    _check_names(registry)
    _check_addresses(registry.mechanisms)
    registry.pages.extend(_pages(folder, registry))
    return registry


def _documents(folder: Path) -> list[Entry]:
    file = folder / "documents.json"
    if not file.exists():
        return []
    return _entries(file.name, _records(file), lambda raw, _: document_entry(raw))


def _pages(folder: Path, registry: Registry) -> list[Entry]:
    aliases = {slugify(name) for entry in registry.mechanisms for name in entry.facts["aliases"]}
    paths = Paths(
        mechanisms={*aliases, *(entry.code for entry in registry.mechanisms)},
        themes={entry.code for entry in registry.themes},
        meetings={entry.code for entry in registry.meetings},
        updates={entry.code for entry in registry.updates},
        documents={entry.code for entry in registry.documents},
        pages={},
    )
    try:
        return read_pages(folder / "pages", paths=paths)
    except BadPage as refusal:
        raise BadRegistry(str(refusal)) from refusal


def _parsed(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise BadRegistry(
            f"{path} is missing; a registry is mechanisms, meetings, updates and vocabulary.json."
        ) from error
    except OSError as error:
        raise BadRegistry(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadRegistry(f"{path.name} is not UTF-8 text (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise BadRegistry(f"{path.name}, line {error.lineno}: this is not JSON ({error.msg}).") from error
    except RecursionError as error:
        raise BadRegistry(f"{path.name} is nested too deeply to be a registry.") from error


def _records(path: Path) -> Any:  # noqa: ANN401 - checked by _entries
    return _parsed(path)


def _entries(file: str, records: object, read: Callable[[Raw, int], Entry | None]) -> list[Entry]:
    if not isinstance(records, list):
        raise BadRegistry(f"{file} must hold a list of records.")
    found: list[Entry] = []
    for position, raw in enumerate(records):
        with _placed(file, raw, position):
            if not isinstance(raw, Mapping):
                raise BadRegistry("a record must be an object")
            entry = read(raw, position)
        if entry:
            found.append(entry)
    _check_once(file, "name", [entry.code for entry in found])
    _check_once(file, "uid", [entry.uid for entry in found if entry.uid])
    return found


def _region(raw: Raw, position: int) -> Entry:
    facts = {"name": raw.get("name"), "name_in": raw.get("name_in"), "position": position}
    return Entry("region", slug_of(raw, "slug"), REGION_FIELDS.check(facts))


def _theme(raw: Raw, position: int) -> Entry:
    facts = {name: raw.get(name) for name in ("name", "name_in", "family")} | {"position": position}
    return Entry("theme", slug_of(raw, "slug"), THEME_FIELDS.check(facts))


@contextmanager
def _placed(file: str, raw: object, position: int) -> Iterator[None]:
    """Say of a refusal in which file and record it arose."""
    try:
        yield
    except Refusal as refusal:
        name = (raw.get("id") or raw.get("slug")) if isinstance(raw, Mapping) else None
        raise BadRegistry(f"{file}, record {name or f'number {position + 1}'}: {refusal}") from refusal


def _check_once(file: str, what: str, codes: list[str]) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise BadRegistry(f"{file}: the {what} {code} is given to {times} records; each has its own.")


def _check_names(registry: Registry) -> None:
    """Every record that another one names is in the files."""
    mechanisms = {entry.code for entry in registry.mechanisms}
    themes = {entry.code for entry in registry.themes}
    regions = {entry.code for entry in registry.regions}
    meetings = {entry.code for entry in registry.meetings}
    _check_once("documents.json", "name", [entry.code for entry in registry.documents])
    for file, entries in (
        ("mechanisms.json", registry.mechanisms),
        ("meetings.json", registry.meetings),
        ("documents.json", registry.documents),
        ("updates.json", registry.updates),
    ):
        for entry in entries:
            tags = entry.facts.get("theme_tags") or entry.facts.get("themes") or []
            _check_named(
                file, entry, "theme", tags if entry.kind != "mechanism" else entry.facts["theme_tags"], themes
            )
            own = entry.facts.get("mechanisms") or entry.facts.get("own_mechanisms") or []
            _check_named(file, entry, "mechanism", own, mechanisms)
            _check_named(file, entry, "meeting", [entry.facts.get("meeting")], {*meetings, None})
            _check_named(file, entry, "region", entry.facts.get("regions") or [], regions)


def _check_named(
    file: str, entry: Entry, what: str, names: Iterable[str | None], there: Collection[str | None]
) -> None:
    for name in names:
        if name not in there:
            raise BadRegistry(f"{file}, record {entry.code}: there is no {what} “{name}” in the registry.")


def _check_addresses(mechanisms: list[Entry]) -> None:
    """No alias makes the address of another mechanism."""
    owners = {entry.code: entry.code for entry in mechanisms}
    for entry in mechanisms:
        for name in entry.facts["aliases"]:
            slug = slugify(name)
            owner = owners.setdefault(slug, entry.code) if slug else entry.code
            if owner != entry.code:
                raise BadRegistry(
                    f"mechanisms.json, record {entry.code}: the alias “{name}” makes the address of {owner}."
                )
