"""What is on record already, by the names that other records call it."""

import difflib
from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from models.mechanism import Mechanism
from models.meeting import Meeting
from models.refusal import Refusal
from models.state import Participant, ParticipantKind
from models.vocabulary import Region, Theme
from templates.countries import territory_names
from templates.text import slugify

Found = TypeVar("Found")


class UnknownName(Refusal):
    """Nothing on record has that name, or more than one thing has."""


class TakenAddress(Refusal):
    """An address belongs to something else already, and for ever."""


class Known:
    """The mechanisms, themes, regions and participants on record, each table read once, when first needed.

    Every look-up raises UnknownName, whose sentence names the nearest ones.
    """

    def __init__(self, session: Session) -> None:
        """Look at one session; nothing is read yet."""
        self.session = session
        self.meetings: dict[str, Meeting] = {}

    @cached_property
    def themes(self) -> dict[str, Theme]:
        """Every theme by its slug, in order."""
        return {one.slug: one for one in self._read(select(Theme).order_by(Theme.position))}

    @cached_property
    def regions(self) -> dict[str, Region]:
        """Every region by its slug, in order."""
        return {one.slug: one for one in self._read(select(Region).order_by(Region.position))}

    @cached_property
    def participants(self) -> dict[str, Participant]:
        """Every State by its code and every organization by its name."""
        return {one.code or one.name: one for one in self._read(select(Participant))}

    @cached_property
    def mechanisms(self) -> dict[str, Mechanism]:
        """Every mechanism by its slug, with its other names."""
        loaded = select(Mechanism).options(selectinload(Mechanism.aliases)).order_by(Mechanism.slug)
        return {one.slug: one for one in self._read(loaded)}

    def _read(self, query: Select[Found]) -> list[Found]:
        # A record that is being filled in may be waiting in the session: it is not to be written half-made.
        with self.session.no_autoflush:
            return list(self.session.scalars(query))

    def mechanism(self, name: str) -> Mechanism:
        """Find a mechanism by its slug or any of its names in any language, capitals and accents forgiven."""
        if found := self.mechanisms.get(name):
            return found
        wanted = slugify(name)
        names = self._mechanism_names()
        if len(named := names.get(wanted, [])) == 1:
            return self.mechanisms[named[0]]
        near = named or [names[one][0] for one in difflib.get_close_matches(wanted, names, n=5, cutoff=0.5)]
        near += [slug for slug in self.mechanisms if wanted and wanted in slug]
        raise _unknown("mechanism", name, near, "iscm mechanisms list")

    def mechanism_slugs(self, names: Iterable[str]) -> list[str]:
        """Return the slugs of mechanisms called by any of their names, each once, in the order given."""
        return list(dict.fromkeys(self.mechanism(name).slug for name in names))

    def refuse_taken_address(self, slug: str, *, name: str, of: Mechanism) -> None:
        """Raise TakenAddress when an alias of that mechanism would make the address of a different one."""
        for one in self.mechanisms.values():
            if one is not of and slug in {one.slug, *(alias.slug for alias in one.aliases)}:
                raise TakenAddress(
                    f"The other name “{name}” makes the address /mechanisms/{slug}, but that is {one.slug}’s."
                )

    def theme(self, slug: str) -> Theme:
        """Find a theme by its slug."""
        return _find(self.themes, slug, "theme")

    def region(self, slug: str) -> Region:
        """Find a region by its slug."""
        return _find(self.regions, slug, "region")

    def state(self, code: str) -> Participant:
        """Find a State or territory by its ISO code; put it on record when it first takes part."""
        if code not in self.participants:
            self._add(
                code, Participant(kind=ParticipantKind.STATE, code=code, name=territory_names("en")[code])
            )
        return self.participants[code]

    def organization(self, name: str) -> Participant:
        """Find an organization by its name, and put it on record when it takes part for the first time."""
        if name not in self.participants:
            self._add(name, Participant(kind=ParticipantKind.ORGANIZATION, code=None, name=name))
        return self.participants[name]

    def meeting(self, slug: str) -> Meeting:
        """Find a meeting by its slug."""
        if slug not in self.meetings:
            found = self.session.scalar(select(Meeting).where(Meeting.slug == slug))
            if found is None:
                slugs = self.session.scalars(select(Meeting.slug))
                raise unknown_name("meeting", slug, slugs, look="iscm meetings list")
            self.meetings[slug] = found
        return self.meetings[slug]

    def _add(self, name: str, participant: Participant) -> None:
        self.participants[name] = participant
        self.session.add(participant)

    def _mechanism_names(self) -> dict[str, list[str]]:
        """Every name of every mechanism as an address word, with the slugs that it may mean."""
        names: dict[str, list[str]] = {}
        for slug, one in self.mechanisms.items():
            called = [
                one.name,
                one.short_name,
                one.acronym or "",
                *(alias.name for alias in one.aliases),
                *(name for own in (one.name_in, one.short_name_in, one.acronym_in) for name in own.values()),
            ]
            for name in {slugify(name) for name in called} - {""}:
                names.setdefault(name, []).append(slug)
        return names | {slug: [slug] for slug in self.mechanisms}


def unknown_name(what: str, name: str, names: Iterable[str], *, look: str | None = None) -> UnknownName:
    """Return the refusal of a name that nothing has, with those nearest to it, or where to look for one."""
    near = difflib.get_close_matches(name, list(names), n=5, cutoff=0.5)
    return _unknown(what, name, near, look)


def _find(words: dict[str, Found], slug: str, what: str) -> Found:
    if slug not in words:
        near = difflib.get_close_matches(slug, words, n=5, cutoff=0.5) or list(words)
        raise _unknown(what, slug, near, None)
    return words[slug]


def _unknown(what: str, name: str, near: Iterable[str], look: str | None) -> UnknownName:
    names = list(dict.fromkeys(near))[:20]
    advice = f" Did you mean: {', '.join(names)}?" if names else (f" See: {look}" if look else "")
    return UnknownName(f"There is no {what} “{name:.80}”.{advice}")
