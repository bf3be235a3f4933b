"""The tree of an issue as the templates see it.

Blocks with their words in both forms, in the order of reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from markupsafe import Markup

from newsletter.highlights import (
    Entry,
    FeedNode,
    Figure,
    Heading,
    Highlights,
    MeetingNode,
    Node,
    Paragraph,
    PictureNode,
    Section,
    Told,
)
from newsletter.markup import marked, words_of
from newsletter.pictures.code import drawn_code
from newsletter.pictures.nodes import Drawn, drawn
from templates.dates import DateTile


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with what stands beside it: its title, what is read in its place, its note, and a table."""

    drawn: Drawn
    shows: str
    title: str
    alt: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


_LEVEL_OF_NAMES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing on the page. kind says which: prose, heading, meeting, entry, item, figures, picture or feed.

    html and text say the same; addresses are those of its links. level is that of a heading, 3 for names.
    name is in both forms too. code is that of its address, for telephones, and alt what is read in its place.
    language is that of all its words where it is not the edition's.
    """

    kind: str
    html: str = ""
    text: str = ""
    addresses: tuple[str, ...] = ()
    name: Markup = field(default_factory=Markup)
    name_text: str = ""
    language: str = ""
    level: int = 3
    label: str = ""
    type: str = ""
    address: str = ""
    notice: str = ""
    tile: DateTile | None = None
    code: Drawn | None = None
    alt: str = ""
    figures: tuple[Figure, ...] = field(default_factory=tuple)
    picture: Picture | None = None


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
        preheader=marked(tree.preheader, language=tree.language).text,
        parts=tuple(
            Part(key=section.key, heading=section.heading, blocks=tuple(_blocks(section, tree.language)))
            for section in tree.shown_sections()
        ),
        notes=tuple(_told("note", note, tree.language) for note in tree.notes if note.said.strip()),
        left_out=tree.left_out,
    )


def _blocks(section: Section, language: str) -> Iterator[Block]:
    if section.intro.said.strip():
        yield _told("prose", section.intro, language, in_blocks=True)
    for is_figure, nodes in groupby(section.shown, key=lambda node: isinstance(node, Figure)):
        if is_figure:
            yield Block(kind="figures", figures=tuple(node for node in nodes if isinstance(node, Figure)))
        else:
            yield from (_block(node, language) for node in nodes)


def _block(node: Node, language: str) -> Block:
    match node:
        case Heading():
            return _heading(node, language)
        case FeedNode():
            return _feed(node, language)
        case Told():
            return _told_block(node, language)
        case _:
            raise TypeError(f"not a node that is shown by itself: {node!r}")


def _told_block(node: Told, language: str) -> Block:
    match node:
        case MeetingNode():
            told = _told("meeting", node, language)
            return replace(told, tile=node.tile, type=node.type, notice=node.notice)
        case PictureNode():
            told = _told("picture", node, language)
            return replace(told, picture=_picture(node, language))
        case Entry():
            label = words_of(node.label, language=language)
            told = _told("entry", node, language)
            return replace(told, name=label.html, name_text=label.text, type=node.type)
        case Paragraph():
            return _told("prose", node, language, in_blocks=True)
        case _:
            return _told("item", node, language)


def _feed(node: FeedNode, language: str) -> Block:
    name = words_of(node.name, language=language)
    return Block(
        kind="feed",
        name=name.html,
        name_text=name.text,
        address=node.address,
        addresses=(node.address,),
        code=drawn_code(node.address) if node.alt else None,
        alt=node.alt,
    )


def _picture(node: PictureNode, language: str) -> Picture:
    return Picture(
        drawn=drawn(node, language=language),
        shows=node.shows,
        title=node.title,
        alt=node.alt,
        note=node.note,
        columns=node.columns,
        rows=node.rows,
    )


def _heading(node: Heading, language: str) -> Block:
    name = words_of(node.text, language=language)
    return Block(
        kind="heading",
        name=name.html,
        name_text=name.text,
        # Below a heading that names the type, each mechanism need not name it again.
        label=node.label if node.level == _LEVEL_OF_NAMES else "",
        type=node.type,
        address=node.address,
        level=node.level,
        language=node.language,
    )


def _told(kind: str, node: Told, language: str, *, in_blocks: bool = False) -> Block:
    words = marked(node, in_blocks=in_blocks, language=language)
    return Block(
        kind=kind, html=words.html, text=words.text, addresses=words.addresses, language=node.edited_in
    )
