"""Files made to harm their reader, each with words of the sentence that turns it away."""

import gzip
import io
import zipfile

from calendar_feed.importing.source_file import MOST_BYTES, MOST_MEETINGS
from tests.calendar_feed.importing.real_files import GOOGLE, calendar, wire

HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//EN\r\n"
FOOT = b"END:VCALENDAR\r\n"
EVENT = "UID:{number}\nSUMMARY:MIDSA {number}\nDTSTART;VALUE=DATE:20270608{more}"


def _events(number: int, *, more: str = "") -> bytes:
    return calendar(*(EVENT.format(number=one, more=more) for one in range(number)))


def _filled(before: bytes, filling: bytes, behind: bytes = b"") -> bytes:
    """As many fillings as ten megabytes hold."""
    room = MOST_BYTES - len(before) - len(behind)
    return before + filling * (room // len(filling)) + behind


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("calendar.ics", b"\0" * 10_000_000)
    return packed.getvalue()


def hostile_files() -> dict[str, tuple[bytes, str]]:
    """Give each file by its name: its bytes, and words of the refusal."""
    one = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:MIDSA 1\r\nDTSTART;VALUE=DATE:20270608\r\n"
    rule = "\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    return {
        "large.ics": (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
        "events.ics": (_events(100_000), "more than 5,000 events"),
        "line-ends.ics": (_filled(HEAD, b"\n"), "lines, more than 1,000,000"),
        "returns.ics": (_filled(HEAD, b"\r"), "lines, more than 1,000,000"),
        "long-line.ics": (_filled(HEAD + one + b"DESCRIPTION:", b"x"), "longer than 1,000,000 bytes"),
        "folded.ics": (_filled(HEAD + one + b"DESCRIPTION:", b"xxxxxxxxxxxxxxx\r\n "), "longer than"),
        "deep.ics": (_filled(b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), "nested 9 deep"),
        "components.ics": (_filled(HEAD, b"BEGIN:VTODO\r\nEND:VTODO\r\n"), "more than 50,000 components"),
        "properties.ics": (_filled(HEAD + one, b"CATEGORIES:a,b,c,d\r\n"), "more than 2,000 prop"),
        "cut.ics": (wire(GOOGLE)[:600], "is cut short: VEVENT, begun in line 8, does not end"),
        "crossed.ics": (HEAD + one + FOOT, "ends VCALENDAR, but VEVENT, begun in line 4, is open"),
        "page.ics": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
        "empty.ics": (b"\xef\xbb\xbf\r\n", "is empty"),
        "none.ics": (HEAD + FOOT, "holds no meeting"),
        "old.ics": (b"BEGIN:VCALENDAR\r\nVERSION:1.0\r\n" + one + b"END:VEVENT\r\n" + FOOT, "vCalendar 1.0"),
        "answer.ics": (HEAD + b"METHOD:REPLY\r\n" + one + b"END:VEVENT\r\n" + FOOT, "answer to an invit"),
        "text.ics": (b"Dear colleagues,\r\n", "stands outside a calendar"),
        "zip.ics": (_zip(), "a ZIP archive"),
        "gzip.ics": (gzip.compress(b"x" * 10_000_000), "packed with gzip"),
        "zero.ics": (HEAD + b"X:\0\r\n" + FOOT, "a zero byte stands in line 4"),
        "latin.ics": (HEAD + "SUMMARY:Réunion\r\n".encode("latin-1"), "line 4 holds the byte 0xE9. It looks"),
        "utf16.csv": ("title,start\r\n".encode("utf-16"), "text in UTF-16"),
        "rules.ics": (_events(MOST_MEETINGS, more=rule).replace(b"2027", b"1990"), "repeat over more days"),
        "by-the-second.ics": (_events(1, more="\nRRULE:FREQ=SECONDLY;COUNT=99999999"), "repeats by the hour"),
        "dates.ics": (_events(1, more="\nRDATE;VALUE=DATE:" + "20270609," * 2_000 + "x"), "is not a date"),
        "series.ics": (_events(100, more="\nRRULE:FREQ=WEEKLY"), "more than 5,000 meetings when its series"),
        "record.ics": (_events(1, more="\nX-ISCM-RECORD:" + "[" * 200_000), "RECORD in line 8 is damaged"),
        "one-day.ics": (_events(MOST_MEETINGS), "5,000 meetings that begin on 2027-06-08"),
        "backslash.ics": (_events(300, more="\nCATEGORIES:" + "a" * 19_000 + "\\"), "300 meetings that"),
        "title.ics": (_events(200).replace(b"MIDSA", b"MIDSA the " * 1_900), "that is no title"),
        "quote.csv": (_filled(b'title,start\r\n"', b"x,"), "A quotation mark may be open"),
        "cells.csv": (_filled(b"title,start\r\n", b","), "belongs to a row of more than 200,000"),
        "columns.csv": (b"title,start\r\n" + b"," * 300, "has 301 cells; that is no list of meetings"),
        "broken-cells.csv": (_filled(b"title,start\r\n", b'"\r\n",'), "belongs to a row of more than"),
        "rows.csv": (_filled(b"title,start\r\n", b"MIDSA,2027-06-08\r\n"), "more than 5,000 rows"),
        "headless.csv": (b"MIDSA,2027-06-08\r\n", "has no column “title”"),
        "binary.csv": (bytes(range(1, 256)) * 1_000, "is not UTF-8"),
        "sheet.xlsx": (b"hello", "must end in .ics or .csv"),
    }  # fmt: skip
