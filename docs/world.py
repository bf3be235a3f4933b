"""Make `newsletter/pictures/world.json` of the package world-atlas (Natural Earth, public domain).

    python -m docs.world FOLDER

FOLDER holds `land-110m.json`, `countries-50m.json` and `countries-10m.json` of world-atlas 2.0.2. What comes
out is small on purpose: coasts alone, since the map shows no boundaries, and one place for each State and
territory of ISO 3166-1, on which its mark stands. The projection is Equal Earth (Šavrič, Patterson and Jenny,
2018), so that no continent looks larger than it is.
"""

import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from babel.core import get_global

WIDTH: Final = 1000.0
_SOUTH, _NORTH = -56.0, 80.0
_COARSE: Final = 0.45
"""How far (in units of the map) a point may stand from the line that leaves it out."""

_SMALLEST: Final = 1.2
"""Area (in square units) below which an island is not drawn."""

# Natural Earth draws these as parts of States, or with no code of their own.
_OTHERS: Final = {
    "BQ": (-68.3, 12.2), "CC": (96.8, -12.2), "CX": (105.6, -10.5), "GF": (-53.1, 4.0), "GP": (-61.6, 16.2),
    "MQ": (-61.0, 14.6), "RE": (55.5, -21.1), "SJ": (16.0, 78.5), "TK": (-171.8, -9.2), "XK": (20.9, 42.6),
    "YT": (45.1, -12.8),
}  # fmt: skip

Point = tuple[float, float]
Ring = list[Point]

_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)
_M: Final = math.sqrt(3) / 2
_WIDEST: Final = 2 * math.pi / (_M * _A[0] * 2)


def projected(longitude: float, latitude: float) -> Point:
    """Return the place of degrees on the map: units from its upper left corner."""
    t = math.asin(_M * math.sin(math.radians(latitude)))
    slope = _A[0] + 3 * _A[1] * t**2 + t**6 * (7 * _A[2] + 9 * _A[3] * t**2)
    x = math.radians(longitude) * math.cos(t) / (_M * slope)
    scale = WIDTH / (2 * _WIDEST)
    return (x + _WIDEST) * scale, (_height(_NORTH) - _height(latitude)) * scale


def _height(latitude: float) -> float:
    t = math.asin(_M * math.sin(math.radians(latitude)))
    return t * (_A[0] + _A[1] * t**2 + t**6 * (_A[2] + _A[3] * t**2))


def _shapes(file: Path, name: str) -> Iterator[tuple[str, list[list[Ring]]]]:
    """Yield the numeric code and polygons of each shape of a TopoJSON file; a first ring is the coast."""
    kept = json.loads(file.read_text())
    (sx, sy), (tx, ty) = kept["transform"]["scale"], kept["transform"]["translate"]
    lines: list[Ring] = []
    for arc in kept["arcs"]:
        x = y = 0
        line: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        lines.append(line)
    for shape in kept["objects"][name]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        yield str(shape.get("id")), [[_ring(ring, lines) for ring in polygon] for polygon in polygons]


def _ring(numbers: list[int], lines: list[Ring]) -> Ring:
    points: Ring = []
    for number in numbers:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line[1:] if points else line
    return points


def _whole(ring: Ring) -> Iterator[Ring]:
    """Yield the parts of a ring on each side of the 180th meridian, which world-atlas lets it cross."""
    unrolled = ring[:1]
    for x, y in ring[1:]:
        before = unrolled[-1][0]
        unrolled.append((x + 360 * round((before - x) / 360), y))
    for shift in (-360, 0, 360):
        moved = [(x + shift, y) for x, y in unrolled]
        if min(x for x, _ in moved) < 180 and max(x for x, _ in moved) > -180:
            kept = [(max(min(x, 180.0), -180.0), y) for x, y in moved]
            neighbours = zip(kept[-1:] + kept[:-1], kept, kept[1:] + kept[:1], strict=True)
            yield [
                at
                for before, at, after in neighbours
                if not before[0] == at[0] == after[0] in {180.0, -180.0}
            ]


def _area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def _simpler(line: Ring) -> Ring:
    """Return a line with fewer points (Douglas and Peucker, 1973)."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    long = math.hypot(bx - ax, by - ay)

    def away(point: Point) -> float:
        if not long:
            return math.hypot(point[0] - ax, point[1] - ay)
        return abs((by - ay) * (point[0] - ax) - (bx - ax) * (point[1] - ay)) / long

    distance, place = max((away(point), place) for place, point in enumerate(line))
    if distance <= _COARSE:
        return [line[0], line[-1]]
    return _simpler(line[: place + 1])[:-1] + _simpler(line[place:])


def _path(ring: Ring) -> str:
    """Return a ring as SVG path data in tenths, each point told by how far it is from the one before."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(tenths)]
    said = "".join(f"{dx}{dy:+d}" if not place else f"{dx:+d}{dy:+d}" for place, (dx, dy) in enumerate(steps))
    return f"M{tenths[0][0]} {tenths[0][1]}l{said.replace('+', ' ').strip()}z"


def _middle(polygons: list[list[Ring]]) -> Point:
    """Return the point of the largest polygon that is farthest from its coast, in degrees."""
    coast = max((part for polygon in polygons for part in _whole(polygon[0])), key=_area)
    west, east = min(x for x, _ in coast), max(x for x, _ in coast)
    south, north = min(y for _, y in coast), max(y for _, y in coast)
    steps = 40
    grid = [
        (west + (east - west) * (i + 0.5) / steps, south + (north - south) * (j + 0.5) / steps)
        for i in range(steps)
        for j in range(steps)
    ]
    inside = [point for point in grid if _holds(coast, point)] or [coast[0]]
    narrow = math.cos(math.radians((south + north) / 2))

    def room(point: Point) -> float:
        return min(math.hypot((x - point[0]) * narrow, y - point[1]) for x, y in coast)

    return max(inside, key=room)


def _holds(ring: Ring, point: Point) -> bool:
    x, y = point
    crossed = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossed = not crossed
    return crossed


def _land(folder: Path) -> str:
    paths = []
    for _, polygons in _shapes(folder / "land-110m.json", "land"):
        for polygon in polygons:
            for ring in polygon:
                if max(y for _, y in ring) < _SOUTH:
                    continue
                for part in _whole(ring):
                    drawn = [projected(x, y) for x, y in part]
                    if _area(drawn) >= _SMALLEST:
                        half = len(drawn) // 2
                        paths.append(_path((_simpler(drawn[: half + 1])[:-1] + _simpler(drawn[half:]))[:-1]))
    return "".join(paths)


def _places(folder: Path) -> dict[str, list[int]]:
    """Return the place of each State and territory by its code of two letters, in tenths."""
    by_number = {number: codes[0] for number, codes in get_global("territory_aliases").items()}
    found = {code: [round(value * 10) for value in projected(*at)] for code, at in _OTHERS.items()}
    for scale in ("50m", "10m"):
        for number, polygons in _shapes(folder / f"countries-{scale}.json", "countries"):
            code = by_number.get(number, "")
            if len(code) == 2 and code not in found and code != "AQ":
                found[code] = [round(value * 10) for value in projected(*_middle(polygons))]
    return dict(sorted(found.items()))


def main(folder: Path) -> None:
    """Write the file."""
    _, low = projected(0, _SOUTH)
    world: dict[str, Any] = {
        "width": round(WIDTH * 10),
        "height": round(low * 10),
        "land": _land(folder),
        "places": _places(folder),
    }
    target = Path(__file__).parents[1] / "newsletter" / "pictures" / "world.json"
    target.write_text(json.dumps(world, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
