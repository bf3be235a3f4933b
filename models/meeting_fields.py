"""The fields of a meeting."""

from collections.abc import Mapping

from models import field, plain_text
from models.base import Facts
from models.field import Field, Fields
from models.known import Known
from models.mechanism_place import mechanism_places
from models.meeting import Kind, Meeting, MeetingMechanism, MeetingStatus, Mode, Visibility
from models.plain_text import UnwelcomeText
from models.vocabulary import Confidence
from models.when import When


def check_when(value: object) -> Facts:
    """Read a When, or the mapping that When.as_json() gives; raises its refusals."""
    if isinstance(value, When):
        return value.as_json()
    if not isinstance(value, Mapping):
        raise UnwelcomeText(f"The date must be given with start, end and zone, not {value!r:.60}.")
    return When.from_json(value).as_json()


def _when() -> Field:
    def write(record: Meeting, value: Facts, known: Known) -> None:
        del known
        record.when = When.from_json(value)

    return Field("when", check_when, lambda record: record.when.as_json(), write)


def _previous_when() -> Field:
    return field.column("previous_when", lambda value: None if value is None else check_when(value))


MEETING_FIELDS = Fields(
    "meeting",
    field.required_line("title"),
    field.in_languages("title_in"),
    mechanism_places(MeetingMechanism),
    _when(),
    field.word("kind", Kind, required=True),
    field.word("status", MeetingStatus, required=True),
    field.text("reason", 2_000),
    _previous_when(),
    field.moment("moved_at"),
    field.word("mode", Mode),
    field.line("venue"),
    field.line("city", 200),
    field.country("country"),
    field.degrees("latitude", most=90),
    field.degrees("longitude", most=180),
    field.web_address("join_link"),
    field.country("host"),
    field.line("theme"),
    field.slugs("themes", attribute="theme_tags", of=Known.theme),
    field.lines("sessions"),
    field.line("local_times"),
    field.line("interpretation"),
    field.web_address("url"),
    field.text("source", plain_text.ADDRESS),
    field.word("confidence", Confidence, required=True),
    field.word("visibility", Visibility, required=True),
    field.text("notes"),
)
