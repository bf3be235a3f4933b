"""`iscm feeds`: what is published, whether it is fit to be served, and all of it as files."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iscm.commands.context import House, opened
from iscm.commands.output import print_json, print_rows, progress
from iscm.commands.stopping import stopped_by_signals

if TYPE_CHECKING:
    from calendar_feed.on_disk.writing import Written

_PATIENCE = 60.0
"""How many seconds a run waits for another one that writes into the same folder."""


@click.group(name="feeds", no_args_is_help=True)
def command() -> None:
    """List and check the calendar feeds, and write them as files."""


@command.command(name="list")
@click.option("--language", help="Only those in one language: en, fr, es, ar.")
@click.option(
    "--family", help="Only one family: all, type, mechanism, region, country, kind, theme, archive."
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(*, language: str | None, family: str | None, as_json: bool) -> None:
    """List every stored feed: its address, its events and bytes, and since when it is as it is."""
    from calendar_feed.overview import list_feeds

    with opened() as house, house.database.reading() as session:
        rows = [
            {
                "path": feed.address,
                "url": house.settings.base_url + feed.address,
                "name": feed.name,
                "family": feed.family,
                "language": feed.language,
                "events": feed.events,
                "bytes": feed.size,
                "changed_at": feed.changed_at,
            }
            for feed in list_feeds(session)
            if language in {None, feed.language} and family in {None, feed.family.value}
        ]
    columns = ("path", "name", "family", "language", "events", "bytes", "changed_at")
    print_rows(rows, columns=columns, as_json=as_json)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON, with every fault.")
def check(*, as_json: bool) -> None:
    """Parse every stored feed anew and look at its bytes; exit 1 with the reasons when one is not fit."""
    from calendar_feed.overview import check_families, general_faults
    from models import Refusal

    with opened() as house, house.database.reading() as session:
        checked = check_families(session)
        faults = general_faults(session)
    rows = [
        {
            "family": one.family,
            "language": one.language,
            "feeds": one.feeds,
            "events": one.events,
            "bytes": one.size,
            "unsound": len({fault.partition(":")[0] for fault in one.faults}),
            "faults": list(one.faults),
        }
        for one in checked
    ]
    columns = ("family", "language", "feeds", "events", "bytes", "unsound")
    print_rows(rows, columns=columns, as_json=as_json)
    faults += [fault for one in checked for fault in one.faults]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise Refusal("The stored feeds are not sound; what is wrong stands above.")
    if not as_json:
        click.echo(f"All {sum(one.feeds for one in checked)} feeds are sound.")


@command.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def publish(folder: Path, *, as_json: bool) -> None:
    """Write every feed as a file below DIR, at the path of its address, for a web server or a CDN.

    Each stored feed of every family and language, its five variants and its other forms, with a copy
    compressed by gzip beside each. Only what changed is written; a file is whole at every moment, and its
    time is the feed's Last-Modified. What else lies in DIR is not touched. ISCM_PUBLISH_DIR has the service
    do the same by itself.
    """
    from calendar_feed.on_disk.writing import write_feeds
    from models import Refusal

    begun = time.monotonic()
    with opened() as house, stopped_by_signals() as stopping, _bar() as watching:
        with house.database.reading() as session:
            done = write_feeds(
                session, folder.absolute(), patience=_PATIENCE, watching=watching, stopping=stopping
            )
        unpublished = _unpublished(house)
    _tell(done, folder, seconds=time.monotonic() - begun, as_json=as_json)
    if unpublished:
        click.echo(f"{unpublished} changes of the record are not published yet: start iscm serve.", err=True)
    if not done.is_whole:
        raise Refusal("Stopped before the end. Every file is whole; run it again for the rest.")


def _tell(done: "Written", folder: Path, *, seconds: float, as_json: bool) -> None:
    unchanged = done.files - done.written - done.dated
    if as_json:
        print_json(
            {
                "folder": folder.absolute(),
                "feeds": done.feeds,
                "files": done.files,
                "written": done.written,
                "dated": done.dated,
                "unchanged": unchanged,
                "removed": done.removed,
                "bytes": done.bytes,
                "bytes_compressed": done.packed,
                "seconds": round(seconds, 3),
                "whole": done.is_whole,
            }
        )
        return
    click.echo(
        f"{done.files} files of {done.feeds} feeds: {done.written} written, {done.dated} given another time, "
        f"{unchanged} as they were, {done.removed} removed ({done.bytes / 1e6:.0f} MB, compressed copies "
        f"{done.packed / 1e6:.0f} MB, {seconds:.1f} s)."
    )


def _unpublished(house: House) -> int:
    """Return how many changes of the record wait, where no work process is there to publish them."""
    from models.vital_signs import read_vital_signs

    with house.database.reading() as session:
        signs = read_vital_signs(session, now=house.now)
    return 0 if signs.workers else signs.revision_lag


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Show a bar as soon as it is known how much there is to do."""
    with ExitStack() as shown:
        steps: list[Callable[[int], None]] = []

        def watch(done: int, of: int) -> None:
            if not steps:
                steps.append(shown.enter_context(progress("Writing", total=of)))
            if done:
                steps[0](1)

        yield watch
