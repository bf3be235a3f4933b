"""What the addresses for the operator are answered from: /readyz and /metrics."""

from collections.abc import Callable
from dataclasses import dataclass

from calendar_feed.standings import Standings
from web.meters import Meters
from web.proxies import Networks


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """Of one web process: the feeds it serves (None: none read yet), what it counts, who may read that."""

    feeds: Callable[[], Standings | None]
    meters: Meters
    metrics_from: Networks
