"""What a file says of one meeting, before it is compared with the record."""

from dataclasses import dataclass, field

from calendar_feed.states import EventStatus
from models.base import Facts
from models.when import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as a calendar program shows it. None and empty mean that the file does not say.

    `is_ours` says that this program wrote the file, or that another program kept what it wrote. `point` is in
    degrees. `record` are the fields of a meeting as our export keeps them beside what everybody reads.
    """

    summary: str
    language: str = "en"
    is_ours: bool = False
    when: When | None = None
    only_month: bool = False
    status: EventStatus | None = None
    is_postponed: bool = False
    location: str | None = None
    url: str | None = None
    point: tuple[float, float] | None = None
    join_link: str | None = None
    categories: tuple[str, ...] = ()
    reason: str | None = None
    record: Facts | None = None


@dataclass(slots=True, kw_only=True)
class Entry:
    """One meeting of a file: an event of an .ics file (`told`), or a row of a .csv file (`fields`).

    `line` is where it begins. `uid` is the file's own for it, at most 200 characters; `slug` what our export
    called it. `location` is a place in one line, to be read where nothing more exact is said. A `refusal`
    says why it cannot be taken at all. `is_gone` marks a date that was taken out of a series.
    """

    line: int
    uid: str | None = None
    slug: str | None = None
    title: str | None = None
    told: Told | None = None
    fields: Facts = field(default_factory=dict)
    location: str | None = None
    warnings: list[str] = field(default_factory=list)
    refusal: str | None = None
    is_gone: bool = False

    @property
    def when(self) -> When | None:
        """When it takes place, as far as the file says."""
        found = self.told.when if self.told is not None else self.fields.get("when")
        return found if isinstance(found, When) else None
