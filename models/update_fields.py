"""The fields of an update."""

from models import field, plain_text
from models.field import Field, Fields
from models.known import Known
from models.mechanism_place import mechanism_places
from models.update import DayMeans, Update, UpdateKind, UpdateMechanism
from models.vocabulary import Confidence
from models.when import ImpossibleDate, Precision, When


def check_date(value: object) -> str:
    """Read the date of a news item: a day (2027-06-08), or a month (2027-06) where the day is not known."""
    when = When.parse(plain_text.required_line(value, name="date"))
    if when.precision not in {Precision.DAY, Precision.MONTH} or when.start_text is None:
        raise ImpossibleDate(
            f"The date of an update is a day or a month, like 2027-06-08 or 2027-06, not “{value}”."
        )
    return when.start_text


def written_date(update: Update) -> str:
    """Return an update's date as far as it is known: YYYY-MM-DD or YYYY-MM."""
    return update.day.isoformat() if update.day_known else f"{update.day:%Y-%m}"


def _date() -> Field:
    def write(record: Update, value: str, known: Known) -> None:
        del known
        when = When.parse(value)
        if when.first is not None:
            record.day, record.day_known = when.first, when.precision is Precision.DAY

    return Field("date", check_date, written_date, write)


UPDATE_FIELDS = Fields(
    "update",
    _date(),
    field.word("day_means", DayMeans, required=True),
    mechanism_places(UpdateMechanism),
    field.word("kind", UpdateKind, required=True),
    field.required_line("title"),
    field.in_languages("title_in"),
    field.text("summary"),
    field.in_languages("summary_in", plain_text.TEXT, several_lines=True),
    field.web_address("url"),
    field.language("source_language"),
    field.slugs("themes", attribute="theme_tags", of=Known.theme),
    field.text("source", plain_text.ADDRESS),
    field.word("confidence", Confidence, required=True),
)
