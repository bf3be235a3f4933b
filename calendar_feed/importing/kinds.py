"""What sort of meeting a file means, by the words our own calendars use for it."""

from collections.abc import Iterable
from functools import cache

from calendar_feed.importing.title_reading import LANGUAGES
from calendar_feed.words import kind_name
from models.meeting import Kind
from templates.text import slugify


def named_kind(categories: Iterable[str], *, title: str) -> Kind | None:
    """Return the kind that a category names or, failing that, that the title plainly holds."""
    for category in categories:
        if found := kind_called(category):
            return found
    words = f"-{slugify(title)}-"
    for (
        name,
        kind,
    ) in _names().items():  # the longest first: "Vice-Ministerial Meeting" is no "Ministerial Meeting"
        if f"-{name}-" in words:
            return kind
    return None


def kind_called(name: str) -> Kind | None:
    """Return the kind of that name in any of our languages, or None."""
    return _names().get(slugify(name))


@cache
def _names() -> dict[str, Kind]:
    found = {
        slugify(name): kind
        for language in LANGUAGES
        for kind in Kind
        if (name := kind_name(kind, language=language)) and slugify(name)
    }
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))
