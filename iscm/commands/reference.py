"""`iscm reference`: bring the registry's files onto the record."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iscm.commands.context import opened
from iscm.commands.output import print_json

if TYPE_CHECKING:
    from models import LoadReport

_LONGEST = 300
"""Characters of a value that are printed: the text of a page has thousands."""


@click.group(name="reference", no_args_is_help=True)
def command() -> None:
    """Load the bundled registry, or another."""


@command.command()
@click.argument(
    "folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def load(folder: Path | None, *, as_json: bool) -> None:
    """Bring every fact of the registry's files onto the record.

    It can be repeated: what is loaded already stays as it is, what an editor changed or deleted stays
    changed and is reported. Files with a mistake are refused whole.
    """
    from models import BUNDLED, load_registry

    with opened() as house, house.database.writing() as session:
        report = load_registry(session, folder or BUNDLED, now=house.now)
    if as_json:
        print_json(_as_json(report))
    else:
        _print(report)


def _as_json(report: "LoadReport") -> dict[str, object]:
    return {
        "read": dict(report.read),
        "added": [{"kind": kind, "code": code} for kind, code in report.added],
        "changed": [{"kind": kind, "code": code} for kind, code in report.changed],
        "kept": [
            {
                "kind": one.kind,
                "code": one.code,
                "field": one.field,
                "here": one.here,
                "registry": one.registry,
            }
            for one in report.kept
        ],
        "gone": [{"kind": kind, "code": code} for kind, code in report.gone],
        "absent": [{"kind": kind, "code": code} for kind, code in report.absent],
        "taken": [{"kind": kind, "code": code, "reason": reason} for kind, code, reason in report.taken],
    }


def _print(report: "LoadReport") -> None:
    read = ", ".join(f"{number} {kind}s" for kind, number in report.read.items())
    click.echo(f"The registry holds {read}.")
    if report.added or report.changed:
        click.echo(f"Added {len(report.added)}, changed {len(report.changed)}.")
    else:
        click.echo("Nothing to add or change.")
    for one in report.kept:
        click.echo(
            f"Kept {one.kind} {one.code}, {one.field}: changed here, "
            f"the registry says {_written(one.registry)}."
        )
    for kind, code in report.gone:
        click.echo(f"Not brought back: {kind} {code} was deleted here.")
    for kind, code, reason in report.taken:
        click.echo(f"Not loaded: {kind} {code}, because {reason}.")
    for kind, code in report.absent:
        click.echo(f"Still on record: {kind} {code} is no longer in the registry.")


def _written(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
