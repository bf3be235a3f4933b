"""`make bench`: all that is measured, side by side in one run; --write keeps it in docs/performance.md."""

import argparse
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.measure import Table
from benchmarks.peers import NoPeer

PARTS = (
    *("feed_rebuild", "feed_growth", "feed_http", "feed_during"),
    *("letters", "recipients", "search", "pages"),
)
PERFORMANCE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def main() -> int:
    """Measure what was asked for (everything, unasked) and print it; 1 where a peer was missing."""
    words = argparse.ArgumentParser(prog="make bench", description=__doc__)
    words.add_argument("parts", nargs="*", metavar="PART", help=f"one or more of {', '.join(PARTS)}")
    words.add_argument("--quick", action="store_true", help="few rounds: to see that it runs, not to cite")
    words.add_argument(
        "--whole", action="store_true", help="recipients: send to the last of a million, not for a minute"
    )
    words.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    given = words.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        words.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    if given.write and (given.parts or given.quick):
        words.error(
            "--write keeps a whole run, without parts and --quick, so that all figures are of one machine"
        )
    tables, missing = _measured(given.parts or PARTS, quick=given.quick, whole=given.whole)
    if given.write and not missing:
        _keep(tables)
    return 1 if missing else 0


def _measured(parts: tuple[str, ...] | list[str], *, quick: bool, whole: bool) -> tuple[list[Table], bool]:
    sys.stdout.write(f"{machine()}\n\n")
    tables: list[Table] = []
    missing = False
    for part in parts:
        try:
            also = {"whole": True} if whole and part == "recipients" else {}
            found = import_module(f"benchmarks.{part}").measure(quick=quick, **also)
        except NoPeer as error:
            sys.stderr.write(f"{part} was not measured: {error}\n")
            missing = True
            continue
        for table in found:
            sys.stdout.write(f"{table.markdown()}\n")
            sys.stdout.flush()
        tables += found
    return tables, missing


def _keep(tables: list[Table]) -> None:
    """Put the figures where the last ones stood."""
    text = PERFORMANCE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    day = datetime.now(UTC).date()
    figures = "\n".join([f"Measured on {day:%d %B %Y}: {machine()}", "", *(one.markdown() for one in tables)])
    PERFORMANCE.write_text(f"{before}{BEGIN}\n{figures}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
