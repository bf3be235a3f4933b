"""What mechanisms say to a search: all their names, where and about what they work, who takes part."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.mechanism import Mechanism, mechanism_regions, mechanism_themes
from models.search.content import Content, place_names
from models.search.entry import SearchKind
from models.search.names import Names, in_languages
from models.state import Participant, Participation
from models.vocabulary import Region


def mechanism_contents(session: Session, keys: Sequence[int], names: Names) -> Iterator[Content]:
    """Read the mechanisms with these keys; one that is gone is not told of."""
    themes = names.themes_by(mechanism_themes, mechanism_themes.c.mechanism_id, keys)
    regions, regions_elsewhere = _regions(session, keys)
    parties = _participants(session, keys)
    said = select(Mechanism).where(Mechanism.id.in_(keys))
    for one in session.scalars(said.execution_options(populate_existing=False)):
        called = names.mechanisms[one.id]
        other = tuple(name for name in called.others if name != one.short_name)
        taking_part = parties.get(one.id, [])
        yield Content(
            SearchKind.MECHANISM,
            one.id,
            slug=one.slug,
            title=one.short_name,
            names=tuple(dict.fromkeys((*filter(None, (one.acronym, one.name)), *other, *called.elsewhere))),
            lines=(
                *other,
                one.region,
                *regions.get(one.id, ()),
                one.association,
                one.objectives,
                ", ".join(one.themes or ()),
                ", ".join(themes.get(one.id, ())),
                one.secretariat,
                ", ".join(name for _, name in taking_part),
            ),
            unseen=(
                *regions_elsewhere.get(one.id, ()),
                *names.themes_elsewhere(themes.get(one.id, ())),
                *(name for code, _ in taking_part if code for name in place_names(code)),
            ),
        )


def _regions(session: Session, keys: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return the regions of some mechanisms, in English and in the other languages."""
    key = mechanism_regions.c.mechanism_id
    rows = select(key, Region.name, Region.name_in).join(Region, Region.id == mechanism_regions.c.region_id)
    found: dict[int, list[str]] = {}
    elsewhere: dict[int, list[str]] = {}
    for mechanism, name, others in session.execute(rows.where(key.in_(keys)).order_by(Region.position)):
        found.setdefault(mechanism, []).append(name)
        elsewhere.setdefault(mechanism, []).extend(in_languages(others))
    return found, elsewhere


def _participants(session: Session, keys: Sequence[int]) -> dict[int, list[tuple[str | None, str]]]:
    """Return the codes (None: no State) and names of those that take part, in the order of their names."""
    rows = (
        select(Participation.mechanism_id, Participant.code, Participant.name)
        .join(Participation.participant)
        .where(Participation.mechanism_id.in_(keys))
    )
    found: dict[int, list[tuple[str | None, str]]] = {}
    for mechanism, code, name in sorted(session.execute(rows), key=lambda row: (row.name, row.code or "")):
        found.setdefault(mechanism, []).append((code, name))
    return found
