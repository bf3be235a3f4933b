"""A page as a file: a small front matter between two lines of hyphens, then the text in Markdown.

---
title: Terms
summary: The words of the field and what they mean.
position: 40
shown: yes
---

The text.
"""

from dataclasses import dataclass
from typing import Any, Final

from models.base import Facts
from models.page import Page
from models.page_fields import PAGE_FIELDS
from models.refusal import Refusal

_FENCE: Final = "---"
_KEYS: Final = ("title", "summary", "position", "shown")
_FLAGS: Final = {"yes": True, "no": False}


class BadPageFile(Refusal):
    """The front matter of a page's file cannot be read."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """What a file says: checked fields of PAGE_FIELDS, and the line on which the text begins, from 1."""

    facts: Facts
    first_line: int


def read_page_file(text: str) -> PageFile:
    """Read a file; without a front matter all of it is the text. What it does not name is not in the facts.

    Raises BadPageFile with the line, or the refusal of a field.
    """
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    said: dict[str, Any] = {}
    begin = 0
    if lines[0].rstrip() == _FENCE:
        begin = _end_of_matter(lines) + 1
        for number, line in enumerate(lines[1 : begin - 1], start=2):
            if line.strip():
                said |= _said(line, number, said)
    while begin < len(lines) and not lines[begin].strip():
        begin += 1
    said["body"] = "\n".join(lines[begin:])
    return PageFile(PAGE_FIELDS.check(said), begin + 1)


def written_page(page: Page) -> str:
    """Return the page as the file that read_page_file reads back the same."""
    matter = [
        f"title: {page.title}",
        *([f"summary: {page.summary}"] if page.summary else []),
        f"position: {page.position}",
        f"shown: {'yes' if page.shown else 'no'}",
    ]
    return "\n".join([_FENCE, *matter, _FENCE, "", page.body, ""])


def _end_of_matter(lines: list[str]) -> int:
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return number
    raise BadPageFile("Line 1: the front matter has no end; close it with a line of three hyphens.")


def _said(line: str, number: int, before: dict[str, Any]) -> dict[str, Any]:
    key, colon, value = (part.strip() for part in line.partition(":"))
    if not colon or key not in _KEYS:
        raise BadPageFile(f"Line {number}: write one of {', '.join(_KEYS)}, a colon and what it is.")
    if key in before:
        raise BadPageFile(f"Line {number}: the {key} is given twice.")
    if key == "position":
        if not value.isascii() or not value.isdigit():
            raise BadPageFile(f"Line {number}: the position is a whole number, like 40.")
        return {key: int(value[:9])}
    if key == "shown":
        if value not in _FLAGS:
            raise BadPageFile(f"Line {number}: shown is yes or no.")
        return {key: _FLAGS[value]}
    return {key: value}
