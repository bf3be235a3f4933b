"""The file of a document: which sorts are kept, how they are told, and what a reader's copy is called."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Facts
from models.plain_text import UnwelcomeText
from models.refusal import Refusal
from models.revision import Revision
from templates.text import slugify

LARGEST: Final = 50_000_000
"""Bytes of the largest file that is kept."""

_LONGEST_STEM: Final = 120
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_KEYS: Final = {"name": str, "type": str, "size": int, "sha256": str}


class UnwelcomeFile(Refusal):
    """A file is of a sort that is not kept, is not what its name says, or is too large or empty."""


def sort_of(name: str, file: Path) -> tuple[str, str]:
    """Return the ending and the media type of a file by its name, having seen that it holds what that says.

    Raises UnwelcomeFile. The look inside keeps a page of HTML from being served as a picture or a text.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    ending = {"jpeg": "jpg"}.get(ending, ending)
    if ending not in _SORTS:
        raise UnwelcomeFile(f"“{name}” is not of a sort that is kept here; take one of: {', '.join(_SORTS)}.")
    media_type, is_one = _SORTS[ending]
    if not is_one(file):
        raise UnwelcomeFile(f"“{name}” does not hold what its ending says; save it as {ending} once more.")
    return ending, media_type


def copy_name(name: str, ending: str) -> str:
    """Return what a reader's copy is called: the file's own name in letters that any system can write."""
    stem = slugify(name.rpartition(".")[0])[:_LONGEST_STEM].strip("-")
    return f"{stem or 'document'}.{ending}"


def free_name(session: Session, slug: str, file: Facts) -> Facts:
    """Return the file under a name that no other content of this document ever had.

    A file is kept by browsers for ever under its address, so another one needs another name.
    """
    once = select(Revision.changes).where(Revision.kind == "document", Revision.code == slug)
    taken = {
        kept["name"]: kept["sha256"]
        for changes in session.scalars(once)
        for kept in changes.get("file") or []
        if kept
    }
    stem, _, ending = file["name"].rpartition(".")
    name, number = file["name"], 1
    while taken.get(name, file["sha256"]) != file["sha256"]:
        number += 1
        name = f"{stem}-{number}.{ending}"
    return {**file, "name": name}


def check_file(value: object) -> Facts | None:
    """Read what is said of a file: name, type, size in bytes, SHA-256; None for no file."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != set(_KEYS):
        raise UnwelcomeText(f"The file must be given with {', '.join(_KEYS)}, not {value!r:.60}.")
    for key, kind in _KEYS.items():
        if not isinstance(value[key], kind):
            raise UnwelcomeText(f"The {key} of the file cannot be {value[key]!r:.60}.")
    return {key: value[key] for key in _KEYS}


def read_file(document: Any) -> Facts | None:  # noqa: ANN401 - a document; importing its class would be a circle
    """Return what is said of a document's file."""
    if document.file_sha256 is None:
        return None
    return {
        "name": document.file_name,
        "type": document.file_type,
        "size": document.file_size,
        "sha256": document.file_sha256,
    }


def _begins(*beginnings: bytes) -> Callable[[Path], bool]:
    def is_one(file: Path) -> bool:
        with file.open("rb") as opened:
            return opened.read(16).startswith(beginnings)

    return is_one


def _is_pdf(file: Path) -> bool:
    """Many programs write something before the header, and readers look for it in the first 1,024 bytes."""
    with file.open("rb") as opened:
        return b"%PDF-" in opened.read(1024)


def _is_text(file: Path) -> bool:
    try:
        return "\0" not in file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return False


def _holds(part: str, content: bytes | None = None) -> Callable[[Path], bool]:
    """Tell a packed office file by a part it must have, and by that part's content where it is given."""

    def is_one(file: Path) -> bool:
        try:
            with zipfile.ZipFile(file) as packed, packed.open(part) as opened:
                return content is None or opened.read(len(content) + 1) == content
        except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError):
            return False

    return is_one


_SORTS: Final[Mapping[str, tuple[str, Callable[[Path], bool]]]] = {
    "pdf": ("application/pdf", _is_pdf),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _holds("word/document.xml")),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _holds("xl/workbook.xml")),
    "pptx": (f"{_OFFICE}.presentationml.presentation", _holds("ppt/presentation.xml")),
    "odt": (
        "application/vnd.oasis.opendocument.text",
        _holds("mimetype", b"application/vnd.oasis.opendocument.text"),
    ),
    "txt": ("text/plain; charset=utf-8", _is_text),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
}
