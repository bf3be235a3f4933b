"""The options of `iscm meetings` that set fields of a meeting, and the rows it prints."""

from collections.abc import Mapping
from typing import Any

import click

from iscm.commands.field_options import Point, Word, all_of, beside_those_kept, given, in_languages
from models.base import Facts
from models.meeting import Kind, Meeting, MeetingStatus, Mode, Visibility
from models.meeting_fields import MEETING_FIELDS
from models.vocabulary import Confidence
from models.when import When
from models.when_change import changed_when

DATE_FORMS = "2027-06-08, “2027-06-08 09:30” (with --zone), 2027-06, 2027-Q2, 2027 or unknown"

field_options = all_of(
    [
        in_languages("--title-in", 'The title in another language: fr="...".'),
        click.option("--to", "end", metavar="DATE", help="Its last day or its end; left out: not stated."),
        click.option("--zone", metavar="ZONE", help="The zone of the hours, like Africa/Lusaka."),
        click.option("--kind", type=Word(Kind), help=f"One of: {', '.join(Kind)}."),
        click.option(
            "--status",
            type=Word(MeetingStatus),
            metavar="STATUS",
            help=f"One of: {', '.join(MeetingStatus)}.",
        ),
        click.option("--reason", help="Why it was postponed, moved or cancelled."),
        click.option("--mode", type=Word(Mode, may_be_empty=True), help="How one takes part."),
        click.option("--venue", help="The building."),
        click.option("--city"),
        click.option("--country", metavar="CODE", help="ISO 3166-1 code, like ZM."),
        click.option("--point", type=Point(), help="Where it is, in degrees: -15.41,28.28."),
        click.option("--host", metavar="CODE", help="The State that hosts it."),
        click.option("--join-link", metavar="URL", help="Where to join online."),
        click.option("--url", metavar="URL", help="Its page."),
        click.option("--theme", help="What it is about, in its own words."),
        click.option(
            "--tag", "themes", multiple=True, metavar="SLUG", help="A theme of the list; repeatable."
        ),
        click.option("--session", "sessions", multiple=True, metavar="LINE", help="A session; repeatable."),
        click.option("--local-times", help="The hours, where only words are known."),
        click.option("--interpretation", help="The languages spoken."),
        click.option("--source", help="Where this is known from."),
        click.option("--confidence", type=Word(Confidence), help="How sure the source is."),
        click.option("--visibility", type=Word(Visibility), help="Who may see it."),
        click.option("--notes", help="For editors only."),
    ]
)


def written_meeting(options: Mapping[str, Any], *, before: Meeting | None = None) -> Facts:
    """Return the fields that the options set; before is the meeting as it is, None for a new meeting.

    Raises the refusals of When.
    """
    kept = dict(options)
    start, end, zone = (kept.pop(name, None) for name in ("start", "end", "zone"))
    point = kept.pop("point", None)
    fields = beside_those_kept(given(kept), before={"title_in": before.title_in} if before else {})
    if point is not None:
        fields["latitude"], fields["longitude"] = point
    if before is None:
        fields["when"] = When.parse(start, end, zone)
    elif not start is end is zone is None:
        fields["when"] = changed_when(before.when, start=start, end=end, zone=zone)
    if zone and fields["when"].zone is None:
        click.echo("The zone is not kept: it belongs to hours, and these dates have none.", err=True)
    return fields


def meeting_row(meeting: Meeting) -> Facts:
    """Return all that is known of a meeting, as --json shows it: the contract's fields first."""
    facts = MEETING_FIELDS.facts(meeting)
    when = facts.pop("when")
    first = {
        "slug": meeting.slug,
        "uid": meeting.uid,
        "title": facts["title"],
        "mechanisms": facts["mechanisms"],
        "start": when["start"],
        "end": when["end"],
        "precision": when["precision"],
        "zone": when["zone"],
        "status": facts["status"],
        "kind": facts["kind"],
        "city": facts["city"],
        "country": facts["country"],
    }
    last = {"documents": [document.slug for document in meeting.documents], "created_at": meeting.created_at}
    return {**first, **facts, **last}
