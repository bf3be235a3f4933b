"""The fields of a page."""

from operator import attrgetter
from typing import Final

from models import field, plain_text
from models.field import Field, Fields
from models.plain_text import UnwelcomeText

LONGEST_BODY: Final = 60_000
"""Characters of a page's text that are kept at most."""


def _body() -> Field:
    def check(value: object) -> str:
        found = plain_text.text(value, name="text", limit=LONGEST_BODY)
        if found is None:
            raise UnwelcomeText("The text is empty; write one, or delete the page.")
        return found

    return field.column("body", check)


PAGE_FIELDS = Fields(
    "page",
    field.required_line("title", 200),
    field.line("summary"),
    field.whole_number("position", least=0, most=10_000, required=True),
    field.flag("shown"),
    _body(),
    code=attrgetter("code"),
)
