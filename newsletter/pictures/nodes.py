"""What a picture of the tree shows, drawn: the one way from a node to its SVG."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup

from newsletter.highlights import PictureNode, SpanMark
from newsletter.pictures.map import Host, draw_map, map_height
from newsletter.pictures.svg import WIDTH
from newsletter.pictures.timeline import Row, Span, draw_timeline, timeline_height
from templates.languages import direction
from templates.words import word

_TYPES = ("rcp", "irf", "global")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is shown, a picture of it as SVG, its size in pixels of CSS, its name in a letter (RFC 2392)."""

    shows: str
    svg: Markup
    width: int
    height: int
    cid: str


@lru_cache(maxsize=32)
def drawn(node: PictureNode, *, language: str) -> Drawn:
    """Return the picture of a node: equal nodes and language give equal bytes."""
    if node.shows == "map":
        hosts = [Host(code=one.code, name=one.name, meetings=one.meetings) for one in node.hosts]
        svg, height = draw_map(hosts, language=language), map_height()
    else:
        rows = _rows(node.spans, language=language)
        is_rtl = direction(language) == "rtl"
        svg = draw_timeline(rows, year=node.year, language=language, is_rtl=is_rtl)
        height = timeline_height(rows, year=node.year)
    return Drawn(node.shows, svg, WIDTH, height, cid_of(node.shows, svg))


def cid_of(shows: str, svg: str) -> str:
    """Return the name of a picture inside a letter: equal pictures have equal names."""
    return f"{shows}.{hashlib.sha256(svg.encode()).hexdigest()[:16]}@iscm-highlights"


def _rows(spans: tuple[SpanMark, ...], *, language: str) -> tuple[Row, ...]:
    """Return a row for each type of which something met."""
    return tuple(
        Row(
            type=type_,
            name=word("types", type_, language=language),
            spans=tuple(
                Span(
                    type=type_,
                    first=date.fromisoformat(one.first),
                    last=date.fromisoformat(one.last),
                    has_days=one.has_days,
                )
                for one in spans
                if one.type == type_
            ),
        )
        for type_ in _TYPES
        if any(one.type == type_ for one in spans)
    )
