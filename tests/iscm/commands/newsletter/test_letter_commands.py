"""`iscm newsletter` list, compile, preview, edit, check, approve, schedule: as an editor uses them."""

import email
import email.policy
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iscm.commands import command
from models.database import Database
from models.refusal import Refusal
from newsletter.pdf.paper import has_typst
from newsletter.preflight.words import words_of_html, words_of_text
from tests.newsletter.issue_facts import add_readers


@pytest.fixture
def house(registry: Database, address_of: object, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A house with the bundled registry and twenty readers."""
    assert callable(address_of)
    monkeypatch.setenv("ISCM_DATABASE_URL", address_of(registry))
    monkeypatch.setenv("ISCM_EDITOR_NAME", "Ana")
    with registry.writing() as session:
        add_readers(session, 20)
    return registry


def _run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(command, ["newsletter", *words], input=given, catch_exceptions=False)


def _rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(_run("list", "--json").stdout)
    return rows


def test_year_goes_from_compiling_to_its_hour(house: Database) -> None:
    """Each command says what it did; the list shows how far the issue has come."""
    assert _run("list", "--json").stdout == "[]\n"
    assert _run("compile", "2017").stdout == "2017\n"
    assert _run("check", "2017").exit_code == 0
    approved = _run("approve", "2017")
    assert approved.stdout.startswith("Issue 2017 is approved for 20 readers, content ")
    scheduled = _run(
        "schedule",
        "2017",
        "--at",
        "2099-12-14 09:00",
        "--zone",
        "Europe/Zurich",
        "--not-after",
        "2099-12-14 18:00",
    )
    assert scheduled.stdout == (
        "Issue 2017 is sent on 14 December 2099, 09:00 Zurich time (2099-12-14 08:00 UTC), "
        "and not after 14 December 2099, 18:00 Zurich time.\n"
    )
    (row,) = _rows()
    assert {
        key: row[key]
        for key in (
            "code",
            "year",
            "title",
            "state",
            "revision",
            "approved_by",
            "scheduled_at",
            "scheduled_wall",
            "zone",
            "not_after",
        )
    } == {
        "code": "2017",
        "year": 2017,
        "title": "ISCM Highlights 2017",
        "state": "scheduled",
        "revision": 1,
        "approved_by": "Ana",
        "scheduled_at": "2099-12-14T08:00:00+00:00",
        "scheduled_wall": "2099-12-14 09:00",
        "zone": "Europe/Zurich",
        "not_after": "2099-12-14T17:00:00+00:00",
    }


def test_preview_writes_what_a_reader_would_get(house: Database, tmp_path: Path) -> None:
    """HTML, text and a mail that holds both; into a folder that is made for it."""
    _run("compile", "2017")
    folder = tmp_path / "new" / "folder"
    done = _run("preview", "2017", str(folder))
    kinds = ("eml", "html", "pdf", "txt") if has_typst() else ("eml", "html", "txt")
    assert (done.exit_code, sorted(path.name for path in folder.glob("*.*"))) == (
        0,
        [f"{language}.{kind}" for language in ("ar", "en", "es", "fr") for kind in kinds],
    )
    html, text = ((folder / f"en.{kind}").read_text(encoding="utf-8") for kind in ("html", "txt"))
    assert words_of_html(html) == words_of_text(text)
    assert "SLOT" not in html + text
    mail = email.message_from_bytes((folder / "en.eml").read_bytes(), policy=email.policy.default)
    bodies = {
        part.get_content_type(): part.get_content().replace("\r\n", "\n").rstrip()
        for part in mail.walk()
        if part.get_content_maintype() == "text"
    }
    assert set(re.findall(r'src="(.*?)"', html)) == {f"pictures/en-{one}.png" for one in ("map", "timeline")}
    assert all((folder / "pictures" / f"en-{one}.png").is_file() for one in ("map", "timeline"))
    html = re.sub(r'src="pictures/en-(\w+)\.png"', r'src="\1"', html)
    of_mail = re.sub(r'src="cid:(\w+)\..*?"', r'src="\1"', bodies["text/html"])
    assert (bodies["text/plain"], of_mail) == (text.rstrip(), html.rstrip())
    assert (mail["Subject"], mail["To"]) == ("ISCM Highlights 2017", "reader@example.org")


def test_edited_file_is_taken_back_and_ends_the_approval(house: Database, tmp_path: Path) -> None:
    """Printed, changed in an editor's program, taken back; the issue has to be approved again."""
    _run("compile", "2017")
    _run("approve", "2017")
    file = tmp_path / "2017.txt"
    file.write_text(
        _run("edit", "2017").stdout.replace("adopted the Colombo", "adopted a Colombo"), encoding="utf-8"
    )
    done = _run("edit", "2017", "--from", str(file))
    assert (done.exit_code, done.stderr) == (
        0,
        "Issue 2017 is at revision 2.\nIt has to be approved again.\n",
    )
    assert [(row["state"], row["revision"], row["approved_by"]) for row in _rows()] == [("draft", 2, None)]
    with pytest.raises(Refusal, match="Run: iscm newsletter approve 2017"):
        _run("schedule", "2017", "--at", "2099-12-14 09:00")


DROPPED = (
    "Its schedule for 14 December 2099, 09:00 Zurich time is dropped. Once it is approved, schedule it anew: "
    "iscm newsletter schedule 2017 --at TIME\n"
)


def _scheduled() -> None:
    _run("compile", "2017")
    _run("approve", "2017")
    _run("schedule", "2017", "--at", "2099-12-14 09:00")


def test_schedule_is_never_dropped_in_silence(house: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Editing, approving and compiling a scheduled issue each say that its hour is gone, and which it was."""
    _scheduled()
    file = _run("edit", "2017").stdout.replace("adopted the Colombo", "adopted a Colombo")
    done = _run("edit", "2017", "--from", "-", given=file)
    assert done.stderr == f"Issue 2017 is at revision 2.\nIt has to be approved again.\n{DROPPED}"

    _scheduled()
    assert _run("approve", "2017").stderr.endswith(DROPPED)

    _run("schedule", "2017", "--at", "2099-12-14 09:00")
    monkeypatch.setenv("ISCM_BASE_URL", "https://iscm.example")
    assert _run("compile", "2017").stderr == f"It has to be approved again.\n{DROPPED}"


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "tomorrow"),
        ("--at", "2099-12-14 09:00", "--zone", "Mars/Olympus"),
        ("--at", "2099-12-14 09:00", "--not-after", "noon"),
    ],
)
def test_time_or_zone_that_cannot_be_read_is_wrong_use(house: Database, words: tuple[str, ...]) -> None:
    """Exit 2, with the sentence; a time that is past stays a refusal, and a doubled one names its option."""
    _run("compile", "2017")
    _run("approve", "2017")
    done = _run("schedule", "2017", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "write it like" in done.stderr.casefold()
    with pytest.raises(Refusal, match="is past"):
        _run("schedule", "2017", "--at", "2001-12-14 09:00")
    with pytest.raises(Refusal, match="--which first or --which second"):
        _run("schedule", "2017", "--at", "2027-10-31 02:30")


def test_issue_compiled_for_another_address_is_stopped_at_every_step(
    house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled before ISCM_BASE_URL was set: refused until it is compiled again."""
    _run("compile", "2017")
    _run("approve", "2017")
    monkeypatch.setenv("ISCM_BASE_URL", "https://iscm.example")
    assert _run("check", "2017").stderr == (
        "blocks: [base_url] The issue's links lead to http://127.0.0.1:8000, "
        "while the site is at https://iscm.example now. Compile it again: iscm newsletter compile 2017\n"
    )
    for words in (("approve", "2017"), ("schedule", "2017", "--at", "2099-12-14 09:00"), ("send", "2017")):
        with pytest.raises(Refusal, match="Compile it again: iscm newsletter compile 2017"):
            _run(*words)
    _run("compile", "2017")
    assert _run("check", "2017").exit_code == 0


def test_loopback_links_warn_once_mail_leaves_the_machine(
    house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the local mailbox they are as they should be."""
    _run("compile", "2017")
    assert "lead to this machine" not in _run("check", "2017").stdout
    monkeypatch.setenv("ISCM_SMTP_URL", "smtp://mail.example.org")
    assert "link(s) lead to this machine, where readers cannot come." in _run("check", "2017").stdout


def test_edited_file_may_come_by_pipe(house: Database) -> None:
    """- is standard input; what is no text is refused."""
    _run("compile", "2017")
    printed = _run("edit", "2017").stdout
    assert _run("edit", "2017", "--from", "-", given=printed).stderr == "Issue 2017 is at revision 1.\n"
    with pytest.raises(Refusal, match="not UTF-8 text"):
        CliRunner().invoke(
            command, ["newsletter", "edit", "2017", "--from", "-"], input=b"\xff\xfe", catch_exceptions=False
        )


def test_check_exits_with_one_when_something_blocks(house: Database) -> None:
    """The reason on standard error, warnings on standard output; the same as JSON."""
    _run("compile", "2017")
    file = _run("edit", "2017").stdout
    _run("edit", "2017", "--from", "-", given=file.replace("subject: ISCM Highlights 2017", "subject:"))
    done = _run("check", "2017")
    assert (done.exit_code, done.stderr) == (
        1,
        "".join(
            f"blocks in {language}: [subject] There is no subject. Write one with: iscm newsletter edit "
            "(issue/subject)\n"
            for language in ("en", "fr", "es", "ar")
        ),
    )
    assert done.stdout.count("warns: [confidence] ") == 4
    as_json = _run("check", "2017", "--json")
    assert (
        as_json.exit_code,
        [entry["rule"] for entry in json.loads(as_json.stdout) if entry["blocks"]],
    ) == (1, ["subject"] * 4)


def test_compile_tells_what_changed_on_standard_error_only(house: Database) -> None:
    """Scripts read the code from standard output."""
    _run("compile", "2017")
    again = _run("compile", "2017")
    assert (again.stdout, again.stderr) == ("2017\n", "Nothing changed since it was compiled last.\n")


@pytest.mark.parametrize(
    "words",
    [
        ("check", "1999"),
        ("approve", "1999"),
        ("edit", "1999"),
        ("preview", "1999", "x"),
        ("schedule", "1999", "--at", "x"),
    ],
)
def test_unknown_issue_is_refused(house: Database, words: tuple[str, ...]) -> None:
    """By every command, in one sentence."""
    with pytest.raises(Refusal, match="There is no issue 1999"):
        _run(*words)


@pytest.mark.parametrize(
    "words",
    [
        ("compile", "abc"),
        ("compile",),
        ("schedule", "2017"),
        ("schedule", "2017", "--at", "x", "--which", "third"),
        ("edit", "2017", "--from", "missing.txt"),
    ],
)
def test_wrong_use_exits_with_two(words: tuple[str, ...]) -> None:
    """Before anything is opened."""
    assert _run(*words).exit_code == 2


def test_warning_may_stand_with_a_reason(house: Database) -> None:
    """The reason is shown with who gave it, by text and as JSON, until it is withdrawn."""
    _run("compile", "2017")
    done = _run("check", "2017", "--override", "confidence", "--reason", "Confirmed by telephone")
    assert done.stderr == "4 warning(s) of the rule confidence may stand.\n"
    assert done.stdout.count("may stand: [confidence] The record is not sure") == 4
    assert done.stdout.count(": Confirmed by telephone\n") == 4
    assert " Ana, " in done.stdout
    found = json.loads(_run("check", "2017", "--json").stdout)
    kept = [one["overridden"] for one in found if one["rule"] == "confidence"]
    assert [(one["reason"], one["editor"]) for one in kept] == [("Confirmed by telephone", "Ana")] * 4
    assert "warns: [confidence]" in _run("check", "2017", "--withdraw", "confidence").stdout
    assert _run("check", "2017", "--override", "confidence").exit_code == 2
    with pytest.raises(Refusal, match="The rule sent warns of nothing"):
        _run("check", "2017", "--override", "sent", "--reason", "x")
