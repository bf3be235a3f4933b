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
class _Stream:
    """One stream of letters: the earliest moment of the next, and how far apart they are kept."""

    ready_at: float = 0.0
    gap: float = 0.0
    slowed_at: float = float("-inf")

    def advance(self, smallest_gap: float, now: float) -> None:
        """Count a letter that starts now."""
        self.ready_at = max(self.ready_at, now) + max(self.gap, smallest_gap)

    def slow(self, now: float) -> None:
        """Double the distance. What several connections are told about the same moment counts once."""
        if now >= self.slowed_at + self.gap:
            self.gap = min(max(self.gap * 2, FIRST_GAP), LONGEST_PAUSE)
            self.slowed_at = now
        self.ready_at = max(self.ready_at, now + self.gap)

    def hasten(self) -> None:
        """Halve the distance; none is left once it is small."""
        self.gap = self.gap / 2 if self.gap > FIRST_GAP else 0.0


@dataclass(slots=True)
class Pace:
    """Tells when the next letter to a domain may start. `now` is in seconds of one steady clock.

    `per_minute` limits all letters, `domain_per_minute` those to one recipient domain; None means no limit.
    """

    per_minute: float | None = None
    domain_per_minute: float | None = None
    _relay: _Stream = field(default_factory=_Stream)
    _domains: dict[str, _Stream] = field(default_factory=dict)

    def wait(self, domain: str, *, now: float) -> float:
        """Return the seconds until a letter to the domain may start; 0 when it may now."""
        ready_at = self._relay.ready_at
        if self._domains and (stream := self._domains.get(domain)) is not None:
            ready_at = max(ready_at, stream.ready_at)
        return ready_at - now if ready_at > now else 0.0

    def started(self, domain: str, *, now: float) -> None:
        """Count a letter that starts now."""
        self._relay.advance(_smallest_gap(self.per_minute), now)
        if self.domain_per_minute or domain in self._domains:
            self._domain(domain).advance(_smallest_gap(self.domain_per_minute), now)

    def put_off(self, domain: str, *, now: float) -> None:
        """Slow a domain down, whose server said "not now": a little at first, up to 60 s between letters."""
        self._domain(domain).slow(now)

    def relay_put_off(self, *, now: float) -> None:
        """Slow everything down: the relay itself said "not now"."""
        self._relay.slow(now)

    def accepted(self, domain: str) -> None:
        """Trust the relay and a domain a step more: half the distance, and none once it is small."""
        if self._relay.gap:
            self._relay.hasten()
        if self._domains and (stream := self._domains.get(domain)) is not None:
            stream.hasten()
            if stream.gap == 0.0 and not self.domain_per_minute:
                del self._domains[domain]

    def _domain(self, domain: str) -> _Stream:
        return self._domains.setdefault(domain, _Stream())


def _smallest_gap(per_minute: float | None) -> float:
    return 60.0 / per_minute if per_minute else 0.0
