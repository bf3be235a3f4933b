"""Who takes part in a mechanism, by name: States and territories, and organizations."""

from collections.abc import Iterable

from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from templates.countries import listed_territory_names, territory_note
from templates.languages import ENGLISH
from templates.states import listing_key
from web.english import in_english, unmarked
from web.pages.country_address import country_address
from web.pages.profile_item import Item


class TakingPart:
    """The participants of one mechanism."""

    def __init__(self, participations: Iterable[Participation], *, language: str = ENGLISH) -> None:
        """Take them with their participants loaded."""
        self._participations = tuple(participations)
        self._names = listed_territory_names(language)
        self._language = language

    def items(self, role: ParticipantRole, *, states: bool) -> tuple[Item, ...]:
        """Return States and territories, or organizations, in alphabetical order; a star marks a remark."""
        chosen = [
            self._item(one.participant)
            for one in self._participations
            if one.role is role and (one.participant.kind is ParticipantKind.STATE) is states
        ]
        return tuple(sorted(chosen, key=lambda item: listing_key(unmarked(item.words))))

    def remarks(self) -> tuple[str, ...]:
        """Return the sentences that the stars stand for."""
        codes = {one.participant.code or "" for one in self._participations}
        said = {territory_note(code, language=self._language) for code in codes}
        return tuple(f"* {sentence}" for sentence in sorted(filter(None, said)))

    def _item(self, participant: Participant) -> Item:
        code = participant.code
        if code is None:
            return Item(in_english(participant.name, language=self._language))
        star = "*" if territory_note(code, language=self._language) else None
        return Item(self._names.get(code, participant.name), country_address(code), star)
