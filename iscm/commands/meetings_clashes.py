"""`iscm meetings clashes`: meetings that overlap and share States, and whom a planned date would hurt."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import click

from calendar_feed.clash_reading import Noted, Taking, planned_stay, read_stays, read_taking
from calendar_feed.clashes import WEEKS_NEAR, Clash, Hurt, Stay, Tried, Week, clashes_among, try_date
from iscm.commands.context import House, opened
from iscm.commands.field_options import as_json as json_option
from iscm.commands.output import print_json, print_rows
from models.base import Facts
from models.known import Known
from models.plain_text import country as country_code
from models.refusal import Refusal
from models.when import Precision, When


class Days(click.ParamType):  # type: ignore[type-arg]  # generic only in newest click
    """A day, or two days with two dots between them; anything else is wrong use (exit 2)."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, date]:
        """The first and the last day."""
        if isinstance(value, tuple):
            return value
        first, dots, last = str(value).partition("..")
        try:
            when = When.parse(first, last if dots else None)
        except Refusal as refusal:
            self.fail(str(refusal), param, ctx)
        if when.first is None or when.precision is not Precision.DAY or (dots and when.last is None):
            self.fail(f"“{value}” is not written like 2027-06-08 or 2027-06-08..2027-06-10.", param, ctx)
        return when.first, when.last or when.first


_DAY = Days()


@click.command(name="clashes")
@click.option("--from", "since", type=_DAY, metavar="DAY", help="From this day on; left out: from today.")
@click.option("--to", "until", type=_DAY, metavar="DAY", help="Up to this day.")
@click.option(
    "--try",
    "planned",
    type=_DAY,
    metavar="DAYS",
    help="Days that are planned, like 2027-06-08..2027-06-10: whom would they hurt?",
)
@click.option(
    "--mechanism",
    "mechanisms",
    multiple=True,
    metavar="NAME",
    help="Whose meeting is planned: slug, alias or acronym; repeatable.",
)
@click.option("--country", metavar="CODE", help="Where it is planned: its days are those of this country.")
@json_option
def clashes(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """List meetings that overlap in time and share States.

    Cancelled meetings and those postponed without a new date do not count, nor do those of which only the
    month is known. With --try and --mechanism: the meetings that a planned date would hurt, and better weeks.
    """
    if options["planned"]:
        if not options["mechanisms"]:
            raise click.UsageError("--try needs --mechanism: whose meeting is it?")
        if options["since"] or options["until"]:
            raise click.UsageError(
                "--try looks at the weeks near its days by itself: leave out --from, --to."
            )
        _try(options, as_json=as_json)
    elif options["mechanisms"] or options["country"]:
        raise click.UsageError("--mechanism and --country belong to --try.")
    else:
        _list(options["since"], options["until"], as_json=as_json)


def _list(since: tuple[date, date] | None, until: tuple[date, date] | None, *, as_json: bool) -> None:
    with opened() as house, house.database.reading() as session:
        first = since[0] if since else house.now.date()
        last = until[1] if until else None
        if last is not None and last < first:
            raise click.UsageError(f"--to {last} lies before --from {first}.")
        stays = read_stays(session, read_taking(session), since=first, until=last, with_hidden=True)
    found = list(clashes_among(stays))
    if as_json:
        print_json([_clash_row(clash) for clash in found])
        return
    print_rows(
        (
            {
                "first": _named(clash.one),
                "second": _named(clash.other),
                "both": f"{_minute(clash.start)} – {_minute(clash.end)} UTC",
                "number": len(clash.states),
                "states": sorted(clash.states),
                "not known": clash.unknown,
            }
            for clash in found
        ),
        columns={
            "first": "meeting",
            "second": "clashes with",
            "both": "both going on",
            "number": "States",
            "states": "which",
            "not known": "States not known of",
        },
        as_json=False,
    )


def _try(options: dict[str, Any], *, as_json: bool) -> None:
    with opened() as house:
        plan, tried = _tried(house, options)
    if as_json:
        print_json(_tried_row(plan, tried))
        return
    for line in _told(plan, tried):
        click.echo(line)


def _tried(house: House, options: dict[str, Any]) -> tuple[Stay, Tried]:
    first, last = options["planned"]
    place = country_code(options["country"]) if options["country"] else None
    with house.database.reading() as session:
        mechanisms = Known(session).mechanism_slugs(options["mechanisms"])
        taking: Taking = read_taking(session)
        plan = planned_stay(first, last, mechanisms=mechanisms, taking=taking, country=place)
        since, until = plan.weeks_around()
        stays = read_stays(session, taking, since=since, until=until, with_hidden=True)
    today = house.now.astimezone(UTC).date()
    return plan, try_date(plan, stays, today=today, by_days=place is None)


def _told(plan: Stay, tried: Tried) -> Iterable[str]:
    """Give the lines that a person reads."""
    if plan.unknown:
        yield f"The States of {', '.join(plan.unknown)} are not on record: any meeting may be hurt."
    days = _days(plan.first, plan.last)
    if not tried.hurt:
        yield f"{days}: no meeting on record would be hurt."
    else:
        yield f"{days}: {len(tried.hurt)} meetings, {len(tried.states)} States."
    for one in tried.hurt:
        states = (
            f"{len(one.states)} States: {', '.join(sorted(one.states))}" if one.states else "no State known"
        )
        yield f"  {_named(one.stay)}: {states}"
        if one.stay.unknown:
            yield f"    the States of {', '.join(one.stay.unknown)} are not on record"
    yield f"The best weeks up to {WEEKS_NEAR} before and after:"
    for week in tried.weeks:
        yield f"  {_days(week.first, week.last)}: {week.meetings} meetings, {week.states} States"


def _clash_row(clash: Clash) -> Facts:
    return {
        "first": _meeting_row(clash.one),
        "second": _meeting_row(clash.other),
        "from": clash.start,
        "to": clash.end,
        "number": len(clash.states),
        "states": sorted(clash.states),
        "states_not_known_of": list(clash.unknown),
    }


def _tried_row(plan: Stay, tried: Tried) -> Facts:
    return {
        "first": plan.first,
        "last": plan.last,
        "number": len(tried.states),
        "states": sorted(tried.states),
        "states_not_known_of": list(plan.unknown),
        "meetings": [_hurt_row(one) for one in tried.hurt],
        "weeks": [_week_row(week) for week in tried.weeks],
    }


def _hurt_row(one: Hurt) -> Facts:
    return {
        **_meeting_row(one.stay),
        "number": len(one.states),
        "states": sorted(one.states),
        "states_not_known_of": list(one.stay.unknown),
    }


def _week_row(week: Week) -> Facts:
    return {"first": week.first, "last": week.last, "meetings": week.meetings, "number": week.states}


def _meeting_row(stay: Stay) -> Facts:
    meeting: Noted = stay.meeting
    return {
        "slug": meeting.slug,
        "uid": meeting.uid,
        "title": meeting.title,
        "mechanisms": list(meeting.mechanisms),
        **{name: meeting.when.as_json()[name] for name in ("start", "end", "precision", "zone")},
        "status": meeting.status,
        "kind": meeting.kind,
        "city": meeting.city,
        "country": meeting.country,
    }


def _named(stay: Stay) -> str:
    meeting: Noted = stay.meeting
    return f"{meeting.title} ({meeting.slug}), {_days(stay.first, stay.last)}"


def _days(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
