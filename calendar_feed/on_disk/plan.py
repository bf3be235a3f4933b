"""What is to be done: the files there are to be, beside those that are noted and those that lie there."""

from dataclasses import dataclass

from calendar_feed.asked import Asked, Form
from calendar_feed.on_disk.making import Bench
from calendar_feed.on_disk.register import Left, Register
from calendar_feed.on_disk.tree import Parts, Tree
from calendar_feed.on_disk.wanted import PACKED, file_mark, files_of, is_writable, place_of
from calendar_feed.standings import Standings

_SECOND = 1_000_000_000

Wanted = dict[str, tuple[Asked, str]]
"""Every file that is to be, by address, with the mark of its present version."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which files are wanted, which of them are stale or missing, and which are to go.

    The stale ones stand in the order in which they are written: feeds, then variants, then other forms.
    """

    wanted: Wanted
    stale: list[str]
    gone: list[str]


def planned(tree: Tree, register: Register, standings: Standings, bench: Bench) -> Plan:
    """Compare everything and change nothing. Raises SomethingInTheWay for what is no file of ours."""
    wanted = _wanted(standings, bench)
    names: dict[Parts, set[str]] = {}
    for address in {*wanted, *register.files}:
        folder, name = place_of(address)
        names.setdefault(folder, set()).update((name, name + PACKED))
    there: dict[Parts, dict[str, tuple[int, int]]] = {
        folder: {
            name: (told.st_size, told.st_mtime_ns) for name, told in tree.files(folder, expected).items()
        }
        for folder, expected in names.items()
    }
    stale = [
        address
        for address, (_, mark) in wanted.items()
        if not _is_current(address, mark, register=register, there=there)
    ]
    stale.sort(key=lambda address: _rank(wanted[address][0]))
    return Plan(wanted, stale, sorted(register.files.keys() - wanted.keys()))


def _wanted(standings: Standings, bench: Bench) -> Wanted:
    found: Wanted = {}
    for standing in standings.feeds.values():
        asked = standing.asked
        if not is_writable(asked.key):
            continue
        gone = bench.gone(asked.key)
        plain = file_mark(standing.mark, gone=[])
        with_gone = file_mark(standing.mark, gone=gone) if gone else plain
        for one in files_of(asked):
            found[one.address] = (one, with_gone if one.form is Form.ATOM else plain)
    return found


def _is_current(
    address: str, mark: str, *, register: Register, there: dict[Parts, dict[str, tuple[int, int]]]
) -> bool:
    folder, name = place_of(address)
    left = register.files.get(address, Left(""))
    sizes = {name: left.size, name + PACKED: left.packed}
    return left.mark == mark and all(
        there[folder].get(one) == (size, left.mtime * _SECOND) for one, size in sizes.items()
    )


def _rank(asked: Asked) -> tuple[int, str, str]:
    kind = 0 if asked.is_stored else 1 if asked.variants else 2
    return kind, asked.language, asked.key
