"""`iscm reports` on the command line."""

from datetime import UTC, datetime

from models import Database
from models.error_report_keeping import take_report
from tests.iscm.commands.record_commands import iscm

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_reports_are_listed_and_closed_once(database: Database) -> None:
    """A report is open until somebody closes it, whose name is kept; closing it again changes nothing."""
    with database.writing() as session:
        first = take_report(
            session, page="/updates", words="A date\nis wrong", reply_to="ana@example.org", now=NOW
        ).id
        second = take_report(session, page="", words="A name is misspelt", reply_to=None, now=NOW).id
    (row, _) = iscm(database, "reports", "list", "--json").json
    assert row == {
        "id": first,
        "page": "/updates",
        "words": "A date\nis wrong",
        "reply_to": "ana@example.org",
        "reported_at": "2026-11-23T12:00:00+00:00",
        "told_at": None,
        "closed_at": None,
        "closed_by": None,
    }
    closed = iscm(database, "reports", "close", str(first))
    assert (closed.code, closed.out) == (0, f"{first}: closed.\n")
    assert [one["id"] for one in iscm(database, "reports", "list", "--open", "--json").json] == [second]
    assert [one["closed_by"] for one in iscm(database, "reports", "list", "--json").json] == ["Ana", None]
    again = iscm(database, "reports", "close", str(first))
    assert (again.code, again.err) == (1, f"iscm: Report {first} was closed already, by Ana.\n")
    nobody = iscm(database, "reports", "close", "999")
    assert (nobody.code, nobody.err) == (1, "iscm: There is no report 999. See: iscm reports list\n")
