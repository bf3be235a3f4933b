"""The tree of an issue as the templates see it.

Blocks with their words in both forms, in the order of reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from newsletter.highlights import (
    Entry,
    FeedNode,
    Figure,
    Heading,
    Highlights,
    MeetingNode,
    Node,
    Paragraph,
    Section,
    Told,
)
from newsletter.markup import marked
from templates.dates import DateTile


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing on the page. kind says which: prose, heading, meeting, entry, item, figures or feed.

    html and text say the same; addresses are those of its links. level is that of a heading, 3 for names.
    """

    kind: str
    html: str = ""
    text: str = ""
    addresses: tuple[str, ...] = ()
    name: str = ""
    label: str = ""
    type: str = ""
    address: str = ""
    notice: str = ""
    tile: DateTile | None = None
    figures: tuple[Figure, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section as it is shown."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole issue as it is shown. left_out is the number of meetings that only the web edition tells of."""

    title: str
    year: int
    language: str
    address: str
    preheader: str
    parts: tuple[Part, ...]
    notes: tuple[Block, ...]
    left_out: int


def view_of(tree: Highlights) -> View:
    """Return what the templates need of an issue."""
    return View(
        title=tree.title,
        year=tree.year,
        language=tree.language,
        address=tree.address,
        preheader=marked(tree.preheader).text,
        parts=tuple(
            Part(key=section.key, heading=section.heading, blocks=tuple(_blocks(section)))
            for section in tree.shown_sections()
        ),
        notes=tuple(_told("note", note) for note in tree.notes if note.said.strip()),
        left_out=tree.left_out,
    )


def _blocks(section: Section) -> Iterator[Block]:
    if section.intro.said.strip():
        yield _told("prose", section.intro, in_blocks=True)
    for is_figure, nodes in groupby(section.shown, key=lambda node: isinstance(node, Figure)):
        if is_figure:
            yield Block(kind="figures", figures=tuple(node for node in nodes if isinstance(node, Figure)))
        else:
            yield from map(_block, nodes)


def _block(node: Node) -> Block:
    match node:
        case Heading():
            return Block(
                kind="heading", name=node.text, label=node.label, type=node.type, address=node.address
            )
        case FeedNode():
            return Block(kind="feed", name=node.name, address=node.address, addresses=(node.address,))
        case MeetingNode():
            return _told("meeting", node, tile=node.tile, type=node.type, notice=node.notice)
        case Entry():
            return _told("entry", node, name=node.label, type=node.type)
        case Paragraph():
            return _told("prose", node, in_blocks=True)
        case Told():
            return _told("item", node)
        case _:
            raise TypeError(f"not a node that is shown by itself: {node!r}")


def _told(
    kind: str,
    node: Told,
    *,
    in_blocks: bool = False,
    tile: DateTile | None = None,
    type: str = "",  # noqa: A002 - the word of the record
    name: str = "",
    notice: str = "",
) -> Block:
    words = marked(node, in_blocks=in_blocks)
    return Block(
        kind=kind,
        html=words.html,
        text=words.text,
        addresses=words.addresses,
        tile=tile,
        type=type,
        name=name,
        notice=notice,
    )
