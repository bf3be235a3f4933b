"""What belongs to the record and lies outside the database, put back: documents, keys, departures."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from iscm.secret_key import NAME as SECRET_KEY_FILE
from iscm.settings import Settings
from models import Refusal
from models.archive.check import Archive
from models.archive.contents import DKIM_KEY, DOCUMENTS, SECRET_KEY, is_document
from models.archive.placing import placed, put_aside
from models.archive.tar import BadArchive, Member
from models.departures import BEGUN, FILE, Departures, Line, read_lines

DKIM_FILE: Final = "dkim_key"
JOURNALS: Final = "journals"
_SHORTEST_KEY: Final = 32


class AnotherKey(Refusal):
    """The secret key that is here is not that of the archive."""


@dataclass(slots=True)
class Keeping:
    """The keys and departures of the archive, and of the data folder as it is.

    `older` is the key that was here, where it is another one. `here` are the lines of the file that is here.
    """

    key: str
    older: str | None
    here: list[Line]
    lines: list[Line] = field(default_factory=list)
    is_known: bool = False


def read_keeping(settings: Settings, archive: Archive, *, given: tuple[Path, ...], force: bool) -> Keeping:
    """Compare what the archive has with what is here. Raises AnotherKey, BadArchive, OSError.

    The key's file is replaced without `force` only where nothing depends on it: no line of departures was
    written under it. (That the database holds nothing is looked at elsewhere.)
    """
    key = (archive.read(SECRET_KEY) or b"").decode("utf-8", errors="replace").strip()
    if len(key) < _SHORTEST_KEY or not key.isprintable():
        raise BadArchive("The archive is not used: its secret key is none.")
    kept_file = settings.data_dir / SECRET_KEY_FILE
    is_setting = "secret_key" in settings.model_fields_set
    if is_setting and settings.secret_key != key:
        raise AnotherKey(
            "ISCM_SECRET_KEY is another key than the archive's, so the links in letters and the marks of who "
            "left would be void. Leave it unset, or set it to the archive's: "
            f"tar --extract --gzip --to-stdout --file {archive.path} {SECRET_KEY}"
        )
    older = settings.secret_key if settings.secret_key != key else None
    here = Departures(settings.data_dir / FILE).read()
    if older is not None and here and not force:
        raise AnotherKey(
            f"{kept_file} is another key than the archive's, and departures were written down under it. With "
            "--force the archive's takes its place; both are kept under other names."
        )
    keeping = Keeping(key, older, here)
    _gather(keeping, archive.departures(), given)
    return keeping


def _gather(keeping: Keeping, of_archive: list[Line], given: tuple[Path, ...]) -> None:
    """Bring together all lines there are, and say whether they reach beyond the backup."""
    elsewhere = [line for path in given for line in _read(path)]
    own = keeping.here if keeping.older is None else []
    everything = {*of_archive, *elsewhere, *own}
    if keeping.older is not None:
        # Of another house, or of this one under an earlier key: who left, left; its issues are not ours.
        everything |= {line for line in keeping.here if line.what != BEGUN}
    keeping.lines = sorted(everything)
    keeping.is_known = bool(elsewhere) or (bool(own) and set(of_archive) <= set(own))


def _read(path: Path) -> list[Line]:
    with path.open("rb") as file:
        return list(read_lines(file))


def put_documents(archive: Archive, folder: Path, *, now: datetime) -> int:
    """Put the documents of the archive into their folder; return how many were not there. Raises OSError."""
    count = 0
    with archive.members() as members:
        for member in members:
            if is_document(member.name):
                count += _put(archive, member, folder / member.name.removeprefix(DOCUMENTS), now=now)
    return count


def _put(archive: Archive, member: Member, place: Path, *, now: datetime) -> bool:
    wanted = archive.manifest.members[member.name]
    if place.is_file() and not place.is_symlink():
        if place.stat().st_size == wanted.size and _sha256(place) == wanted.sha256:
            return False
        put_aside(place, now=now)
    place.parent.mkdir(parents=True, exist_ok=True)
    with placed(place) as file:
        for chunk in member.chunks():
            file.write(chunk)
        if member.sha256 != wanted.sha256:
            raise BadArchive("The archive changed while it was read.")
    return True


def put_departures(settings: Settings, keeping: Keeping, *, now: datetime) -> list[Path]:
    """Let the file of departures hold every line there is; return what was put aside.

    A file whose lines were written under another key goes where that key goes.
    """
    file = Departures(settings.data_dir / FILE)
    aside = put_aside(file.path, now=now) if keeping.older is not None else None
    here = set(keeping.here) if keeping.older is None else set()
    file.append(line for line in keeping.lines if line not in here)
    return [aside] if aside else []


def put_keys(settings: Settings, archive: Archive, keeping: Keeping, *, now: datetime) -> list[Path]:
    """Put the archive's keys into the data folder; return where those are kept that they replace."""
    aside = []
    wanted = {SECRET_KEY_FILE: keeping.key.encode() + b"\n"}
    if "secret_key" in settings.model_fields_set:
        wanted = {}
    dkim = archive.read(DKIM_KEY)
    if dkim is not None:
        wanted[DKIM_FILE] = dkim
    for name, content in wanted.items():
        place = settings.data_dir / name
        if place.exists() and place.read_bytes().strip() == content.strip():
            continue
        old = put_aside(place, now=now)
        aside += [old] if old else []
        with placed(place) as file:
            file.write(content)
    return aside


def put_journals_aside(settings: Settings, *, now: datetime) -> list[Path]:
    """Put the journals of sendings aside: they tell of letters of another history."""
    folder = settings.data_dir / JOURNALS
    if not folder.is_dir() or not any(folder.iterdir()):
        return []
    aside = put_aside(folder, now=now)
    return [aside] if aside else []


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
