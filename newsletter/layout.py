"""The two orders in which mechanisms stand in a letter: alphabetically, or by type."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from newsletter.highlights import Heading, Node
from newsletter.options import Layout
from templates.words import word

_TYPES: Final = ("rcp", "irf", "global")


def laid_out(nodes: Sequence[Node], layout: Layout, *, language: str) -> tuple[Node, ...]:
    """Return the nodes of the mechanisms' section in the order of a layout, whichever they stand in now.

    By type, each type has a heading of its own, and keeps the alphabetical order below it. Nodes compiled
    before headings knew their place stay as they are until the issue is compiled again.
    """
    groups = sorted(_by_mechanism(nodes), key=lambda group: group[0].place)
    if not groups:
        return tuple(nodes)
    if layout is Layout.ALPHABETICAL:
        return tuple(node for heading, told in groups for node in (_at_level(heading, 3), *told))
    ordered: list[Node] = []
    for type_ in _TYPES:
        own = [group for group in groups if group[0].type == type_]
        if own:
            title = word("types", type_, language=language)
            ordered.append(Heading(key=f"type/{type_}", text=title, type=type_))
        ordered += [node for heading, told in own for node in (_at_level(heading, 4), *told)]
    return tuple(ordered)


def _by_mechanism(nodes: Sequence[Node]) -> list[tuple[Heading, list[Node]]]:
    """Gather what stands under each mechanism's heading; headings of types are made anew."""
    groups: list[tuple[Heading, list[Node]]] = []
    for node in nodes:
        if isinstance(node, Heading):
            groups += [(node, [])] if node.place else []
        elif groups:
            groups[-1][1].append(node)
    return groups


def _at_level(heading: Heading, level: int) -> Heading:
    return replace(heading, level=level)
