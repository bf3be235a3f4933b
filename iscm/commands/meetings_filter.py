"""The options that choose meetings, of `iscm meetings list` and `iscm meetings export`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from iscm.commands.field_options import Word, all_of, span_of
from models.known import Known
from models.mechanism import MechanismType
from models.meeting import Kind, MeetingStatus
from models.meeting_list import MeetingFilter
from models.plain_text import country

filter_options = all_of(
    [
        click.option(
            "--mechanism",
            "mechanisms",
            multiple=True,
            metavar="NAME",
            help="Slug, alias or acronym; repeatable.",
        ),
        click.option(
            "--type", "types", multiple=True, type=Word(MechanismType), help="Type of mechanism; repeatable."
        ),
        click.option(
            "--status",
            "statuses",
            multiple=True,
            type=Word(MeetingStatus),
            metavar="STATUS",
            help="Repeatable.",
        ),
        click.option("--kind", "kinds", multiple=True, type=Word(Kind), help="Repeatable."),
        click.option(
            "--country", "countries", multiple=True, metavar="CODE", help="ISO 3166-1 code; repeatable."
        ),
        click.option("--year", type=click.IntRange(1900, 2199), help="Meetings that touch this year."),
        click.option("--from", "since", metavar="DATE", help="Meetings that end on this day or later."),
        click.option("--to", "until", metavar="DATE", help="Meetings that begin on this day or earlier."),
        click.option("--coming", is_flag=True, help="Only those that lie ahead."),
    ]
)


def meeting_filter(options: Mapping[str, Any], *, known: Known, today: date) -> MeetingFilter:
    """Return what the options choose. Raises UnknownName, UnknownWord and the refusals of dates."""
    first, last = span_of(options)
    return MeetingFilter(
        mechanisms=frozenset(known.mechanism_slugs(options["mechanisms"])),
        types=frozenset(MechanismType(word) for word in options["types"]),
        statuses=frozenset(MeetingStatus(word) for word in options["statuses"]),
        kinds=frozenset(Kind(word) for word in options["kinds"]),
        countries=frozenset(str(country(code)) for code in options["countries"]),
        since=first,
        until=last,
        coming=today if options["coming"] else None,
    )
