"""The catalogues of sentences."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from templates.environment import FOLDER
from templates.languages import catalogue, direction, own_name

ROOM = Path(FOLDER)
READERS_PAGES = [
    "pages/base.html",
    "pages/parts/search_field.html",
    "pages/confirm.html",
    "pages/unsubscribe.html",
    "pages/preferences.html",
]
SAME_IN_ANOTHER = {"Highlights", "Documents", "Menu"}
CONFIRMATION = [f"email/confirmation/{part}" for part in ("subject.txt", "body.txt", "body.html")]


def sentences(path: Path) -> set[str]:
    """Every sentence a template or module passes through the catalogue."""
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {"trimmed": "true", "silent": "false"}
    found = extract_from_file(
        method, path, keywords={"_": None, "gettext": None, "sentence": None}, options=options
    )
    return {message if isinstance(message, str) else message[0] for _, message, _, _ in found}


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_readers_pages_speak_one_language(language: str) -> None:
    """No sentence of a page or mail that belongs to one reader stands in English by oversight."""
    wanted = set().union(*(sentences(ROOM / name) for name in READERS_PAGES + CONFIRMATION))
    wanted |= sentences(ROOM.parent / "web" / "navigation.py")
    assert len(wanted) > 30
    gettext = catalogue(language).gettext
    assert {sentence for sentence in wanted if gettext(sentence) == sentence} <= SAME_IN_ANOTHER


def test_languages_name_themselves() -> None:
    """A reader finds their language by its own name, and Arabic runs from right to left."""
    assert [(own_name(code), direction(code)) for code in ("en", "fr", "es", "ar")] == [
        ("English", "ltr"),
        ("français", "ltr"),
        ("español", "ltr"),
        ("العربية", "rtl"),
    ]


def test_catalogue_of_an_unknown_language_is_english() -> None:
    """A language without a catalogue is no error."""
    assert catalogue("vi").gettext("Leave") == "Leave"
