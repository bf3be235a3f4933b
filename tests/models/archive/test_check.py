"""An archive is looked at whole: what is damaged, cut short or of another make is refused in a sentence."""

import gzip
import io
import json
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.archive.check import check_archive
from models.archive.tar import BadArchive
from models.database import Database
from tests.archives import SECRET, TAKEN_AT, make_archive, read_all, remade


@pytest.fixture
def archive(sqlite_registry: Database, tmp_path: Path) -> Path:
    """The archive of a database with two documents and some departures."""
    folder = tmp_path / "data"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / ("a" * 64)).write_bytes(b"%PDF-1.7 one")
    (folder / "documents" / ("b" * 64)).write_bytes(b"two" * 1000)
    (folder / "documents" / ".staged-x").write_bytes(b"half of one")
    (folder / "documents" / "link").symlink_to("/etc/passwd")
    (folder / "departures").write_text('["2026-01-01T00:00:00+00:00","left","abc"]\n')
    make_archive(sqlite_registry, tmp_path / "archive.tar.gz", folder=folder)
    return tmp_path / "archive.tar.gz"


def test_an_archive_holds_what_belongs_together_and_nothing_else(archive: Path) -> None:
    """Rows, key, documents, departures and a manifest, each with its size and hash; no half file, no link."""
    manifest = check_archive(archive).manifest
    members = read_all(archive)
    assert members["keys/secret_key"] == f"{SECRET}\n".encode()
    assert members[f"documents/{'a' * 64}"] == b"%PDF-1.7 one"
    assert [name for name in members if name.startswith("documents/")] == [
        f"documents/{'a' * 64}",
        f"documents/{'b' * 64}",
    ]
    assert members["departures"] == b'["2026-01-01T00:00:00+00:00","left","abc"]\n'
    assert manifest.members.keys() == members.keys() - {"manifest.json"}
    assert (manifest.taken_at, manifest.program, manifest.database) == (TAKEN_AT, "1.2.3", "sqlite")
    assert manifest.rows["mechanisms"] == 35
    assert not {"search_entries", "search_texts", "workers", "alembic_version"} & manifest.rows.keys()
    assert archive.stat().st_mode & 0o777 == 0o600


def test_an_archive_cut_at_any_length_is_refused(archive: Path, tmp_path: Path) -> None:
    """Wherever the copying broke off."""
    content = archive.read_bytes()
    for share in (0, 1, 20, 500, len(content) // 2, len(content) - 400, len(content) - 9, len(content) - 1):
        (tmp_path / "cut").write_bytes(content[:share])
        with pytest.raises(BadArchive):
            check_archive(tmp_path / "cut")


def test_an_archive_with_any_bit_flipped_is_refused(archive: Path, tmp_path: Path) -> None:
    """Wherever the disk or the line went wrong; gzip's own header alone says nothing of the content."""
    content = archive.read_bytes()
    chance = random.Random(7)  # noqa: S311 - the same places in every run
    for _ in range(60):
        place = chance.randrange(10, len(content))
        spoilt = bytearray(content)
        spoilt[place] ^= 1 << chance.randrange(8)
        (tmp_path / "spoilt").write_bytes(spoilt)
        with pytest.raises(BadArchive):
            check_archive(tmp_path / "spoilt")


def _tar(*infos: tuple[tarfile.TarInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.PAX_FORMAT) as out:
        for info, content in infos:
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def _link(kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo("documents/x")
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def _bomb() -> Iterator[tuple[str, bytes]]:
    head = tarfile.TarInfo("documents/x")
    head.size = 1 << 40
    yield "a terabyte that is not there", gzip.compress(head.tobuf(format=tarfile.GNU_FORMAT) + b"x" * 10_000)
    head = tarfile.TarInfo("manifest.json")
    head.size = 1 << 30
    yield "a manifest of a gigabyte", gzip.compress(head.tobuf(format=tarfile.GNU_FORMAT))
    head = tarfile.TarInfo("keys/secret_key")
    head.size = 1 << 24
    yield "a key of 16 MB", gzip.compress(head.tobuf(format=tarfile.GNU_FORMAT) + b"x" * (1 << 24))
    extension = tarfile.TarInfo("././@PaxHeader")
    extension.type, extension.size = tarfile.XHDTYPE, 1 << 33
    yield "an extension header of 8 GB", gzip.compress(extension.tobuf(format=tarfile.GNU_FORMAT))
    head = tarfile.TarInfo("tables/regions.jsonl")
    head.size = 64_000_000
    line = gzip.compress(head.tobuf(format=tarfile.GNU_FORMAT) + b"[" * 64_000_000, 1)
    yield "a line without an end", line


_HOSTILE = {
    "no gzip": b"nothing of ours",
    "gzip of something else": gzip.compress(b"nothing of ours" * 100),
    "an empty tar": gzip.compress(b"\0" * 1024),
    "nothing": gzip.compress(b""),
    "a path up": _tar((tarfile.TarInfo("documents/../../x"), b"x")),
    "an absolute path": _tar((tarfile.TarInfo("/etc/passwd"), b"x")),
    "a path up by backslash": _tar((tarfile.TarInfo("documents/..\\x"), b"x")),
    "another folder": _tar((tarfile.TarInfo("iscm.toml"), b"x")),
    "a hidden file": _tar((tarfile.TarInfo("documents/.ssh"), b"x")),
    "a name in an extension": _tar((tarfile.TarInfo("documents/" + "é" * 200), b"x")),
    "a symbolic link": _tar((_link(tarfile.SYMTYPE), b"")),
    "a hard link": _tar((_link(tarfile.LNKTYPE), b"")),
    "a folder": _tar((_link(tarfile.DIRTYPE), b"")),
    "a device": _tar((_link(tarfile.CHRTYPE), b"")),
    "a file twice": _tar((tarfile.TarInfo("departures"), b"x"), (tarfile.TarInfo("departures"), b"y")),
    "no manifest": _tar((tarfile.TarInfo("departures"), b"x")),
    "a manifest that is none": _tar((tarfile.TarInfo("manifest.json"), b"[1,2]")),
    "a manifest of anything": _tar((tarfile.TarInfo("manifest.json"), b'{"format": 1, "members": 7}')),
    "a deep manifest": _tar((tarfile.TarInfo("manifest.json"), b"[" * 200_000)),
    **dict(_bomb()),
}


@pytest.mark.parametrize("what", _HOSTILE)
def test_a_hostile_archive_is_refused(tmp_path: Path, what: str) -> None:
    """Each is told in a sentence, within memory and time, and nothing of it is written anywhere."""
    (tmp_path / "hostile").write_bytes(_HOSTILE[what])
    with pytest.raises(BadArchive):
        check_archive(tmp_path / "hostile")
    assert [path.name for path in tmp_path.iterdir()] == ["hostile"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"departures": b"other\n"}, r"departures is not what the manifest says"),
        ({"departures": None}, r"departures is missing"),
        ({"documents/c": b"x"}, r"its manifest does not know documents/c"),
        ({"tables/regions.jsonl": b"[]\n"}, r"tables/regions.jsonl is not what the manifest says"),
        ({"keys/secret_key": None}, r"keys/secret_key is missing"),
    ],
)
def test_members_that_differ_from_the_manifest_are_refused(
    archive: Path, tmp_path: Path, changes: dict[str, bytes | None], reason: str
) -> None:
    """Added, left out or exchanged: the manifest tells."""
    remade(archive, tmp_path / "other.tar.gz", changes, honest=False)
    with pytest.raises(BadArchive, match=reason):
        check_archive(tmp_path / "other.tar.gz")


def test_a_newer_form_is_refused_with_the_release_that_reads_it(archive: Path, tmp_path: Path) -> None:
    """The person learns what to install."""
    manifest = json.loads(read_all(archive)["manifest.json"])
    newer = json.dumps({"format": 2, "program": "9.0\x1b[1m", "more": manifest}).encode()
    remade(archive, tmp_path / "newer.tar.gz", {"manifest.json": newer}, honest=False)
    with pytest.raises(BadArchive, match=r"made by a newer release \(9\.01m\)\. Install that one"):
        check_archive(tmp_path / "newer.tar.gz")
