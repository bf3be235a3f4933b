"""Which type of mechanism a calendar page is narrowed to, by `?type=`, and the ways to the other types."""

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from models.mechanism import MechanismType
from templates.languages import ENGLISH, catalogue
from templates.words import word

_PARAMETER: Final = "type"


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """One way to narrow the page; `type` names the hue and is None for all types."""

    words: str
    address: str
    type: str | None
    here: bool


def chosen_type(request: Request) -> MechanismType | None:
    """Return the type that is asked for, None for all. Raises HTTPException 404 for what is no type."""
    asked = request.query_params.getlist(_PARAMETER)
    if not asked:
        return None
    try:
        (one,) = asked
        return MechanismType(one)
    except ValueError:
        raise HTTPException(404) from None


def type_choices(
    path: str, chosen: MechanismType | None, *, language: str = ENGLISH
) -> tuple[TypeChoice, ...]:
    """Return the choices for the page at `path`, all types first."""
    everything = TypeChoice(catalogue(language).gettext("All types"), path, None, chosen is None)
    return (
        everything,
        *(
            TypeChoice(
                word("short type", kind, language=language), typed(path, kind), kind.value, kind is chosen
            )
            for kind in MechanismType
        ),
    )


def typed(path: str, chosen: MechanismType | None) -> str:
    """Return an address of the calendar with the type that is chosen kept in it."""
    return f"{path}?{_PARAMETER}={chosen.value}" if chosen else path
