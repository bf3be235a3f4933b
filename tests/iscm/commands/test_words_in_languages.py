"""Words in other languages on the command line: --title-in, --name-in and their like."""

from models import Database
from tests.iscm.commands.record_commands import iscm

SLUG = "midsa-20251024-ministerial"
NEWS = ("--mechanism", "midsa", "--date", "2026-11-20", "--title", "MIDSA meets", "--json")


def test_a_title_is_added_in_one_language_after_another(registry: Database) -> None:
    """Each stays when the next is given; one without words goes, and the title itself is not touched."""
    change = ("meetings", "change", SLUG, "--json")
    iscm(registry, *change, "--title-in", "es=")
    row = iscm(registry, *change, "--title-in", "fr=Dialogue 2025", "--title-in", "ar=حوار 2025").json
    assert row["title_in"] == {"ar": "حوار 2025", "fr": "Dialogue 2025"}
    row = iscm(registry, *change, "--title-in", "ES = Diálogo = 2025").json
    assert row["title_in"] == {"ar": "حوار 2025", "es": "Diálogo = 2025", "fr": "Dialogue 2025"}
    row = iscm(registry, *change, "--title-in", "ar=").json
    assert (row["title"], row["title_in"]) == (
        "2025 MIDSA Dialogue",
        {"es": "Diálogo = 2025", "fr": "Dialogue 2025"},
    )


def test_a_mechanism_has_its_names_in_each_language(registry: Database) -> None:
    """The names beside those on record; afterwards the mechanism is found by them."""
    change = ("mechanisms", "change", "igc", "--json")
    row = iscm(registry, *change, "--short-name-in", "fr=CIG", "--name-in", "fr=Consultations de l’IGC").json
    assert (row["short_name_in"]["fr"], row["name_in"]["fr"]) == ("CIG", "Consultations de l’IGC")
    assert (
        iscm(registry, "mechanisms", "change", "CIG", "--acronym-in", "fr=CIG", "--json").json["slug"]
        == "igc"
    )


def test_news_is_told_in_other_languages(registry: Database) -> None:
    """From the beginning and later; what is said in one language leaves the others."""
    row = iscm(registry, "updates", "add", *NEWS, "--title-in", "fr=La MIDSA se réunit").json
    assert (row["title_in"], row["summary_in"]) == ({"fr": "La MIDSA se réunit"}, {})
    row = iscm(
        registry,
        "updates",
        "change",
        row["slug"],
        "--title-in",
        "es=Se reúne",
        "--summary-in",
        "fr=Oui.",
        "--json",
    ).json
    assert (row["title_in"], row["summary_in"]) == (
        {"es": "Se reúne", "fr": "La MIDSA se réunit"},
        {"fr": "Oui."},
    )


def test_what_names_no_other_language_is_refused(sqlite_registry: Database) -> None:
    """No language at all is wrong use; English has its own option."""
    change = ("meetings", "change", SLUG, "--title-in")
    wrong = iscm(sqlite_registry, *change, "Dialogue")
    assert (wrong.code, wrong.err.splitlines()[-1]) == (
        2,
        "Error: Invalid value for '--title-in': 'Dialogue' names no language; write it like fr=\"...\".",
    )
    refused = iscm(sqlite_registry, *change, "en=Dialogue")
    assert (refused.code, refused.err.strip()) == (
        1,
        "iscm: English stands in the field itself; name another language, like fr, es or ar.",
    )
