"""`iscm subscribers`: what is printed, what is refused, and with which exit code."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iscm.commands import command
from models import Refusal


@pytest.fixture(autouse=True)
def _database(bare_folder: Path) -> None:
    """An empty database in the current folder."""
    run("database", "upgrade")


def run(*words: str) -> Result:
    """Run a command; what a person is refused with is an exception here."""
    return CliRunner().invoke(command, words, catch_exceptions=False)


def refused(*words: str) -> str:
    """Run a command that is refused; return its sentence."""
    with pytest.raises(Refusal) as refusal:
        run(*words)
    return str(refusal.value)


def listed() -> list[tuple[str, str, str]]:
    """Return address, language and state of all readers, as an outside program reads them."""
    rows = json.loads(run("subscribers", "list", "--json").output)
    return [(row["address"], row["language"], row["state"]) for row in rows]


def test_add_and_list() -> None:
    """A confirmed reader is one at once; an unconfirmed one is asked."""
    added = run("subscribers", "add", "amina@example.org", "--language", "fr", "--confirmed")
    assert (added.exit_code, added.output) == (0, "Added amina@example.org.\n")
    asked = run("subscribers", "add", "jean@example.org")
    assert asked.output == "Added jean@example.org, who is asked by mail to confirm it.\n"
    assert listed() == [
        ("amina@example.org", "fr", "confirmed"),
        ("jean@example.org", "en", "pending"),
    ]
    assert run("subscribers", "list").output.splitlines()[0].split("\t")[:3] == [
        "address",
        "language",
        "state",
    ]


def test_add_takes_a_language_in_capitals() -> None:
    """FR is fr, as in a file of readers."""
    assert run("subscribers", "add", "amina@example.org", "--language", "FR", "--confirmed").exit_code == 0
    assert listed() == [("amina@example.org", "fr", "confirmed")]


def test_add_what_is_known_or_wrong() -> None:
    """Each refusal is a sentence, and nothing is changed."""
    run("subscribers", "add", "amina@example.org", "--confirmed")
    assert refused("subscribers", "add", "AMINA@example.org", "--confirmed") == (
        "AMINA@example.org is known already; nothing was changed."
    )
    assert refused("subscribers", "add", "nobody", "--confirmed") == (
        '"nobody" is not an address; write it like name@example.org.'
    )
    assert run("subscribers", "add", "b@example.org", "--language", "xx").exit_code == 2
    assert listed() == [("amina@example.org", "en", "confirmed")]


def test_import_is_told_in_numbers(bare_folder: Path) -> None:
    """What was added, known, kept away and refused, each with its number; bad rows with their line."""
    run("subscribers", "add", "gone@example.org", "--confirmed")
    run("subscribers", "erase", "gone@example.org")
    file = bare_folder / "readers.csv"
    file.write_text("\ufeffaddress;language\na@example.org;fr\nbad\ngone@example.org;en\na@example.org;en\n")
    done = run("subscribers", "import", str(file), "--confirmed")
    assert done.exit_code == 0
    assert done.stdout == "added: 1, known already: 1, kept unsubscribed: 1, refused: 1\n"
    assert done.stderr == 'line 3: "bad" is not an address; write it like name@example.org.\n'
    assert listed() == [("a@example.org", "fr", "confirmed")]
    assert refused("subscribers", "add", "gone@example.org", "--confirmed") == (
        "gone@example.org was erased, and is not to be written to again; only its owner can sign up again."
    )


def test_import_of_nothing_usable(bare_folder: Path) -> None:
    """A file in which no row can be taken is refused with exit 1; one that is not there, in a sentence."""
    file = bare_folder / "readers.csv"
    file.write_text("address\nbad\nworse\n")
    assert run("subscribers", "import", str(file), "--confirmed").exit_code == 1
    assert "cannot be read" in refused("subscribers", "import", "none.csv", "--confirmed")


def test_source_is_kept_with_the_consent(bare_folder: Path) -> None:
    """By default the file's name, otherwise what is said."""
    file = bare_folder / "readers.csv"
    file.write_text("address\na@example.org\n")
    run("subscribers", "import", str(file), "--confirmed")
    file.write_text("address\nb@example.org\n")
    run("subscribers", "import", str(file), "--confirmed", "--source", "conference of 2025")
    kept = [
        json.loads(run("subscribers", "export", address).output)["consents"][0]["source"]
        for address in ("a@example.org", "b@example.org")
    ]
    assert kept == ["readers.csv", "conference of 2025"]


def test_export_and_erase() -> None:
    """All readers as CSV; one as JSON; erased, nothing is left to show."""
    run("subscribers", "add", "amina@example.org", "--confirmed", "--name", "Amina", "--language", "fr")
    exported = run("subscribers", "export").output.splitlines()
    assert exported[0].startswith("address,language,state,")
    assert exported[1].startswith("amina@example.org,fr,confirmed,Amina,subscription,")
    assert json.loads(run("subscribers", "export", "amina@example.org").output)["name"] == "Amina"
    assert run("subscribers", "erase", "amina@example.org").exit_code == 0
    assert listed() == []
    kept = json.loads(run("subscribers", "export", "--of", "amina@example.org").output)
    assert [one["reason"] for one in kept["never_written_to"]] == ["erased"]
    assert "amina" not in str(kept)
    for act in ("erase", "leave"):
        assert refused("subscribers", act, "amina@example.org") == (
            "Nothing is kept about amina@example.org but the mark that it is never written to."
        )
    for act in ("export", "erase", "leave"):
        assert refused("subscribers", act, "b@example.org") == "Nothing is kept about b@example.org."


def test_post_is_handed_over() -> None:
    """The post goes to its new holder, who is told; the old address stays away, and is told why."""
    run(
        "subscribers",
        "add",
        "old@mfa.example",
        "--circulation",
        "--post",
        "Head of Unit",
        "--organisation",
        "MFA",
    )
    done = run("subscribers", "hand-over", "old@mfa.example", "new@mfa.example", "--name", "N. New")
    assert done.output == (
        "Head of Unit, MFA: letters go to new@mfa.example, who is told by mail, "
        "and no longer to old@mfa.example.\n"
    )
    (row,) = json.loads(run("subscribers", "list", "--json").output)
    kept = [row[name] for name in ("address", "kind", "name", "organisation", "post", "state")]
    assert kept == ["new@mfa.example", "circulation", "N. New", "MFA", "Head of Unit", "confirmed"]
    assert "held a post that was handed over on" in refused("subscribers", "add", "old@mfa.example")
    assert "receives the letter at old@mfa.example" in refused(
        "subscribers", "hand-over", "old@mfa.example", "x@mfa.example"
    )
    run("subscribers", "add", "own@example.org", "--confirmed")
    assert "nobody can hand over a consent" in refused(
        "subscribers", "hand-over", "own@example.org", "x@mfa.example"
    )
    run("subscribers", "suppress", "never@mfa.example")
    assert refused("subscribers", "hand-over", "new@mfa.example", "never@mfa.example") == (
        "An editor decided that nothing is sent to never@mfa.example any more."
    )
    assert run("subscribers", "add", "p@example.org", "--post", "Clerk").exit_code == 2


def test_leave_is_as_by_their_own_click() -> None:
    """Who asked an editor is off the list, and no file brings them back."""
    run("subscribers", "add", "amina@example.org", "--confirmed")
    assert run("subscribers", "leave", "Amina@example.org").exit_code == 0
    assert listed() == [("amina@example.org", "en", "left")]
    assert "stays so" in refused("subscribers", "add", "amina@example.org", "--confirmed")


def test_import_of_standard_input() -> None:
    """A list can come out of another program's pipe, which nobody can read twice."""
    kept, (reads, writes) = os.dup(0), os.pipe()
    os.write(writes, b"\xef\xbb\xbfaddress,language\na@example.org,fr\n")
    os.close(writes)
    os.dup2(reads, 0)
    try:
        done = run("subscribers", "import", "-", "--confirmed")
    finally:
        os.dup2(kept, 0)
        for one in (kept, reads):
            os.close(one)
    assert done.output == "added: 1, known already: 0, kept unsubscribed: 0, refused: 0\n"
    assert listed() == [("a@example.org", "fr", "confirmed")]
    assert '"source": "standard input"' in run("subscribers", "export", "a@example.org").stdout


def test_import_tried_and_mapped(bare_folder: Path) -> None:
    """A dry run shows each row and writes nothing; the map names the columns of somebody else's file."""
    file = bare_folder / "readers.csv"
    file.write_text("E-mail;Lang\na@example.org;FR\nbad;\na@example.org;\n")
    words = ("subscribers", "import", str(file), "--confirmed", "--map", "address=E-mail,language=Lang")
    tried = run(*words, "--dry-run")
    assert tried.output.splitlines() == [
        "      2  added             a@example.org fr",
        '      3  refused           "bad" is not an address; write it like name@example.org.',
        "      4  already           a@example.org en",
        "Nothing was written. It would be: added: 1, known already: 1, kept unsubscribed: 0, refused: 1",
    ]
    assert listed() == []
    assert json.loads(run(*words, "--json").stdout) == {
        "written": True,
        "added": 1,
        "already": 1,
        "kept_unsubscribed": 0,
        "refused": 1,
    }
    assert listed() == [("a@example.org", "fr", "confirmed")]
    everybody = json.loads(run("subscribers", "export", "--json").output)
    assert [one["address"] for one in everybody] == ["a@example.org"]
    assert json.loads(run("subscribers", "export", "--of", "a@example.org").output)["language"] == "fr"
