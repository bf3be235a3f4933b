"""Who chairs a mechanism, and who did: one line a State, its term behind the last."""

from collections.abc import Iterable
from datetime import date

from models.base import Facts
from templates.countries import listed_territory_names
from templates.languages import ENGLISH, catalogue
from templates.text import parted
from templates.words import word
from web.pages.country_address import country_address
from web.pages.profile_days import closing_day_of, written_known
from web.pages.profile_item import Item


def chair_items(chair: Facts, *, language: str = ENGLISH, is_former: bool = False) -> tuple[Item, ...]:
    """Return the States of one term of the chair: `Türkiye`, `Hungary (co-chair), since 2006`."""
    names = listed_territory_names(language)
    lines: list[Item] = []
    for seat in chair.get("states", ()):
        code = str(seat["state"])
        lines.append(Item(names.get(code, code), country_address(code), _role(seat, language=language)))
    term = written_term(chair, language=language, is_former=is_former)
    if lines and term:
        last = lines[-1]
        lines[-1] = Item(last.words, last.address, parted([last.note or "", term], language=language))
    return tuple(lines)


def former_chair_items(terms: Iterable[Facts], *, language: str = ENGLISH) -> tuple[Item, ...]:
    """Return the States of earlier terms in the order on record, the newest first."""
    return tuple(item for term in terms for item in chair_items(term, language=language, is_former=True))


def written_term(chair: Facts, *, language: str = ENGLISH, is_former: bool = False) -> str:
    """Return the term in words, as far as it is known: `since 2006`, `from May 2024 to 2026`; often empty.

    A former term whose end is not known is not said to go on: `from 2017`.
    """
    _ = catalogue(language).gettext
    since, until = chair.get("since"), chair.get("until")
    if since and until:
        if since == until:
            return _("in %(day)s") % {"day": written_known(since, language=language)}
        span = {
            "since": written_known(since, language=language),
            "until": written_known(until, language=language),
        }
        return _("from %(since)s to %(until)s") % span
    if since and is_former:
        return _("from %(day)s") % {"day": written_known(since, language=language)}
    if since:
        return _("since %(day)s") % {"day": written_known(since, language=language)}
    if until:
        return _("until %(day)s") % {"day": written_known(until, language=language)}
    return ""


def is_term_over(chair: Facts, *, today: date) -> bool:
    """Tell whether a term is known to have ended before a day."""
    until = chair.get("until")
    last = closing_day_of(until) if until else None
    return last is not None and last < today


def role_of(chair: Facts, code: str, *, language: str = ENGLISH) -> str:
    """Return as what a State chairs in a term: `Chair`, `Co-chair`."""
    role = next((seat.get("role") for seat in chair.get("states", ()) if seat["state"] == code), None)
    return word("chair role", str(role or "chair"), language=language)


def _role(seat: Facts, *, language: str) -> str | None:
    if seat.get("role") in {None, "chair"}:
        return None
    return f" ({word('chair role', str(seat['role']), language=language).lower()})"
