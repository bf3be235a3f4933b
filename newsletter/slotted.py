"""Bytes with slots in them: split once, filled anew for each reader."""

import re
from collections.abc import Sequence


class Slotted:
    """A template split into constant chunks and slots."""

    __slots__ = ("_pieces", "_places")

    def __init__(self, template: bytes, slots: Sequence[bytes]) -> None:
        """Split a template at its slots, each of which may stand in it often or never."""
        pattern = b"(" + b"|".join(map(re.escape, slots)) + b")"
        self._pieces = re.split(pattern, template) if slots else [template]
        values = {slot: value for value, slot in enumerate(slots)}
        self._places = [(place, values[self._pieces[place]]) for place in range(1, len(self._pieces), 2)]

    @property
    def opening(self) -> bytes:
        """What stands before the first slot."""
        return self._pieces[0]

    def fill(self, values: Sequence[bytes]) -> bytes:
        """Return the bytes with a value in each slot, in the order the slots were given in."""
        return b"".join(self._filled(values))

    def rest(self, values: Sequence[bytes]) -> bytes:
        """Return what follows the opening."""
        return b"".join(self._filled(values)[1:])

    def _filled(self, values: Sequence[bytes]) -> list[bytes]:
        pieces = self._pieces.copy()
        for place, value in self._places:
            pieces[place] = values[value]
        return pieces
