"""The fields of a region and of a theme."""

from models import field
from models.field import Fields
from models.vocabulary import ThemeFamily

REGION_FIELDS = Fields(
    "region",
    field.required_line("name", 200),
    field.in_languages("name_in", 200),
    field.whole_number("position", least=0, most=10_000, required=True),
)

THEME_FIELDS = Fields(
    "theme",
    field.required_line("name", 200),
    field.in_languages("name_in", 200),
    field.word("family", ThemeFamily, required=True),
    field.whole_number("position", least=0, most=10_000, required=True),
)
