"""The map of host countries."""

import re
from itertools import combinations
from math import dist

from newsletter.pictures.map import Host, draw_map
from newsletter.pictures.world import the_world
from templates.countries import territory_names

EUROPE = ("AT", "BE", "CH", "CZ", "DE", "FR", "HU", "IT", "NL", "SK")


def hosts_of(*codes: str, language: str = "en") -> list[Host]:
    """A host for each code, with one meeting."""
    names = territory_names(language)
    return [Host(code=code, name=names[code], meetings=1) for code in codes]


def test_world_has_a_place_for_each_state_and_territory() -> None:
    """Whatever country hosts a meeting, the map can show it; only Antarctica and a few isles have none."""
    lacking = set(territory_names("en")) - set(the_world().places)
    assert lacking == {"AQ", "BV"}


def test_map_shows_each_host_with_its_number() -> None:
    """A mark with the number of meetings on each host, with its name; equal hosts give equal bytes."""
    hosts = [Host(code="MA", name="Morocco", meetings=12), Host(code="ZM", name="Zambia", meetings=1)]
    drawn = draw_map(hosts, language="en")
    assert re.findall(r">([^<>]+)</text>", drawn) == ["12", "1", "Morocco", "Zambia"]
    assert draw_map(hosts[::-1], language="en") == drawn


def test_marks_of_neighbours_do_not_lie_on_each_other() -> None:
    """Ten hosts in the middle of Europe have ten marks that can be read, and lines to where they belong."""
    drawn = draw_map(hosts_of(*EUROPE), language="en")
    marks = [
        (float(x), float(y), float(radius))
        for x, y, radius in re.findall(r'class="p-mark" cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', drawn)
        if float(radius) > 2
    ]
    assert len(marks) == len(EUROPE)
    assert all(dist((ax, ay), (bx, by)) > a + b - 1 for (ax, ay, a), (bx, by, b) in combinations(marks, 2))
    assert drawn.count('class="p-line"') > 0


def test_names_of_hosts_are_escaped() -> None:
    """What an editable table calls a country never becomes an element of the picture."""
    drawn = draw_map([Host(code="CI", name="<b>&\"'", meetings=1)], language="en")
    assert "<b>" not in drawn
    assert "&lt;b&gt;&amp;" in drawn
