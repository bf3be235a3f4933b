"""Keep a letter below the size at which mail programs cut it off.

What is left out stands in the web edition.
"""

from dataclasses import replace
from typing import Final

from newsletter.highlights import Highlights, MeetingNode
from newsletter.rendering import Imprint, Letter, render_letter

LARGEST: Final = 102_400
"""Bytes of the HTML part above which Gmail shows only the beginning of a letter."""

ROOM: Final = 100_000
"""Bytes that a letter is cut down to, so that the web edition's link always stands inside."""


def fitted_letter(tree: Highlights, imprint: Imprint, *, room: int = ROOM) -> Letter:
    """Return the letter with as many meetings as it has room for (bytes of HTML), the weightiest first.

    What an editor wrote is never left out. The web page always has everything. When even the letter without
    such meetings is too large, it is returned as it is: the preflight blocks it.
    """
    whole = render_letter(tree, imprint)
    if len(whole.html.encode()) <= room:
        return whole
    order = _lightest_first(tree)
    fewest, most = 0, len(order)
    while fewest < most:
        middle = (fewest + most) // 2
        letter = render_letter(_without(tree, order[:middle]), imprint, full=tree)
        if len(letter.html.encode()) <= room:
            most = middle
        else:
            fewest = middle + 1
    return render_letter(_without(tree, order[:fewest]), imprint, full=tree)


def _lightest_first(tree: Highlights) -> list[str]:
    """Return the keys of the meetings that may be left out.

    Light kinds first, of one kind the latest first.
    """
    free = [
        node
        for section in tree.shown_sections()
        if section.key == "mechanisms"
        for node in section.shown
        if isinstance(node, MeetingNode) and node.edited is None
    ]
    return [
        node.key
        for node in sorted(free, key=lambda node: (node.weight, node.tile.datetime, node.key), reverse=True)
    ]


def _without(tree: Highlights, keys: list[str]) -> Highlights:
    dropped = frozenset(keys)
    sections = tuple(
        replace(
            section,
            nodes=tuple(
                node for node in section.nodes if not (isinstance(node, MeetingNode) and node.key in dropped)
            ),
        )
        for section in tree.sections
    )
    return replace(tree, sections=sections, left_out=len(dropped))
