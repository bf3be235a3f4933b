"""The mechanisms as the pages about ISCMs show them: by type, by association, by status, by IOM's role."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.mechanism import Mechanism, MechanismStatus, MechanismType
from models.own_words import mechanism_name, mechanism_short_name
from templates.languages import ENGLISH, catalogue
from templates.words import IOM_ROLES, word
from web.english import in_english_if_any, said
from web.pages.meeting_line import type_words


@dataclass(frozen=True, slots=True)
class Name:
    """A mechanism in a list of names. `remark` says what the list is about; `status` is None for active."""

    name: str
    full_name: str | None
    address: str
    type: str
    type_words: str
    status: str | None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A role of IOM, what it means, and the mechanisms in which IOM has it."""

    words: str
    meaning: str | None
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class TypeCount:
    """One of the three types: its mechanisms by status, as (words, number), and their page."""

    type: str
    words: str
    meaning: str
    address: str
    number: int
    statuses: tuple[tuple[str, int], ...]


class MechanismLists:
    """All mechanisms on record, read once, as lists."""

    def __init__(self, session: Session, *, language: str = ENGLISH) -> None:
        """Read them all in one statement; there are a few dozen."""
        found = session.scalars(select(Mechanism))
        # Sorted here: databases disagree about capitals and accents.
        self._mechanisms = sorted(found, key=lambda one: (one.short_name.casefold(), one.slug))
        self._iscms = [one for one in self._mechanisms if one.is_iscm]
        self._language = language

    def types(self) -> tuple[TypeCount, ...]:
        """Count the ISCMs of each type."""
        return tuple(self._type(kind) for kind in MechanismType)

    def _type(self, kind: MechanismType) -> TypeCount:
        of_type = [one for one in self._iscms if one.type is kind]
        numbers = {status: sum(1 for one in of_type if one.status is status) for status in MechanismStatus}
        return TypeCount(
            type=kind.value,
            words=word("types", kind, language=self._language),
            meaning=catalogue(self._language).gettext(_TYPE_MEANINGS[kind]),
            address=f"/types/{kind.value}",
            number=len(of_type),
            statuses=tuple(
                (word("mechanism status", status, language=self._language).lower(), number)
                for status, number in numbers.items()
                if number
            ),
        )

    def associations(self) -> tuple[Name, ...]:
        """Name the ISCMs that are formally associated with a regional institution, and with which."""
        associated = [one for one in self._iscms if one.association]
        return self._names(
            associated, remark=lambda one: in_english_if_any(one.association, language=self._language)
        )

    def of_status(self, status: MechanismStatus) -> tuple[Name, ...]:
        """Name the ISCMs of a status, with where they work."""
        of_status = [one for one in self._iscms if one.status is status]
        return tuple(replace(one, status=None) for one in self._names(of_status, remark=self._origin))

    def _origin(self, mechanism: Mechanism) -> str | None:
        """Say where a mechanism works, since when, and how it came to rest, as far as is known."""
        _ = catalogue(self._language).gettext
        known = (
            in_english_if_any(mechanism.region, language=self._language),
            _("begun in %(year)s") % {"year": mechanism.established_year}
            if mechanism.established_year
            else None,
            word("dormancy", mechanism.dormancy, language=self._language) if mechanism.dormancy else None,
        )
        return " · ".join(part for part in known if part) or None

    def roles(self) -> tuple[Role, ...]:
        """Name the mechanisms under each role of IOM; the meeting of all of them is one here."""
        said = {role for one in self._mechanisms for role in one.iom_roles}
        roles = [role for role in IOM_ROLES if role in said] + sorted(said - set(IOM_ROLES))
        return tuple(
            Role(
                words=_capitalised(word("iom role", role, language=self._language)),
                meaning=self._meaning(role),
                names=self._names(one for one in self._mechanisms if role in one.iom_roles),
            )
            for role in roles
        )

    def _meaning(self, role: str) -> str | None:
        meaning = _ROLE_MEANINGS.get(role)
        return catalogue(self._language).gettext(meaning) if meaning else None

    def _names(
        self,
        mechanisms: Iterable[Mechanism],
        *,
        remark: Callable[[Mechanism], str | None] = lambda _: None,
    ) -> tuple[Name, ...]:
        return tuple(
            Name(
                name=said(mechanism_short_name(one, language=self._language), language=self._language),
                full_name=self._full_name(one),
                address=f"/mechanisms/{one.slug}",
                type=one.type.value if one.is_iscm else "none",
                type_words=type_words(one, language=self._language),
                status=self._status(one),
                remark=remark(one),
            )
            for one in mechanisms
        )

    def _full_name(self, mechanism: Mechanism) -> str | None:
        whole = mechanism_name(mechanism, language=self._language)
        if whole.text == mechanism_short_name(mechanism, language=self._language).text:
            return None
        return said(whole, language=self._language)

    def _status(self, mechanism: Mechanism) -> str | None:
        if mechanism.status is MechanismStatus.ACTIVE:
            return None
        return word("mechanism status", mechanism.status, language=self._language).lower()


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when it is asked for."""
    return sentence


_TYPE_MEANINGS: Final = {
    MechanismType.RCP: _("States of one region, usually neighbours on the map."),
    MechanismType.IRF: _("States of two or more regions, along the routes that join them."),
    MechanismType.GLOBAL: _("States of the whole world, on governance at large or on one theme."),
}
_ROLE_MEANINGS: Final = {
    "member": _("IOM takes part in the mechanism as one of its members."),
    "observer": _("IOM attends the meetings and follows the work without being a member."),
    "technical_secretariat": _("IOM prepares the meetings with the Chair, keeps the papers and follows up."),
    "secretariat_support": _(
        "The mechanism has a secretariat of its own, and IOM lends it staff or expertise."
    ),
    "administrative_host": _(
        "The secretariat is independent; IOM gives it its legal and administrative home."
    ),
    "interim_secretariat": _(
        "IOM serves a mechanism in the making until its States settle on a secretariat."
    ),
    "coordinator": _("IOM convenes the meeting of all mechanisms and keeps them in touch in between."),
}
