"""Refusals that are about us rather than about the reader (5.7.x, 5.6.x), kept until it is known which it is.

A server that has us on a list, or that minds our signature, refuses everybody in the same words. To believe
it would turn every reader into a rejected one, for good; so the first few are kept back.
"""

from collections.abc import Sequence
from typing import Final

from newsletter.claims import Held
from newsletter.replies import minds_us
from newsletter.transport import Fate, Outcome

ENOUGH: Final = 5
"""So many such refusals with no letter taken between them are about everybody."""

_EVERYBODY: Final = 2


class Refusals:
    """What one sending was refused for its own sake since the server last took a letter."""

    def __init__(self) -> None:
        """Nothing was refused yet."""
        self._kept: list[tuple[Held, Outcome]] = []
        self._has_accepted = False

    @property
    def are_of_everybody(self) -> bool:
        """Whether no more should be tried."""
        return len(self._kept) >= ENOUGH

    @property
    def words(self) -> str:
        """What the server said last."""
        return f"{self._kept[-1][1].code} {self._kept[-1][1].reply}" if self._kept else ""

    def keeps(self, held: Held, outcome: Outcome) -> bool:
        """Keep a refusal back if it may be about us; tell whether it is kept."""
        if outcome.fate is not Fate.REJECTED or not minds_us(outcome.code, outcome.reply):
            return False
        self._kept.append((held, outcome))
        return True

    def accepted(self) -> Sequence[tuple[Held, Outcome]]:
        """Note that a letter was taken; return the refusals that were kept, which are their readers' own."""
        self._has_accepted = True
        kept, self._kept = self._kept, []
        return kept

    def at_the_end(self) -> tuple[Sequence[tuple[Held, Outcome]], bool]:
        """Return what is still kept when nothing more is tried, and whether everybody was refused.

        A few who are refused after others were taken, and a single reader, are refused themselves.
        """
        kept, self._kept = self._kept, []
        everybody = len(kept) >= ENOUGH or (len(kept) >= _EVERYBODY and not self._has_accepted)
        return kept, everybody
