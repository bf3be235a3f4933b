"""The map of host countries: a mark on each with the number of its meetings, its name where there is room."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from markupsafe import Markup

from newsletter.pictures.letters import length_of
from newsletter.pictures.svg import ACCENT, INK, LAND, PAPER, WIDTH, drawing, element, text
from newsletter.pictures.world import the_world

_LETTERS: Final = 11.5
_ROUNDS: Final = 200
_GAP: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A country, by ISO 3166-1 code, and how many meetings it hosted."""

    code: str
    name: str
    meetings: int


@dataclass(slots=True)
class _Mark:
    """A host's mark: where its country is, where the mark stands, and how large it is."""

    host: Host
    home: tuple[float, float]
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class _Box:
    """A piece of the map that something stands on."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def map_height() -> int:
    """Return how high the map is, in whole units of its width."""
    return math.ceil(the_world().height * WIDTH / the_world().width)


def draw_map(hosts: Sequence[Host], *, language: str) -> Markup:
    """Return the map as SVG. Equal hosts and language give equal bytes; who has no place is left out."""
    world, height = the_world(), map_height()
    scale = f"scale({WIDTH / world.width:.4f})"
    marks = _apart(_marks(hosts))
    return drawing(
        element("rect", class_="p-paper", width=WIDTH, height=height, fill=PAPER),
        element("path", class_="p-land", d=world.land, transform=scale, fill=LAND, fill_rule="evenodd"),
        *(line for mark in marks for line in _leader(mark)),
        *(shape for mark in marks for shape in _circle(mark)),
        *_names(marks, height=height),
        height=height,
        language=language,
    )


def _marks(hosts: Sequence[Host]) -> list[_Mark]:
    world = the_world()
    by = WIDTH / world.width
    marks = []
    for host in sorted(hosts, key=lambda one: (-one.meetings, one.code)):
        if place := world.places.get(host.code):
            x, y = place[0] * by, place[1] * by
            marks.append(_Mark(host, (x, y), x, y, min(7 + 1.6 * math.sqrt(host.meetings - 1), 13)))
    return marks


def _apart(marks: list[_Mark]) -> list[_Mark]:
    """Move marks that lie on each other apart, the small one of two more than the large one."""
    for _ in range(_ROUNDS):
        is_still = True
        for one, other in combinations(marks, 2):
            dx, dy = other.x - one.x, other.y - one.y
            away = math.hypot(dx, dy)
            short = one.radius + other.radius + _GAP - away
            if short <= 0.01:
                continue
            is_still = False
            if not away:
                dx, dy, away = 1.0, 0.0, 1.0
            share = other.radius / (one.radius + other.radius)
            one.x, one.y = one.x - dx / away * short * share, one.y - dy / away * short * share
            back = 1 - share
            other.x, other.y = other.x + dx / away * short * back, other.y + dy / away * short * back
        if is_still:
            break
    return marks


def _leader(mark: _Mark) -> Iterator[str]:
    """Draw a line home for a mark that had to stand elsewhere."""
    if math.hypot(mark.x - mark.home[0], mark.y - mark.home[1]) > 3:
        (x, y), line = mark.home, {"stroke": ACCENT, "stroke_width": "0.8"}
        yield element("line", class_="p-line", x1=x, y1=y, x2=mark.x, y2=mark.y, **line)
        yield element("circle", class_="p-mark", cx=x, cy=y, r=1.2, fill=ACCENT)


def _circle(mark: _Mark) -> Iterator[str]:
    edge = {"stroke": PAPER, "stroke_width": "1"}
    yield element("circle", class_="p-mark", cx=mark.x, cy=mark.y, r=mark.radius, fill=ACCENT, **edge)
    yield text(
        str(mark.host.meetings),
        x=mark.x,
        y=mark.y + 3.6,
        size=10,
        anchor="middle",
        class_="p-on-mark",
        fill=PAPER,
        font_weight="600",
    )


def _names(marks: Sequence[_Mark], *, height: float) -> Iterator[str]:
    """Write each name beside its mark where it meets nothing; the others are told beside the map."""
    taken = [_Box(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in marks]
    frame = _Box(1, 1, WIDTH - 1, height - 1)
    for mark in marks:
        long = length_of(mark.host.name, size=_LETTERS)
        for x, y, anchor in _spots(mark):
            left = {"start": x, "middle": x - long / 2, "end": x - long}[anchor]
            box = _Box(left, y - _LETTERS * 0.8, left + long, y + _LETTERS * 0.25)
            is_inside = box.left > frame.left and box.right < frame.right and box.bottom < frame.bottom
            if is_inside and box.top > frame.top and not any(box.meets(other) for other in taken):
                taken.append(box)
                halo = {"stroke": PAPER, "stroke_width": "2.5", "paint_order": "stroke"}
                yield text(
                    mark.host.name, x=x, y=y, size=_LETTERS, anchor=anchor, fill=INK, class_="p-name", **halo
                )
                break


def _spots(mark: _Mark) -> Iterator[tuple[float, float, str]]:
    """Yield where a name may stand, and by which end: first beside its mark, then above and below."""
    gap = mark.radius + 2.5
    yield mark.x + gap, mark.y + 4, "start"
    yield mark.x - gap, mark.y + 4, "end"
    yield mark.x, mark.y + gap + 8, "middle"
    yield mark.x, mark.y - gap - 1, "middle"
    for drop in (-8, 14):
        yield mark.x + gap - 3, mark.y + drop, "start"
        yield mark.x - gap + 3, mark.y + drop, "end"
