"""What is left of bytes when the words are taken out: two that agree in this are sound or not sound together.

Reading a calendar back with a library costs more than writing it. The four languages of an event, and the
headers of a thousand feeds, differ in their words alone; so one of them is read back, and of the others it is
enough that their outline is the same. A value whose letters are not those of its kind stays in the outline.
"""

import re
from typing import Final

from calendar_feed.content_line import unfold

_TEXT: Final = rb"(?:[^\\;,\r\n]|\\[\\;,nN])*"
_ADDRESS: Final = rb"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-Z_a-z~\[\]%]+"
_SPOKEN: Final = rb"(?:;LANGUAGE=[a-z]{2,3})?"
_WORDS: Final = re.compile(
    rb"^(?:"
    rb"(SUMMARY|DESCRIPTION|LOCATION|COMMENT|NAME|X-WR-CALNAME|X-WR-CALDESC)"
    + _SPOKEN
    + rb":"
    + _TEXT
    + rb"|"
    rb"(CATEGORIES):" + _TEXT + rb"(?:," + _TEXT + rb")*|"
    rb"(URL|SOURCE;VALUE=URI):" + _ADDRESS + rb"|"
    rb"(X-WR-RELCALID):[0-9a-f-]{36}|"
    rb"(PRODID):-//ISCM//Calendar feed 1\.0//[A-Z]{2,3}|"
    rb"(COLOR):[a-z]+|"
    rb"(X-APPLE-CALENDAR-COLOR):#[0-9A-F]{6}"
    rb")(?=\r$)",
    re.MULTILINE,
)
_LABEL: Final = re.compile(
    rb"^CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=(?:\"[^\"\r\n]*\"|[^\";:,\r\n]*)" + _SPOKEN + rb":",
    re.MULTILINE,
)
_STAMPS: Final = re.compile(
    rb"^DTSTAMP:(\d{8}T\d{6}Z)(\r\nCREATED:[^\r\n]*\r\nLAST-MODIFIED):\1(?=\r$)", re.MULTILINE
)


def outline(data: bytes) -> bytes:
    """Return bytes of ours, unfolded, without what they say in words, colours, addresses and stamps."""
    plain = _STAMPS.sub(rb"DTSTAMP\2", unfold(data))
    plain = _LABEL.sub(rb"CONFERENCE:", plain)
    return _WORDS.sub(lambda found: found[found.lastindex or 0], plain)
