"""The catalogue's template, and that every sentence goes through it."""

import shutil
from pathlib import Path

import pytest

from templates.environment import FOLDER
from templates.sentences import FILE, ROOT, gathered
from tests.templates.bare_text import bare_text

# Names of things and titles that feeds write: the same in every language.
NAMES = {
    "ISCM",
    "IOM",
    "Google",
    "Google Calendar",
    "Outlook",
    "Outlook.com",
    "Apple",
    "Thunderbird",
    "JSON Feed",
}
MARKUP = {"website", "article"}
"""Words of protocols, which machines read."""


def test_template_of_the_catalogues_is_as_the_sentences_are() -> None:
    """What translators get is what pages and feeds say today; `make catalogs` writes it anew."""
    assert FILE.read_text() == gathered().decode()


def test_template_of_the_catalogues_is_the_same_everywhere(tmp_path: Path) -> None:
    """Another folder, other lines in a file: the same bytes. A new sentence is in it."""
    for room in ("templates", "web", "calendar_feed", "newsletter"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("*.pyc"))
    navigation = tmp_path / "web" / "navigation.py"
    navigation.write_text("# a line more\n" + navigation.read_text())
    assert gathered(tmp_path) == gathered()
    (tmp_path / "web" / "new.html").write_text('{{ _("Said for the first time") }}')
    assert b'#: web/new.html\nmsgid "Said for the first time"\nmsgstr ""\n' in gathered(tmp_path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>Plain words</p>", ["Plain words"]),
        ('<p title="Of {{ n }} things">{{ _("Known") }}</p>', ["Of  things"]),
        ("{% trans n=number %}{{ n }} of them{% endtrans %}", []),
        ('{{ "No meeting yet" if not meetings }}', ["No meeting yet"]),
        ('{{ _("No meeting yet") if not meetings }}', []),
        ('{{ ngettext("One meeting ahead", "Many meetings ahead", n) }}', []),
        ('<p class="large name">{# a remark #}{{ title }} – 2026 · a</p>', []),
        ('<button aria-label="Close">×</button>', ["Close"]),
    ],
)
def test_bare_text_is_found(source: str, said: list[str]) -> None:
    """The finder sees text, spoken attributes and phrases in expressions, and nothing else."""
    assert bare_text(source) == said


def test_pages_say_nothing_past_the_catalogue() -> None:
    """Every word of every page that is not a name goes through `_()` or `{% trans %}`."""
    found = {
        path.relative_to(FOLDER).as_posix(): words
        for path in sorted((FOLDER / "pages").rglob("*.html"))
        if (words := [said for said in bare_text(path.read_text()) if said not in NAMES | MARKUP])
    }
    assert found == {}
