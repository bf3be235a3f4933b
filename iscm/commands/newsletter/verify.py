"""`iscm newsletter verify FILE`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from newsletter.keys import Keys
    from newsletter.verifying import Verified


@click.command()
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option("--end", metavar="HASH", help="Where the chain must end: what was kept apart from the file.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(file: TextIO, end: str | None, *, as_json: bool) -> None:
    """Check that a ledger's file is whole, in order and unchanged.

    Needs the file alone, on any machine. Exit 1, with the place, when a row was changed, taken out, put in or
    moved, or the file was cut. Where the service's own key is at hand, the seal is looked at too.
    """
    from iscm.commands.output import print_json
    from newsletter.verifying import verify_ledger

    found = verify_ledger(file, keys=_keys_at_hand(), last_link=end)
    if as_json:
        print_json(
            {**found.anchor, "rows": found.rows, "end": found.last_link, "seal": found.seal or "not checked"}
        )
        return
    for line in _said(found):
        click.echo(line)


def _said(found: "Verified") -> list[str]:
    from newsletter.chain import Sealing

    seals = {
        None: "The seal was not looked at: the service's key is not on this machine.",
        Sealing.GENUINE: "The seal is this service's.",
        Sealing.NOT_OURS: "The seal is of a key that is not this service's.",
    }
    anchor = found.anchor
    editions = ", ".join(f"{language} {digest[:16]}…" for language, digest in anchor["editions"].items())
    numbers = ", ".join(
        f"{anchor[name]} {name.replace('_', ' ')}"
        for name in ("accepted", "rejected", "skipped", "in_doubt", "open")
    )
    candidates, included = anchor["candidates"], anchor["included"]
    whole = f"Whole, in order and unchanged: issue {anchor['issue']}, {found.rows} of {included} rows"
    return [
        f"{whole}, exported at {anchor['exported_at']}.",
        f"{candidates} candidates = {included} included + {anchor['excluded']} excluded.",
        f"{included} included = {numbers}.",
        f"Approved content {(anchor['approved'] or 'not known')[:16]}…; editions {editions}.",
        f"The chain ends in {found.last_link}.",
        seals[found.seal],
    ]


def _keys_at_hand() -> "Keys | None":
    """Return the service's keys where it is set up on this machine; a check makes no folder and no key."""
    from iscm.secret_key import NAME
    from iscm.settings import FILE, PREFIX, load_settings
    from newsletter.keys import Keys

    folder = Path(os.environ.get(f"{PREFIX}DATA_DIR", "data"))
    is_here = (folder / NAME).exists() or f"{PREFIX}SECRET_KEY" in os.environ or Path(FILE).exists()
    return Keys(load_settings().secret_key) if is_here else None
