"""All mechanisms, by type, by region or by status."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.mechanism import Mechanism, MechanismStatus, MechanismType, mechanism_regions
from models.own_words import region_name
from models.vocabulary import Region
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.answer import page
from web.english import said
from web.language import language_of
from web.pages.mechanism_lines import MechanismLine, listed_mechanisms, mechanism_lines
from web.surroundings import surroundings_of


class Grouping(StrEnum):
    """What the mechanisms are grouped by."""

    TYPE = "type"
    REGION = "region"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Group:
    """Some mechanisms. `type` names the hue, "none" for none; `address` is the page about them, or None."""

    anchor: str
    words: str
    type: str
    address: str | None
    lines: tuple[MechanismLine, ...]

    @property
    def statuses(self) -> tuple[tuple[str, tuple[MechanismLine, ...]], ...]:
        """The lines by status, each with its word."""
        found = dict.fromkeys(line.status_words for line in self.lines)
        return tuple(
            (words, tuple(line for line in self.lines if line.status_words == words)) for words in found
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """The page: the groups, what is listed with the mechanisms without being one, and their numbers."""

    grouping: str
    groups: tuple[Group, ...]
    series: Group | None
    number: int
    by_status: tuple[tuple[str, int], ...]


def mechanisms(request: Request) -> Response:
    """Answer `/mechanisms`, `?by=region` and `?by=status`; 404 for another grouping."""
    asked = request.query_params.getlist("by") or [Grouping.TYPE.value]
    if len(asked) > 1 or asked[0] not in set(Grouping):
        raise HTTPException(404)
    grouping = Grouping(asked[0])
    around = surroundings_of(request)
    with around.database.reading() as session:
        view = read_directory(session, grouping, today=around.today, language=language_of(request))
    distinct = () if grouping is Grouping.TYPE else ("by",)
    return page(request, "mechanisms.html", directory=view, distinct=distinct)


def read_directory(
    session: Session, grouping: Grouping, *, today: date, language: str = ENGLISH
) -> Directory:
    """Return all mechanisms in groups in a few statements; what is no ISCM stands apart."""
    _ = catalogue(language).gettext
    found = listed_mechanisms(session, language=language)
    lines = mechanism_lines(session, found, today=today, language=language)
    iscms = [one for one in found if one.is_iscm]
    match grouping:
        case Grouping.TYPE:
            groups = [_of_type(kind, iscms, lines, language=language) for kind in MechanismType]
        case Grouping.REGION:
            groups = _by_region(session, iscms, lines, language=language)
        case Grouping.STATUS:
            groups = [_of_status(status, iscms, lines, language=language) for status in MechanismStatus]
    others = [one for one in found if not one.is_iscm]
    series = Group("series", _("Meeting of all processes"), "none", None, _lines(others, lines))
    counts = {status: sum(one.status is status for one in iscms) for status in MechanismStatus}
    return Directory(
        grouping=grouping.value,
        groups=tuple(group for group in groups if group.lines),
        series=replace(series, type=others[0].type.value) if others else None,
        number=len(iscms),
        by_status=tuple(
            (word("mechanism status", status, language=language), number)
            for status, number in counts.items()
            if number
        ),
    )


def _of_type(
    kind: MechanismType, found: Sequence[Mechanism], lines: dict[int, MechanismLine], *, language: str
) -> Group:
    chosen = [one for one in found if one.type is kind]
    words = word("types", kind, language=language)
    return Group(kind.value, words, kind.value, f"/types/{kind.value}", _lines(chosen, lines))


def _of_status(
    status: MechanismStatus, found: Sequence[Mechanism], lines: dict[int, MechanismLine], *, language: str
) -> Group:
    chosen = [one for one in found if one.status is status]
    words = word("mechanism status", status, language=language)
    return Group(status.value, words, "none", None, _lines(chosen, lines))


def _by_region(
    session: Session,
    found: Sequence[Mechanism],
    lines: dict[int, MechanismLine],
    *,
    language: str,
) -> list[Group]:
    """Group by region; a mechanism of several regions stands in each of them.

    The pairs are read in one statement: loaded with the mechanisms they would take one for every 500.
    """
    regions = session.scalars(select(Region).order_by(Region.position))
    pairs = {(pair.mechanism_id, pair.region_id) for pair in session.execute(select(mechanism_regions))}
    somewhere = {mechanism for mechanism, _ in pairs}
    groups = [
        Group(
            f"region-{region.slug}",
            said(region_name(region, language=language), language=language),
            "none",
            None,
            _lines([one for one in found if (one.id, region.id) in pairs], lines),
        )
        for region in regions
    ]
    words = catalogue(language).gettext("Region not known")
    nowhere = [one for one in found if one.id not in somewhere]
    return [*groups, Group("region-not-known", words, "none", None, _lines(nowhere, lines))]


def _lines(found: Sequence[Mechanism], lines: dict[int, MechanismLine]) -> tuple[MechanismLine, ...]:
    return tuple(lines[one.id] for one in found)
