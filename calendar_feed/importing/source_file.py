"""The bytes of a file that somebody sent: of a size and a kind that can be read, or a sentence why not."""

from pathlib import Path
from typing import Final

from models.refusal import Refusal

MOST_BYTES: Final = 10 * 1024 * 1024
"""The largest file that is read, in bytes; ten years of a secretariat's calendar take a tenth of it."""

MOST_MEETINGS: Final = 5_000
"""How many meetings one file may hold: all are written in one transaction, and other writers wait for it."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_OTHER_KINDS: Final = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook; unpack it, or save the sheet as “CSV UTF-8”"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save its sheet as “CSV UTF-8”"),
    (b"%PDF", "a PDF; ask for the calendar as .ics or .csv"),
    (b"\xff\xfe", "text in UTF-16; save it as UTF-8 (in Excel: “CSV UTF-8”)"),
    (b"\xfe\xff", "text in UTF-16; save it as UTF-8 (in Excel: “CSV UTF-8”)"),
)
_WEB_PAGE: Final = (b"<!doctype", b"<html")


class UnreadableFile(Refusal):
    """The file as a whole cannot be read; nothing of it was taken."""


def read_source(path: Path) -> bytes:
    """Return the bytes of a text file in UTF-8, less a byte order mark.

    Raises UnreadableFile, whose sentence says what the file is instead and what to do.
    """
    try:
        if not path.is_file():
            raise UnreadableFile(f"{path} is not a file that can be read. Check its name.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UnreadableFile(f"{path} cannot be read: {reason}.") from error
    return checked_source(data, name=path.name)


def checked_source(data: bytes, *, name: str) -> bytes:
    """Return the bytes of a text in UTF-8, less a byte order mark; raise UnreadableFile for anything else."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(
            f"{name} is larger than {MOST_BYTES // 1024 // 1024} MB, which is no calendar of meetings. "
            "Export fewer years, or split it."
        )
    for beginning, kind in _OTHER_KINDS:
        if data.startswith(beginning):
            raise UnreadableFile(f"{name} is {kind}.")
    data = data.removeprefix(_BYTE_ORDER_MARK)
    if not data.strip():
        raise UnreadableFile(f"{name} is empty.")
    if data[:200].lstrip().lower().startswith(_WEB_PAGE):
        raise UnreadableFile(f"{name} is a web page, not a calendar; the address may ask for signing in.")
    if (at := data.find(b"\0")) >= 0:
        raise UnreadableFile(f"{name} is not text: a zero byte stands in line {_line_of(data, at)}.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{name} is not UTF-8: line {_line_of(data, error.start)} holds the byte "
            f"0x{data[error.start]:02X}. It looks like Latin-1 or Windows-1252; save it as UTF-8 "
            "(in Excel: “CSV UTF-8”)."
        ) from None
    return data


def _line_of(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
