"""What an issue says otherwise than the record would now, node by node."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.highlights import Figure, Heading, Highlights, MeetingNode, Told
from newsletter.preflight.finding import Outdated


@dataclass(frozen=True, slots=True)
class _Statement:
    """What the record says in a node, where its links lead, and what an editor wrote over it."""

    text: str
    addresses: tuple[str, ...] = ()
    edited: str | None = None
    is_heading: bool = False


def outdated_nodes(issue: Highlights, record: Highlights) -> tuple[Outdated, ...]:
    """Compare an issue with the one the record would give now; what is switched off or left out is no matter.

    A heading that comes or goes does so with what stands under it, and is not named by itself.
    """
    kept, fresh = dict(_statements(issue)), dict(_statements(record))
    found = (_compared(key, kept.get(key), fresh.get(key)) for key in kept | fresh)
    return tuple(one for one in found if one is not None)


def _compared(key: str, kept: _Statement | None, fresh: _Statement | None) -> Outdated | None:
    if kept is None or fresh is None:
        one = kept or fresh
        if one is None or one.is_heading or not one.text or one.edited == "":
            return None
        return Outdated(key, kept.text if kept else None, fresh.text if fresh else None)
    if kept.edited == "" or (kept.text, kept.addresses) == (fresh.text, fresh.addresses):
        return None
    if kept.text != fresh.text:
        return Outdated(key, kept.text, fresh.text, edited=kept.edited)
    return Outdated(key, _with_addresses(kept), _with_addresses(fresh), edited=kept.edited)


def _with_addresses(one: _Statement) -> str:
    return f"{one.text} [{', '.join(one.addresses) or 'no link'}]"


def _statements(tree: Highlights) -> Iterator[tuple[str, _Statement]]:
    yield tree.subject.key, _of_told(tree.subject)
    yield tree.preheader.key, _of_told(tree.preheader)
    for section in tree.sections:
        for node in section.nodes if section.is_on else ():
            match node:
                case Told():
                    yield node.key, _of_told(node)
                case Figure():
                    yield node.key, _Statement(f"{node.value} {node.label}")
                case Heading():
                    said = f"{node.text}, {node.label}" if node.label else node.text
                    yield node.key, _Statement(said, is_heading=True)
    for note in tree.notes:
        yield note.key, _of_told(note)


def _of_told(node: Told) -> _Statement:
    notice = f"{node.notice}: " if isinstance(node, MeetingNode) and node.notice else ""
    return _Statement(f"{notice}{node.text}", tuple(link.address for link in node.links), node.edited)
