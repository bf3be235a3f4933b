"""Filing: bytes come in with the record that names them, and go with it."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import Database, Facts
from models.document_edit import DOCUMENTS, DuplicateDocument
from models.document_file import LARGEST, UnwelcomeFile, read_file
from models.document_filing import filing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\nThe final report"


def _packed(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


GOOD = {
    "Report.pdf": (PDF, "report.pdf", "application/pdf"),
    "Späte Änderung (2).PDF": (b"\n\n%PDF-1.4", "spate-anderung-2.pdf", "application/pdf"),
    "notes.txt": ("Übersicht".encode(), "notes.txt", "text/plain; charset=utf-8"),
    "photo.jpeg": (b"\xff\xd8\xff\xe0rest", "photo.jpg", "image/jpeg"),
    "map.png": (b"\x89PNG\r\n\x1a\nrest", "map.png", "image/png"),
    "text.docx": (
        _packed(word__document_xml=b"<w/>"),
        "text.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "table.xlsx": (
        _packed(xl__workbook_xml=b"<w/>"),
        "table.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "slides.pptx": (
        _packed(ppt__presentation_xml=b"<p/>"),
        "slides.pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "text.odt": (
        _packed(mimetype=b"application/vnd.oasis.opendocument.text"),
        "text.odt",
        "application/vnd.oasis.opendocument.text",
    ),
    "التقرير.pdf": (PDF, "document.pdf", "application/pdf"),
}


def _written(folder: Path, name: str, content: bytes) -> Path:
    source = folder / name
    source.write_bytes(content)
    return source


def _add(database: Database, folder: Path, title: str, source: Path) -> str:
    with filing(database, folder, source=source) as (session, filed):
        return DOCUMENTS.add(session, {"title": title, **filed}, editor="Ana", now=NOW).slug


def _change(database: Database, folder: Path, slug: str, source: Path | None) -> None:
    with filing(database, folder, source=source, slug=slug) as (session, filed):
        DOCUMENTS.change(session, slug, filed or {"file": None}, editor="Ana", now=NOW)


def _delete(database: Database, folder: Path, slug: str) -> None:
    with filing(database, folder, slug=slug) as (session, _):
        DOCUMENTS.delete(session, slug, editor="Ana", now=NOW)


def _file_of(database: Database, slug: str) -> Facts | None:
    with database.reading() as session:
        return read_file(DOCUMENTS.find(session, slug))


def _kept(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()} if folder.exists() else set()


@pytest.mark.parametrize("name", GOOD)
def test_file_of_each_sort_is_taken_whole(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    """The bytes lie under their hash; the record knows name, type and size."""
    content, called, media_type = GOOD[name]
    folder = tmp_path / "documents"
    slug = _add(sqlite_database, folder, "One", _written(tmp_path, name, content))
    sha256 = hashlib.sha256(content).hexdigest()
    assert (folder / sha256).read_bytes() == content
    assert _kept(folder) == {sha256}
    assert _file_of(sqlite_database, slug) == {
        "name": called,
        "type": media_type,
        "size": len(content),
        "sha256": sha256,
    }


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("run.exe", b"MZ", "“run.exe” is not of a sort that is kept here; take one of: pdf, docx,"),
        ("report", PDF, "“report” is not of a sort that is kept here"),
        ("page.html", b"<html>", "“page.html” is not of a sort that is kept here"),
        (
            "report.pdf",
            b"<html>",
            "“report.pdf” does not hold what its ending says; save it as pdf once more.",
        ),
        ("photo.png", b"\xff\xd8\xff", "“photo.png” does not hold what its ending says"),
        ("text.docx", b"PK\x03\x04 broken", "“text.docx” does not hold what its ending says"),
        ("text.docx", GOOD["table.xlsx"][0], "“text.docx” does not hold what its ending says"),
        ("notes.txt", b"\xff\xfe\x00", "“notes.txt” does not hold what its ending says"),
        ("empty.pdf", b"", "“empty.pdf” is empty."),
    ],
)
def test_file_that_is_not_welcome_is_refused(
    sqlite_database: Database, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    """A sentence says why, and neither a record nor a byte stays."""
    folder = tmp_path / "documents"
    with pytest.raises(UnwelcomeFile) as refusal:
        _add(sqlite_database, folder, "One", _written(tmp_path, name, content))
    assert str(refusal.value).startswith(sentence)
    assert _kept(folder) == set()


def test_file_that_is_too_large_or_missing_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    """Fifty megabytes are the most; a path that leads nowhere is told."""
    folder = tmp_path / "documents"
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(LARGEST + 1)
    for source, sentence in (
        (large, "“large.pdf” is larger than 50 MB; make it smaller, or link to it."),
        (tmp_path / "none.pdf", f"{tmp_path / 'none.pdf'} cannot be read: No such file or directory."),
    ):
        with pytest.raises(UnwelcomeFile) as refusal:
            _add(sqlite_database, folder, "One", source)
        assert str(refusal.value) == sentence
    assert _kept(folder) == set()


def test_bytes_stay_while_another_document_has_them(database: Database, tmp_path: Path) -> None:
    """Two documents with the same file keep it once; it goes with the second of them."""
    folder = tmp_path / "documents"
    source = _written(tmp_path, "report.pdf", PDF)
    first, second = _add(database, folder, "One", source), _add(database, folder, "Two", source)
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert _kept(folder) == {sha256}
    _delete(database, folder, first)
    assert _kept(folder) == {sha256}
    _delete(database, folder, second)
    assert _kept(folder) == set()


def test_new_file_takes_the_place_of_the_old_under_a_name_of_its_own(
    database: Database, tmp_path: Path
) -> None:
    """Browsers keep a file for ever under its address, so a name never gets another content."""
    folder = tmp_path / "documents"
    slug = _add(database, folder, "One", _written(tmp_path, "report.pdf", PDF))
    _change(database, folder, slug, _written(tmp_path, "report.pdf", PDF + b" corrected"))
    corrected = _file_of(database, slug)
    assert corrected is not None
    assert corrected["name"] == "report-2.pdf"
    assert _kept(folder) == {hashlib.sha256(PDF + b" corrected").hexdigest()}
    _change(database, folder, slug, _written(tmp_path, "report.pdf", PDF))
    back = _file_of(database, slug)
    assert back is not None
    assert back["name"] == "report.pdf"
    _change(database, folder, slug, None)
    assert (_file_of(database, slug), _kept(folder)) == (None, set())


def test_document_that_is_refused_leaves_no_bytes(database: Database, tmp_path: Path) -> None:
    """A double is refused after its file was taken in: the file goes, that of the first one stays."""
    folder = tmp_path / "documents"
    _add(database, folder, "One", _written(tmp_path, "report.pdf", PDF))
    with pytest.raises(DuplicateDocument):
        _add(database, folder, "One", _written(tmp_path, "other.pdf", PDF + b" other"))
    with pytest.raises(DuplicateDocument):
        _add(database, folder, "One", _written(tmp_path, "same.pdf", PDF))
    assert _kept(folder) == {hashlib.sha256(PDF).hexdigest()}


def test_document_whose_file_was_never_there_can_be_deleted(database: Database, tmp_path: Path) -> None:
    """A lost file keeps nobody from putting the record right."""
    folder = tmp_path / "documents"
    slug = _add(database, folder, "One", _written(tmp_path, "report.pdf", PDF))
    (folder / hashlib.sha256(PDF).hexdigest()).unlink()
    _delete(database, folder, slug)
    assert _kept(folder) == set()
