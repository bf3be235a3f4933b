"""An issue of Highlights as a typed tree of nodes: what it says, before it has a form.

The same tree gives the letter's HTML, its text part and the page of the archive. A node that says something
has a stable key (a meeting's UID and the role it is told in), so that an editor's text stays with it when
the issue is compiled again. All of it turns into JSON and back.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias, TypeVar

from templates.dates import DateTile
from templates.languages import ENGLISH

SECTIONS: Final = (
    "foreword",
    "figures",
    "mechanisms",
    "global_meeting",
    "themes",
    "documents",
    "ahead",
    "chairs",
    "subscribe",
)
"""Keys of the sections in their default order."""

REQUIRED_SECTIONS: Final = frozenset({"mechanisms"})
"""Sections without which an issue is not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that belongs to words of a text; where an editor took the words out, it goes with them."""

    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """Words of a text in another language than its edition's; where an editor took them out, this goes."""

    words: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorsText:
    """What an editor wrote on a node, and the hash of what the node said when it was written."""

    text: str
    source_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A node that says something.

    text is what the record says (plain), edited what an editor says (Markdown). An edited text that is empty
    leaves the node out; edited_in is its language where it stands in for one that is missing in the
    edition's own. A node is stale when its own text changed after the editor wrote over it.
    """

    key: str
    text: str
    links: tuple[Link, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    edited: str | None = None
    edited_in: str = ""
    is_stale: bool = False

    @property
    def said(self) -> str:
        """What the letter says."""
        return self.text if self.edited is None else self.edited

    @property
    def source_hash(self) -> str:
        """The hash of what the record says."""
        return hashlib.sha256(self.text.encode()).hexdigest()


ToldT = TypeVar("ToldT", bound=Told)


class Change(Protocol):
    """A change of one node that keeps its class."""

    def __call__(self, node: ToldT, /) -> ToldT:
        """Return the node, changed or not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(Told):
    """A paragraph. A section's own is empty until an editor writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNode(Told):
    """A sentence about one meeting, or about two that share it.

    dates holds When.as_json() of each meeting by UID, as they were when the issue was compiled. type is that
    of the mechanism (rcp, irf, global). notice is a word on its state, empty for a plain one.
    """

    dates: Mapping[str, Mapping[str, str | None]]
    tile: DateTile
    type: str
    weight: int = 0
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateNode(Told):
    """A news item of the year."""

    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNode(Told):
    """A document of the year."""

    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Told):
    """A line under a name: a mechanism's chair and contact. language is that of a name in another one."""

    label: str
    type: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading inside a section; under a mechanism's name stands its type, in words and in its hue.

    level is that of HTML: 3, or 4 below another one. place is a mechanism's in alphabetical order, from 1.
    language is that of a text in another one than the edition's.
    """

    key: str
    text: str
    type: str = ""
    label: str = ""
    address: str = ""
    level: int = 3
    place: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of the year and what it counts."""

    key: str
    value: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMark:
    """A host country as the map shows it, by ISO 3166-1 code, and how many meetings it hosted."""

    code: str
    name: str
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanMark:
    """A meeting as the timeline shows it: days YYYY-MM-DD, of whole months where has_days is not set."""

    type: str
    first: str
    last: str
    has_days: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureNode(Told):
    """A picture of the year; text says the same in a sentence, columns and rows in a table.

    shows is "map" (of hosts) or "timeline" (of spans). alt stands for it where it cannot be seen; note is
    what always stands under it. Where an editor empties the text, the picture goes too.
    """

    shows: str
    year: int
    title: str
    alt: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    hosts: tuple[HostMark, ...] = ()
    spans: tuple[SpanMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNode:
    """A calendar feed that can be subscribed to. alt stands for the code of its address, empty for none."""

    key: str
    name: str
    address: str
    alt: str = ""


Node: TypeAlias = (
    Paragraph | MeetingNode | UpdateNode | DocumentNode | Entry | Heading | Figure | PictureNode | FeedNode
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section with its heading, the editor's own paragraphs and its nodes."""

    key: str
    heading: str
    intro: Paragraph
    nodes: tuple[Node, ...] = ()
    is_on: bool = True

    @property
    def shown(self) -> tuple[Node, ...]:
        """The nodes that are shown: not those left out, and no heading without anything under it."""
        kept: list[Node] = []
        for node in self.nodes:
            if isinstance(node, Told) and not node.said.strip():
                continue
            if isinstance(node, Heading):
                _drop_bare_headings(kept, node.level)
            kept.append(node)
        _drop_bare_headings(kept, 0)
        return tuple(kept)

    @property
    def is_shown(self) -> bool:
        """Whether it is switched on and has anything to show."""
        return self.is_on and bool(self.intro.said.strip() or self.shown)


def _drop_bare_headings(nodes: list[Node], level: int) -> None:
    """Take headings off the end under which nothing stands before the next heading of this level."""
    while nodes and isinstance(last := nodes[-1], Heading) and last.level >= level:
        nodes.pop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """One edition of an issue. notes stand at its end (a footnote that a name requires).

    left_out counts the meetings that were left to the web edition so that the letter keeps its size.
    """

    code: str
    year: int
    language: str
    title: str
    address: str
    subject: Paragraph
    preheader: Paragraph
    sections: tuple[Section, ...]
    notes: tuple[Paragraph, ...] = ()
    left_out: int = 0

    def told(self) -> Iterator[Told]:
        """Yield every node that says something, in order, whether it is shown or not."""
        yield self.subject
        yield self.preheader
        for section in self.sections:
            yield section.intro
            yield from (node for node in section.nodes if isinstance(node, Told))
        yield from self.notes

    def shown_sections(self) -> tuple[Section, ...]:
        """Return the sections that are shown, in order."""
        return tuple(section for section in self.sections if section.is_shown)

    def shown_meetings(self) -> tuple[MeetingNode, ...]:
        """Return every sentence about meetings that is shown."""
        return tuple(
            node
            for section in self.shown_sections()
            for node in section.shown
            if isinstance(node, MeetingNode)
        )

    def with_texts(
        self, texts: Mapping[str, EditorsText], *, english: Mapping[str, EditorsText] | None = None
    ) -> "Highlights":
        """Return the same issue with editors' texts on their nodes.

        A text equal to the node's own is no edit. english are the texts of the English edition: what only
        they say stands in English, and what they leave out is left out, unless the edition has its own text.
        """

        def edited(node: ToldT) -> ToldT:
            text = texts.get(node.key)
            if text is None and (spare := (english or {}).get(node.key)) is not None:
                return _standing_in(node, spare)
            if text is None or text.text == node.text:
                return replace(node, edited=None, edited_in="", is_stale=False)
            is_stale = text.source_hash is not None and text.source_hash != node.source_hash
            return replace(node, edited=text.text, edited_in="", is_stale=is_stale)

        return self.mapped(edited)

    def mapped(self, change: "Change") -> "Highlights":
        """Return the same issue with every node that says something changed."""
        return replace(
            self,
            subject=change(self.subject),
            preheader=change(self.preheader),
            notes=tuple(change(note) for note in self.notes),
            sections=tuple(
                replace(
                    section,
                    intro=change(section.intro),
                    nodes=tuple(change(node) if isinstance(node, Told) else node for node in section.nodes),
                )
                for section in self.sections
            ),
        )


def _standing_in(node: ToldT, english: EditorsText) -> ToldT:
    """Put an English text on a node of another edition, where it has no words of its own to say."""
    if english.text.strip() and node.text:
        return replace(node, edited=None, edited_in="", is_stale=False)
    edited_in = ENGLISH if english.text.strip() else ""
    return replace(node, edited=english.text, edited_in=edited_in, is_stale=False)
