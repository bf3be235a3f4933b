"""An issue as one readable file: sections in their order, each text under the key of its node.

The file is UTF-8. A line that begins with # explains and is not read. `== key ==` begins a section, and
`== key == off` one that is switched off. `@ key` begins a text, which ends where the next such line begins. A
backslash in front of #, @ or = keeps such a letter at the beginning of a text's line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from models.refusal import Refusal
from newsletter.highlights import Heading, Highlights, Section, Told
from templates.text import clean_text

AS_COMPILED: Final = "(as compiled)"

_GUIDE: Final = f"""\
# Change a text under its line @, move whole sections, or switch one off ("== NAME == off").
# An emptied text leaves its item out. {AS_COMPILED} brings back what the record says.
# Texts may have *emphasis*, **strength** and [links](https://example.org); a section's own also paragraphs
# and lists.
# Lines that begin with # are not read. Keep the lines @ and the first lines as they are.
# Take the file back with: iscm newsletter edit {{code}} --from FILE
"""
_HEAD: Final = re.compile(r"(issue|revision|language|subject|preheader):\s*(.*)")
_SECTION: Final = re.compile(r"==\s*([a-z_]+)\s*==\s*(on|off)?")
_TEXT: Final = re.compile(r"@\s*(\S+)")


class UnreadableFile(Refusal):
    """The file cannot be taken; the sentence begins with the line and says why."""


@dataclass(frozen=True, slots=True)
class EditedFile:
    """What a file says.

    The issue and revision it was printed from, texts by key, and sections in their order.
    """

    issue: str
    revision: int
    texts: Mapping[str, str]
    order: tuple[str, ...]
    off: frozenset[str]


def written_file(tree: Highlights, *, revision: int) -> str:
    """Return an issue as a file. Reading it back unchanged changes nothing."""
    lines = [f"# {tree.title}, issue {tree.code}", _GUIDE.format(code=tree.code).rstrip(), ""]
    lines += [f"issue: {tree.code}", f"revision: {revision}", f"language: {tree.language}"]
    lines += [f"subject: {_one_line(tree.subject)}", f"preheader: {_one_line(tree.preheader)}"]
    for section in tree.sections:
        lines += ["", "", f"== {section.key} =={'' if section.is_on else ' off'}", f"# {section.heading}"]
        lines += _section_lines(section)
    if tree.notes:
        lines += ["", "", "# Notes that names require: " + " ".join(note.text for note in tree.notes)]
    return "\n".join(lines) + "\n"


def _section_lines(section: Section) -> Iterator[str]:
    yield from _text_lines(section.intro)
    for node in section.nodes:
        if isinstance(node, Heading):
            yield from ("", f"# --- {node.text}")
        elif isinstance(node, Told):
            yield from _text_lines(node)


def _text_lines(node: Told) -> Iterator[str]:
    yield ""
    if node.is_stale:
        yield "# STALE: the record has changed since this text was written."
    if node.edited is not None and node.text:
        yield f"# The record says: {node.text}"
    yield f"@ {node.key}"
    for line in node.said.splitlines():
        yield re.sub(r"^(\s*)([#@]|==)", r"\1\\\2", line)


def _one_line(node: Told) -> str:
    return " ".join(node.said.split())


@dataclass
class _Reading:
    """What has been read so far, and the line it stands on."""

    tree: Highlights
    head: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    off: set[str] = field(default_factory=set)
    texts: dict[str, list[str]] = field(default_factory=dict)
    section: str | None = None
    key: str | None = None
    number: int = 0

    def refuse(self, why: str) -> UnreadableFile:
        return UnreadableFile(f"Line {self.number}: {why} Nothing was changed.")


def read_file(content: str, tree: Highlights) -> EditedFile:
    """Read a file that was printed from an issue. tree is that issue as it is now.

    Raises UnreadableFile for an empty file, and with the line and the reason for a line out of place, a key
    that is unknown, twice or in another section, and a section or text that is missing.
    """
    reading = _Reading(tree)
    places = {node.key: section.key for section in tree.sections for node in _tellers(section)}
    lines = clean_text(content).splitlines()
    if not any(line.strip() for line in lines):
        raise UnreadableFile(
            f"The file is empty. Print the issue with: iscm newsletter edit {tree.code}. Nothing was changed."
        )
    for number, line in enumerate(lines, start=1):
        reading.number = number
        if not line.startswith("#"):
            _read_line(reading, line.rstrip(), places)
    return _finished(reading, places)


def _tellers(section: Section) -> Iterator[Told]:
    yield section.intro
    yield from (node for node in section.nodes if isinstance(node, Told))


def _read_line(reading: _Reading, line: str, places: Mapping[str, str]) -> None:
    if line.startswith("=="):
        _begin_section(reading, line)
    elif line.startswith("@"):
        _begin_text(reading, line, places)
    elif reading.key is not None:
        reading.texts[reading.key].append(re.sub(r"^(\s*)\\([#@]|==)", r"\1\2", line))
    elif line and reading.section is not None:
        raise reading.refuse(f"“{line[:60]}” stands before any text; put it under a line that begins with @.")
    elif line:
        _read_head(reading, line)


def _read_head(reading: _Reading, line: str) -> None:
    found = _HEAD.fullmatch(line)
    if found is None:
        raise reading.refuse(
            f"“{line[:60]}” is neither a heading of the file nor a section; begin sections with ==."
        )
    if found[1] in reading.head:
        raise reading.refuse(f"“{found[1]}” stands twice.")
    reading.head[found[1]] = found[2].strip()


def _begin_section(reading: _Reading, line: str) -> None:
    found = _SECTION.fullmatch(line)
    known = [section.key for section in reading.tree.sections]
    if found is None or found[1] not in known:
        raise reading.refuse(f"“{line}” is no section of this issue; there are {', '.join(known)}.")
    if found[1] in reading.order:
        raise reading.refuse(f"The section {found[1]} stands twice.")
    reading.order.append(found[1])
    reading.section, reading.key = found[1], None
    if found[2] == "off":
        reading.off.add(found[1])


def _begin_text(reading: _Reading, line: str, places: Mapping[str, str]) -> None:
    found = _TEXT.fullmatch(line)
    if found is None or found[1] not in places:
        raise reading.refuse(f"“{line}” names no text of this issue; keep the lines @ as they were printed.")
    key = found[1]
    if places[key] != reading.section:
        raise reading.refuse(
            f"“{key}” belongs to the section {places[key]}; texts cannot move to another one."
        )
    if key in reading.texts:
        raise reading.refuse(f"“{key}” stands twice.")
    reading.texts[key] = []
    reading.key = key


def _finished(reading: _Reading, places: Mapping[str, str]) -> EditedFile:
    for name in ("issue", "revision", "subject", "preheader"):
        if name not in reading.head:
            raise reading.refuse(f"The line “{name}: ...” is missing at the top of the file.")
    if not reading.head["revision"].isdigit():
        raise reading.refuse("The line “revision: ...” at the top must hold the number that was printed.")
    for section in reading.tree.sections:
        if section.key not in reading.order:
            raise reading.refuse(
                f"The section {section.key} is missing; to leave it out write “== {section.key} == off”."
            )
    for key in places:
        if key not in reading.texts:
            raise reading.refuse(
                f"The text “@ {key}” is missing; to leave it out keep that line and empty the text."
            )
    texts = {key: "\n".join(lines).strip() for key, lines in reading.texts.items()}
    texts |= {"issue/subject": reading.head["subject"], "issue/preheader": reading.head["preheader"]}
    return EditedFile(
        issue=reading.head["issue"],
        revision=int(reading.head["revision"]),
        texts=texts,
        order=tuple(reading.order),
        off=frozenset(reading.off),
    )
