"""`iscm meetings import` and `iscm meetings export`: somebody's calendar file in, and ours out."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iscm.commands.field_options import as_json
from iscm.commands.meetings_filter import filter_options, meeting_filter

if TYPE_CHECKING:
    from calendar_feed.importing.plan import Plan, PlannedMeeting
    from iscm.commands.context import House


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mechanism", metavar="NAME", help="Whose meetings they are, where the file does not say.")
@click.option("--zone", metavar="ZONE", help="The clock of hours without a zone, like Africa/Lusaka.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--skip-refused", is_flag=True, help="Take the others where some are refused.")
@as_json
def import_(
    file: Path, *, mechanism: str | None, zone: str | None, dry_run: bool, skip_refused: bool, as_json: bool
) -> None:
    """Bring in the meetings of an .ics or .csv file: new ones, and what changed of those on record.

    What is on record is found by its UID, then by mechanism, dates and title. All is written or nothing: with
    a meeting refused nothing is, unless --skip-refused. What the file does not hold stays as it is.
    """
    from calendar_feed.importing.entries import read_entries
    from calendar_feed.importing.plan import Outcome, plan_import
    from calendar_feed.importing.source_file import read_source
    from calendar_feed.importing.writing import write_plan
    from iscm.commands.context import opened
    from iscm.commands.output import progress
    from models.known import Known
    from models.zone import known_zone

    with opened() as house:
        own_zone = known_zone(zone) if zone else None
        entries, notes = read_entries(
            read_source(file), name=file.name, today=house.now.date(), zone=own_zone
        )
        opening = house.database.reading() if dry_run else house.database.writing()
        with progress("Comparing", total=len(entries)) as advance, opening as session:
            known = Known(session)
            plan = plan_import(
                session,
                entries,
                mechanism=mechanism,
                source=file.name,
                notes=notes,
                known=known,
                now=house.now,
                advance=advance,
            )
            is_refused = bool(plan.count(Outcome.REFUSED)) and not skip_refused
            if not dry_run and not is_refused:
                with progress("Writing", total=len(plan.meetings)) as written:
                    write_plan(
                        session, plan, known=known, editor=house.editor, now=house.now, advance=written
                    )
    _report(plan, dry_run=dry_run, is_refused=is_refused, as_json=as_json)
    if is_refused:
        click.get_current_context().exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@filter_options
def export(file: Path, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Write meetings to an .ics or .csv file that `import` reads back without loss."""
    from calendar_feed.importing.export_csv import write_csv
    from calendar_feed.importing.export_ics import write_ics
    from iscm.commands.context import opened

    if file.suffix.lower() not in {".ics", ".csv"}:
        raise click.UsageError(f"{file.name} must end in .ics or .csv.")
    with opened() as house:
        meetings = _exported(house, options)
        is_calendar = file.suffix.lower() == ".ics"
        base_url = house.settings.base_url
        parts = write_ics(meetings, base_url=base_url, now=house.now) if is_calendar else write_csv(meetings)
        beside = file.with_name(f".{file.name}.part")
        try:
            with beside.open("wb") as writing:
                writing.writelines(parts)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    click.echo(f"{len(meetings)} meetings written to {file}.")


def _exported(house: "House", options: Mapping[str, Any]) -> list[Any]:
    from calendar_feed.importing.export_ics import Exported
    from calendar_feed.reading import meeting_facts
    from models.known import Known
    from models.meeting_fields import MEETING_FIELDS
    from models.meeting_list import list_meetings

    with house.database.reading() as session:
        wanted = meeting_filter(options, known=Known(session), today=house.now.date())
        return [
            Exported(meeting_facts(meeting), MEETING_FIELDS.facts(meeting))
            for meeting in list_meetings(session, wanted)
        ]


def _report(plan: "Plan", *, dry_run: bool, is_refused: bool, as_json: bool) -> None:
    """Print what became of each meeting, and the sums; the reasons of a refused file go to standard error."""
    from calendar_feed.importing.plan import Outcome
    from iscm.commands.output import print_json, print_rows

    counts = {outcome.value: plan.count(outcome) for outcome in Outcome}
    is_written = not dry_run and not is_refused
    if as_json:
        rows = [_row(one) for one in plan.meetings]
        print_json({"written": is_written, **counts, "notes": plan.notes, "meetings": rows})
    else:
        lines = [line for one in plan.meetings for line in _lines(one)]
        if dry_run or is_refused:
            columns = ("line", "outcome", "meeting", "what")
            print_rows(lines, columns=columns, as_json=False)
        else:
            for one in plan.meetings:
                for warning in one.warnings:
                    click.echo(f"line {one.line}: {warning}", err=True)
        for note in plan.notes:
            click.echo(note, err=True)
        click.echo(", ".join(f"{name}: {number}" for name, number in counts.items()))
    for one in plan.meetings:
        if one.outcome is Outcome.REFUSED and (is_refused or is_written):
            click.echo(f"line {one.line}: {one.title}: {one.reason}", err=True)
    if is_refused:
        ending = "Nothing would be written" if dry_run else "Nothing was written"
        click.echo(f"{ending}: {counts['refused']} refused. --skip-refused takes the others.", err=True)


def _row(one: "PlannedMeeting") -> dict[str, object]:
    return {
        "line": one.line,
        "outcome": one.outcome,
        "title": one.title,
        "slug": one.slug,
        "uid": one.uid,
        "changes": one.changes,
        "reason": one.reason,
        "warnings": one.warnings,
    }


def _lines(one: "PlannedMeeting") -> list[dict[str, object]]:
    """The lines of the table: the meeting, then each of its changes and warnings below it."""
    from calendar_feed.importing.plan import Outcome

    meeting = f"{one.title} ({one.slug})" if one.slug and one.outcome is not Outcome.NEW else one.title
    first: dict[str, object] = {"line": one.line, "outcome": one.outcome.value, "meeting": meeting}
    told = [one.reason] if one.reason else []
    if one.outcome in {Outcome.NEW, Outcome.CHANGED}:
        told += [
            f"{name}: {_shown(after)}" if before is None else f"{name}: {_shown(before)} -> {_shown(after)}"
            for name, (before, after) in one.changes.items()
            if one.outcome is Outcome.CHANGED or name in _TOLD_OF_NEW
        ]
    told += [f"warning: {warning}" for warning in one.warnings]
    below: list[dict[str, object]] = [{"what": line} for line in told[1:]]
    return [{**first, "what": told[0] if told else ""}, *below]


_TOLD_OF_NEW = frozenset(
    {"mechanisms", "when", "status", "kind", "mode", "venue", "city", "country", "join_link"}
)


def _shown(value: object) -> str:
    """A value as a person reads it: dates without their braces, nothing as a dash."""
    if isinstance(value, dict):
        ends = " to ".join(str(value[name]) for name in ("start", "end") if value.get(name))
        return " ".join(part for part in (ends or str(value.get("precision", "")), value.get("zone")) if part)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "–"
    return "–" if value is None else str(value)
