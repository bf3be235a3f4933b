"""An issue as one readable file: sections in their order, each text under the key of its node.

The file is UTF-8. A line that begins with # explains and is not read. `== key ==` begins a section, and
`== key == off` one that is switched off. `@ key` begins a text in the language of the file, `@ key fr` one in
another; it ends where the next such line begins. A backslash in front of #, @ or = keeps such a letter at the
beginning of a text's line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from models.refusal import Refusal
from newsletter.highlights import Heading, Highlights, Section, Told
from newsletter.options import Layout
from templates.languages import ENGLISH
from templates.text import clean_text

AS_COMPILED: Final = "(as compiled)"

_GUIDE: Final = f"""\
# Change a text under its line @, move whole sections, or switch one off ("== NAME == off").
# An emptied text leaves its item out. {AS_COMPILED} brings back what the record says.
# Texts may have *emphasis*, **strength** and [links](https://example.org); a section's own also paragraphs
# and lists.
# To say a text in another language write it under a line of its own, such as "@ KEY fr"; where a text has
# none, other editions say what the record says in their language, or else the English one.
# A text marked STALE was written before the record changed: change it, or keep it as it is with
# iscm newsletter edit {{code}} --still-good KEY (and --language fr for a text in French).
# layout is "alphabetical" or "by-type".
# Lines that begin with # are not read. Keep the lines @ and the first lines as they are.
# Take the file back with: iscm newsletter edit {{code}} --from FILE
"""
_HEAD: Final = re.compile(r"(issue|revision|language|layout|(?:subject|preheader)(?: +[a-z]{2})?):\s*(.*)")
_SECTION: Final = re.compile(r"==\s*([a-z_]+)\s*==\s*(on|off)?")
_TEXT: Final = re.compile(r"@\s*(\S+)(?:\s+([a-z]{2}))?")
_LINES: Final = ("subject", "preheader")
_LAYOUTS: Final = {layout.word: layout for layout in Layout}


class UnreadableFile(Refusal):
    """The file cannot be taken; the sentence begins with the line and says why."""


@dataclass(frozen=True, slots=True)
class EditedFile:
    """What a file says.

    The issue and revision it was printed from, texts by language and key, and sections in their order.
    """

    issue: str
    revision: int
    texts: Mapping[tuple[str, str], str]
    layout: Layout | None
    order: tuple[str, ...]
    off: frozenset[str]


def written_file(
    trees: Mapping[str, Highlights], *, revision: int, layout: Layout, language: str = ENGLISH
) -> str:
    """Return an issue as a file of one language, with what editors wrote in others.

    Reading it back unchanged changes nothing.
    """
    tree = trees[language]
    lines = [f"# {tree.title}, issue {tree.code}", _GUIDE.format(code=tree.code).rstrip(), ""]
    lines += [f"issue: {tree.code}", f"revision: {revision}", f"language: {language}"]
    lines += [f"layout: {layout.word}"]
    for name in _LINES:
        lines += [
            f"{name}{'' if other == language else f' {other}'}: {_one_line(_line_node(trees[other], name))}"
            for other in (language, *(other for other in trees if other != language))
        ]
    others = _others(trees, language)
    for section in tree.sections:
        lines += ["", "", f"== {section.key} =={'' if section.is_on else ' off'}", f"# {section.heading}"]
        lines += _section_lines(section, others)
    if tree.notes:
        lines += ["", "", "# Notes that names require: " + " ".join(note.text for note in tree.notes)]
    return "\n".join(lines) + "\n"


def _line_node(tree: Highlights, name: str) -> Told:
    return tree.subject if name == "subject" else tree.preheader


def _others(trees: Mapping[str, Highlights], language: str) -> dict[str, dict[str, Told]]:
    """Return the nodes of the editions in other languages, by language and key."""
    return {
        other: {node.key: node for node in tree.told()} for other, tree in trees.items() if other != language
    }


def _section_lines(section: Section, others: Mapping[str, Mapping[str, Told]]) -> Iterator[str]:
    yield from _text_lines(section.intro, others)
    for node in section.nodes:
        if isinstance(node, Heading):
            yield from ("", f"# --- {node.text}")
        elif isinstance(node, Told):
            yield from _text_lines(node, others)


def _text_lines(node: Told, others: Mapping[str, Mapping[str, Told]]) -> Iterator[str]:
    yield ""
    english = others.get(ENGLISH, {}).get(node.key)
    if english is not None and english.said.strip():
        yield f"# English: {_one_line(english)}"
    yield from _lines_of(node, f"@ {node.key}")
    for language, nodes in others.items():
        other = nodes.get(node.key)
        if other is not None and _is_printed(other, beside=node):
            yield ""
            yield from _lines_of(other, f"@ {node.key} {language}")


def _is_printed(other: Told, *, beside: Told) -> bool:
    """Say whether a text stands in the file of another language: where an editor wrote it, or should."""
    if other.edited is None:
        return not other.text and bool(beside.said.strip()) and beside.edited is not None
    return bool(other.edited.strip()) or bool(beside.said.strip())


def _lines_of(node: Told, opening: str) -> Iterator[str]:
    if node.is_stale:
        yield "# STALE: the record has changed since this text was written."
    if node.edited is not None and node.text:
        yield f"# The record says: {node.text}"
    if node.edited_in:
        yield "# Not written yet: readers of this language get the English text, marked as English."
    yield opening
    for line in () if node.edited_in else node.said.splitlines():
        yield re.sub(r"^(\s*)([#@]|==)", r"\1\\\2", line)


def _one_line(node: Told) -> str:
    return " ".join(line.strip() for line in node.said.splitlines())


@dataclass
class _Reading:
    """What has been read so far, and the line it stands on."""

    trees: Mapping[str, Highlights]
    head: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    off: set[str] = field(default_factory=set)
    texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    section: str | None = None
    key: tuple[str, str] | None = None
    number: int = 0

    @property
    def language(self) -> str:
        """The language of the file."""
        return self.head.get("language", ENGLISH)

    @property
    def tree(self) -> Highlights:
        """The edition the file is printed from."""
        return self.trees[self.language]

    def refuse(self, why: str) -> UnreadableFile:
        return UnreadableFile(f"Line {self.number}: {why} Nothing was changed.")


def read_file(content: str, trees: Mapping[str, Highlights]) -> EditedFile:
    """Read a file that was printed from an issue. trees are its editions as they are now.

    Raises UnreadableFile for an empty file, and with the line and the reason for a line out of place, a key
    that is unknown, twice or in another section, and a section or text that is missing.
    """
    reading = _Reading(trees)
    places = {
        node.key: section.key
        for tree in trees.values()
        for section in tree.sections
        for node in _tellers(section)
    }
    lines = clean_text(content).splitlines()
    if not any(line.strip() for line in lines):
        code = trees[ENGLISH].code
        raise UnreadableFile(
            f"The file is empty. Print the issue with: iscm newsletter edit {code}. Nothing was changed."
        )
    for number, line in enumerate(lines, start=1):
        reading.number = number
        if not line.startswith("#"):
            _read_line(reading, line.rstrip(), places)
    return _finished(reading)


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
    name, value = " ".join(found[1].split()), found[2].strip()
    if name == "language":
        _require_language(reading, value)
    if name == "layout" and value not in _LAYOUTS:
        raise reading.refuse(f"“{value}” is no layout; there are {' and '.join(_LAYOUTS)}.")
    if name.startswith(_LINES) and " " in name:
        _require_language(reading, name.rpartition(" ")[2])
    reading.head[name] = value


def _require_language(reading: _Reading, language: str) -> None:
    if language not in reading.trees:
        raise reading.refuse(f"This issue has no edition in “{language}”; it has {', '.join(reading.trees)}.")


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
    key, language = found[1], found[2] or reading.language
    _require_language(reading, language)
    if places[key] != reading.section:
        raise reading.refuse(
            f"“{key}” belongs to the section {places[key]}; texts cannot move to another one."
        )
    reading.key = (language, key)
    if reading.key in reading.texts:
        raise reading.refuse(f"“{line.removeprefix('@').strip()}” stands twice.")
    reading.texts[reading.key] = []


def _finished(reading: _Reading) -> EditedFile:
    for name in ("issue", "revision", *_LINES):
        if name not in reading.head:
            raise reading.refuse(f"The line “{name}: ...” is missing at the top of the file.")
    if not reading.head["revision"].isdigit():
        raise reading.refuse("The line “revision: ...” at the top must hold the number that was printed.")
    for section in reading.tree.sections:
        if section.key not in reading.order:
            raise reading.refuse(
                f"The section {section.key} is missing; to leave it out write “== {section.key} == off”."
            )
    for text in _printed(reading):
        if text not in reading.texts:
            named = text[1] if text[0] == reading.language else f"{text[1]} {text[0]}"
            raise reading.refuse(
                f"The text “@ {named}” is missing; to leave it out keep that line and empty the text."
            )
    texts = {text: "\n".join(lines).strip() for text, lines in reading.texts.items()}
    layout = reading.head.get("layout")
    return EditedFile(
        issue=reading.head["issue"],
        revision=int(reading.head["revision"]),
        texts=texts | dict(_head_texts(reading)),
        layout=_LAYOUTS[layout] if layout else None,
        order=tuple(reading.order),
        off=frozenset(reading.off),
    )


def _printed(reading: _Reading) -> Iterator[tuple[str, str]]:
    """Yield language and key of every text that stands in the file as it was printed."""
    others = _others(reading.trees, reading.language)
    for section in reading.tree.sections:
        for node in _tellers(section):
            yield reading.language, node.key
            for language, nodes in others.items():
                other = nodes.get(node.key)
                if other is not None and _is_printed(other, beside=node):
                    yield language, node.key


def _head_texts(reading: _Reading) -> Iterator[tuple[tuple[str, str], str]]:
    for name, value in reading.head.items():
        line, _, language = name.partition(" ")
        if line in _LINES:
            yield (language or reading.language, f"issue/{line}"), value
