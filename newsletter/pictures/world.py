"""The coasts of the world and the places of its States, as the map draws them.

From Natural Earth (public domain), made small by `docs/world.py`. The map shows no boundaries at all: a mark
stands on a country, and nothing says where the country ends.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("world.json")


@dataclass(frozen=True, slots=True)
class World:
    """The world in units of its own: land is path data of SVG, places are x and y by ISO 3166-1 code."""

    width: int
    height: int
    land: str
    places: Mapping[str, tuple[int, int]]


@cache
def the_world() -> World:
    """Return the world, read once in each process."""
    kept = json.loads(_FILE.read_text(encoding="ascii"))
    places = {code: (x, y) for code, (x, y) in kept["places"].items()}
    return World(kept["width"], kept["height"], kept["land"], places)
