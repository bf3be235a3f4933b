"""What every page has around it: the record, the clock, the installation, the stylesheet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from starlette.requests import Request

from models.database import Database
from web.assets import Assets
from web.site import Site
from web.tallies import Tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Everything a page may use. `clock` returns the current time, aware."""

    database: Database
    site: Site
    clock: Callable[[], datetime]
    assets: Assets
    tallies: Tallies = field(default_factory=Tallies)

    @property
    def today(self) -> date:
        """The current day in UTC, by which pages tell what is over from what is to come."""
        return self.clock().date()


def surroundings_of(request: Request) -> Surroundings:
    """Return the surroundings of the application that answers this request."""
    found = request.app.state.surroundings
    assert isinstance(found, Surroundings)  # noqa: S101 - the application puts it there; this tells the type checker
    return found
