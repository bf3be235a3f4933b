"""How fast letters may follow each other: for the relay as a whole and for each recipient domain.

A server that says "not now" is asked less often for a while; one that accepts is trusted again step by step.
"""

from dataclasses import dataclass, field
from typing import Final

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
FIRST_GAP: Final = 0.05


@dataclass(slots=True)
class Backoff:
    """A pause in seconds that doubles with each failure, from 1 to 60, and is forgotten at a success."""

    _next: float = FIRST_PAUSE

    def failed(self, *, asked: float | None = None) -> float:
        """Return how long to pause now. What the server asked for counts when it is longer, up to 60 s."""
        pause = self._next
        self._next = min(self._next * 2, LONGEST_PAUSE)
        return min(max(pause, asked or 0.0), LONGEST_PAUSE)

    def succeeded(self) -> None:
        """Begin anew."""
        self._next = FIRST_PAUSE


@dataclass(slots=True)
class _Lane:
    """One stream of letters: the earliest moment of the next, and how far apart they are kept."""

    ready_at: float = 0.0
    gap: float = 0.0


@dataclass(slots=True)
class Pace:
    """Tells when the next letter to a domain may start. `now` is in seconds of one steady clock.

    `per_minute` limits all letters, `domain_per_minute` those to one recipient domain; None means no limit.
    """

    per_minute: float | None = None
    domain_per_minute: float | None = None
    _relay: _Lane = field(default_factory=_Lane)
    _domains: dict[str, _Lane] = field(default_factory=dict)

    def wait(self, domain: str, *, now: float) -> float:
        """Return the seconds until a letter to the domain may start; 0 when it may now."""
        lane = self._domains.get(domain)
        ready_at = max(self._relay.ready_at, lane.ready_at if lane else 0.0)
        return max(0.0, ready_at - now)

    def started(self, domain: str, *, now: float) -> None:
        """Count a letter that starts now."""
        _advance(self._relay, self._smallest_gap(self.per_minute), now)
        if domain in self._domains or self.domain_per_minute:
            _advance(self._lane(domain), self._smallest_gap(self.domain_per_minute), now)

    def put_off(self, domain: str, *, now: float) -> None:
        """Slow a domain down, whose server said "not now": a little at first, up to 60 s between letters."""
        lane = self._lane(domain)
        lane.gap = min(max(lane.gap * 2, FIRST_GAP), LONGEST_PAUSE)
        lane.ready_at = now + lane.gap

    def accepted(self, domain: str) -> None:
        """Trust a domain a step more: half the distance, and none once it is small."""
        lane = self._domains.get(domain)
        if lane is None:
            return
        lane.gap = lane.gap / 2 if lane.gap > FIRST_GAP else 0.0
        if lane.gap == 0.0 and not self.domain_per_minute:
            del self._domains[domain]

    def _lane(self, domain: str) -> _Lane:
        return self._domains.setdefault(domain, _Lane())

    @staticmethod
    def _smallest_gap(per_minute: float | None) -> float:
        return 60.0 / per_minute if per_minute else 0.0


def _advance(lane: _Lane, smallest_gap: float, now: float) -> None:
    lane.ready_at = max(lane.ready_at, now) + max(lane.gap, smallest_gap)
