"""`iscm meetings`: what cannot be done, and wrong use, change nothing and say why."""

import pytest
from sqlalchemy import select

from models import Database, Revision
from tests.iscm.commands.record_commands import iscm


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ("add", "--mechanism", "midssa", "--title", "X", "--from", "2027-06-08"),
            1,
            "There is no mechanism “midssa”. Did you mean: midsa, midwa, midcas, mid-igad, midcom?",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "X", "--from", "2027-02-30"),
            1,
            "“2027-02-30” is not a date that exists (day is out of range for month).",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "X", "--from", "2027-06-08", "--to", "2027-06-01"),
            1,
            "The end (2027-06-01) lies before the start (2027-06-08); give them in order.",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "X", "--from", "2027-06-08 09:30"),
            1,
            "“2027-06-08 09:30” has an hour, so its zone is needed too, like Europe/Zurich.",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "X", "--from", "2027-06-08 09:30", "--zone", "Lusaka"),
            1,
            "“Lusaka” is not a zone of the IANA database. Did you mean: Africa/Lusaka?",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "X", "--from", "2027-06-08", "--country", "Zambia"),
            1,
            "“Zambia” is not the code of a country; write ZM for Zambia.",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "X", "--from", "2027-06-08", "--url", "x"),
            1,
            "“x” is not a web address; write the web address whole, like https://www.example.org/.",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", " ", "--from", "2027-06-08"),
            1,
            "The title is empty; write one.",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "X" * 501, "--from", "2027-06-08"),
            1,
            "The title has 501 characters; at most 500 are kept. Shorten it.",
        ),
        (
            ("add", "--mechanism", "midsa", "--title", "a\x07b", "--from", "2027-06-08"),
            1,
            "The title holds a character that cannot be printed (U+0007); leave it out.",
        ),
        (
            ("change", "grcp-20171010-grcp", "--city", "Geneva"),
            1,
            "Meeting grcp-20171010-grcp says this already; nothing was changed.",
        ),
        (("change", "grcp-20171010-grp", "--city", "Bern"), 1, None),
        (
            ("cancel", "grcp-20171010-grcp"),
            1,
            "Meeting grcp-20171010-grcp is held and cannot become cancelled (possible: confirmed).",
        ),
        (("delete", "nosuch"), 1, "There is no meeting “nosuch”. See: iscm meetings list"),
        (("list", "--mechanism", "zzz"), 1, "There is no mechanism “zzz”. See: iscm mechanisms list"),
        (("list", "--from", "yesterday"), 1, None),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    sqlite_registry: Database, arguments: tuple[str, ...], code: int, sentence: str | None
) -> None:
    """Exit 1, one line on standard error, nothing on standard output, nothing changed."""
    ran = iscm(sqlite_registry, "meetings", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert sentence is None or ran.err == f"iscm: {sentence}\n"
    with sqlite_registry.reading() as session:
        assert session.scalar(select(Revision).where(Revision.editor == "Ana")) is None


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("add", "--title", "X", "--from", "2027-06-08"), "Missing option '--mechanism'"),
        (("add", "--mechanism", "midsa", "--title", "X"), "Missing option '--from'"),
        (
            ("add", "--mechanism", "midsa", "--title", "X", "--from", "2027", "--kind", "party"),
            "'party' is not one of summit, ministerial,",
        ),
        (("change", "grcp-20171010-grcp"), "Say what to change"),
        (("change", "grcp-20171010-grcp", "--point", "north"), "'north' is not a point"),
        (("list", "--year", "soon"), "'soon' is not a valid integer"),
        (("move",), "No such command 'move'"),
    ],
)
def test_wrong_use_is_exit_2(sqlite_registry: Database, arguments: tuple[str, ...], hint: str) -> None:
    """A missing option or a word that an option does not take is wrong use, and says which."""
    ran = iscm(sqlite_registry, "meetings", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert hint in ran.err
