"""The ledger: one row a letter, bound to the one before; whatever is done to the file is found and said."""

import csv
import json
from collections.abc import Callable
from io import StringIO

import pytest
from sqlalchemy import select, update

from models import Database, Delivery, DeliveryState, Edition, Report
from newsletter.chain import Sealing, first_link, next_link
from newsletter.chain import seal as sealed
from newsletter.course import NotSendable, begin_sending, find_issue
from newsletter.events import note_report
from newsletter.keys import Keys
from newsletter.ledger import COLUMNS, Written, write_ledger
from newsletter.verifying import LedgerBroken, Verified, verify_ledger
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue, ready_to_send

Rows = list[list[str]]
NUMBER, LINK, ANCHOR, SEAL = (COLUMNS.index(name) for name in ("number", "chain", "anchor", "seal"))

UNLINKED = (
    "Row {row} (reader4@example.org) does not continue row {before}: it was changed after the export, or a "
    "row before it was taken out and the rest numbered anew."
)


def exported(database: Database) -> tuple[str, Written]:
    """Return the issue's ledger as a file's text, and what was said of it."""
    file = StringIO()
    with database.reading() as session:
        written = write_ledger(session, find_issue(session, CODE), file, keys=KEYS, now=NOW)
    return file.getvalue(), written


def ledger_of(database: Database, *, readers: int = 6) -> tuple[str, Written]:
    """Return the ledger of a sending with a letter rejected, one in doubt, one bounced later."""
    ready_to_send(database, readers)
    with database.writing() as session:
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        session.execute(update(Delivery).values(state=DeliveryState.ACCEPTED, code=250))
        first, second, third = session.scalars(select(Delivery).order_by(Delivery.id).limit(3))
        first.state, first.code = DeliveryState.REJECTED, 550
        second.state, second.code = DeliveryState.IN_DOUBT, None
        note_report(session, delivery_id=third.id, what=Report.BOUNCED, at=NOW, status="5.1.1")
    return exported(database)


def changed(text: str, change: Callable[[Rows], None]) -> str:
    """Return the file with its rows (without the heads) changed."""
    heads, *rows = csv.reader(StringIO(text))
    change(rows)
    file = StringIO()
    csv.writer(file).writerows([heads, *rows])
    return file.getvalue()


def complaint(text: str, *, keys: Keys | None = None, last_link: str | None = None) -> str:
    """Return what a broken ledger is refused with."""
    with pytest.raises(LedgerBroken) as refusal:
        verify_ledger(StringIO(text, newline=""), keys=keys, last_link=last_link)
    return str(refusal.value)


def checked(text: str, *, keys: Keys | None = None) -> Verified:
    """Return what a whole ledger says."""
    return verify_ledger(StringIO(text, newline=""), keys=keys)


def test_ledger_says_what_it_is_anchored_to(database: Database) -> None:
    """The approved content, the editions' hashes and every number stand in it, to be checked without us."""
    text, written = ledger_of(database)
    with database.reading() as session:
        digest = session.scalars(select(Edition.hash)).one()
    found = checked(text)
    assert dict(found.anchor) == {
        "form": 1,
        "issue": CODE,
        "state": "sending",
        "approved": "0" * 64,
        "editions": {"en": digest},
        "exported_at": "2026-12-14T08:00:00Z",
        "candidates": 6,
        "excluded": 0,
        "excluded_by": {},
        "included": 6,
        "accepted": 4,
        "rejected": 1,
        "skipped": 0,
        "in_doubt": 1,
        "open": 0,
    }
    assert (
        (found.rows, found.last_link, found.seal)
        == (written.rows, written.last_link, None)
        == (
            6,
            written.last_link,
            None,
        )
    )
    reports = [row["reports"] for row in csv.DictReader(StringIO(text))]
    assert reports == ["", "", "bounced 5.1.1 2026-12-14T08:00:00Z", "", "", ""]


def test_ledger_saved_by_a_spreadsheet(sqlite_database: Database) -> None:
    """Other line ends and more quotes change no value, so the ledger still holds."""
    text, written = ledger_of(sqlite_database)
    rows = list(csv.reader(StringIO(text)))
    file = StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    assert checked(file.getvalue()).last_link == written.last_link


def swap(rows: Rows) -> None:
    """Exchange two rows that stand beside each other."""
    rows[2], rows[3] = rows[3], rows[2]


def renumber(rows: Rows) -> None:
    """Take a row out and number the rest anew."""
    del rows[2]
    for number, row in enumerate(rows, 1):
        row[NUMBER] = str(number)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda rows: rows[3].__setitem__(3, "rejected"),
            UNLINKED.format(row=4, before=3),
        ),
        (
            lambda rows: rows[0].__setitem__(0, "other@example.org"),
            "Row 1 (other@example.org) or its anchor was changed after the export.",
        ),
        (
            lambda rows: rows[0].__setitem__(ANCHOR, rows[0][ANCHOR].replace('"accepted":4', '"accepted":5')),
            "Row 1 (reader1@example.org) or its anchor was changed after the export.",
        ),
        (lambda rows: rows.pop(2), "Row 3 is missing: row 4 follows row 2."),
        (lambda rows: rows.pop(0), "Row 1 is missing: the first row is row 2."),
        (
            lambda rows: rows.__delitem__(slice(1, 4)),
            "Rows 2 to 4 are missing: row 5 follows row 1.",
        ),
        (
            swap,
            "The rows are out of order: row 4 stands where row 3 should, which comes later.",
        ),
        (
            lambda rows: rows.insert(3, rows[1]),
            "Row 2 stands a second time, after row 3: rows were copied or moved.",
        ),
        (
            renumber,
            UNLINKED.format(row=3, before=2),
        ),
        (lambda rows: rows.pop(), "The file ends after row 5 of 6: the last row is missing."),
        (
            lambda rows: rows.__delitem__(slice(2, None)),
            "The file ends after row 2 of 6: the last 4 rows are missing.",
        ),
        (
            lambda rows: rows.clear(),
            "The file has no row: the sending had not begun, or every row was taken out.",
        ),
        (
            lambda rows: rows[5].__setitem__(SEAL, ""),
            "Row 6 is the last, and its seal is missing or cut off.",
        ),
        (lambda rows: rows[1].pop(), "Row 2 has 10 values instead of 11: it was changed."),
    ],
)
def test_ledger_that_was_changed(
    sqlite_database: Database, change: Callable[[Rows], object], said: str
) -> None:
    """Each thing done to the file is found, and a sentence says what and where."""
    text, _ = ledger_of(sqlite_database)
    assert complaint(changed(text, lambda rows: (change(rows), None)[1])) == said


def test_ledger_cut_at_any_byte(sqlite_database: Database) -> None:
    """Whatever is left of a ledger that was cut, it does not pass for a whole one."""
    text, _ = ledger_of(sqlite_database, readers=3)
    assert text.endswith("\n")
    for length in range(len(text) - 1):
        complaint(text[:length])
    # Only the line end of the last row says nothing.
    assert checked(text[:-1]) == checked(text)


def test_ledger_computed_anew(sqlite_database: Database) -> None:
    """A whole chain made anew by somebody without the key fails at the seal, or at the end kept apart."""
    text, written = ledger_of(sqlite_database)

    def forge(rows: Rows) -> None:
        anchor = json.loads(rows[0][ANCHOR])
        anchor |= {"accepted": 5, "in_doubt": 0}
        rows[0][ANCHOR] = json.dumps(anchor)
        rows[1][3] = "accepted"
        link = first_link(rows[0][ANCHOR])
        for row in rows:
            link = row[LINK] = next_link(link, row[:LINK])

    forged = changed(text, forge)
    assert checked(forged).seal is None
    assert complaint(forged, keys=KEYS).startswith("The seal is not this service's, though it names its key")
    assert complaint(forged, last_link=written.last_link).startswith("The chain ends in ")
    assert checked(text, keys=KEYS).seal is Sealing.GENUINE
    assert checked(text, keys=Keys("another service's key")).seal is Sealing.NOT_OURS
    renewed = Keys("the key that came after", older=("a key of the tests, forty characters long",))
    assert checked(text, keys=renewed).seal is Sealing.GENUINE
    assert sealed(renewed, written.last_link) not in text


@pytest.mark.parametrize("text", ["", "address\n", "not, a ledger\nat,all\n", "\0", '"open'])
def test_file_that_is_no_ledger(text: str) -> None:
    """Any other file is refused with a sentence, never with a trace."""
    assert complaint(text)


def test_ledger_before_the_sending(sqlite_database: Database) -> None:
    """Before its audience is frozen an issue has a ledger without rows, which proves nothing and says so."""
    with sqlite_database.writing() as session:
        add_issue(session)
    text, written = exported(sqlite_database)
    assert (text, written) == (",".join(COLUMNS) + "\n", Written(0, ""))
    assert complaint(text).startswith("The file has no row")


def test_ledger_of_an_edition_that_was_changed(sqlite_database: Database) -> None:
    """When the bytes that were sent are not those that were approved any more, no ledger vouches for them."""
    ledger_of(sqlite_database)
    with sqlite_database.writing() as session:
        session.execute(update(Edition).values(text="other"))
    with pytest.raises(NotSendable):
        exported(sqlite_database)


def test_ledger_of_more_than_one_portion(database: Database) -> None:
    """Thousands of rows are written in order, each once, with a fixed number of statements a portion."""
    text, written = ledger_of(database, readers=4500)
    assert written.rows == 4500
    assert checked(text, keys=KEYS).rows == 4500
