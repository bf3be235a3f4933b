"""Export and erasure: what is kept is shown, and forgotten when asked, while every number still adds up."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models import Consent, Database, Delivery, QueuedMail, Subscriber, SuppressionReason
from newsletter.course import begin_sending, find_issue
from newsletter.deliveries import count
from newsletter.erasure import NoSuchReader, erase
from newsletter.own_data import export
from newsletter.subscription import confirm, confirm_token, sign_up
from newsletter.suppression import suppressed_among
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue, add_readers

AMINA = "amina@example.org"


def with_history(database: Database) -> None:
    """Make a reader who consented and has a letter waiting, and another one."""
    with database.writing() as session:
        sign_up(session, KEYS, address=AMINA, language="en", source="form", now=NOW)
        reader = session.scalars(select(Subscriber)).one()
        token = confirm_token(KEYS, session.scalars(select(QueuedMail)).one(), reader)
        confirm(session, KEYS, token, source="page", now=NOW)
        add_readers(session, 1)
        add_issue(session)
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)


def test_export_holds_all_that_is_kept(sqlite_database: Database) -> None:
    """A person is told their data, their consents and their letters."""
    with_history(sqlite_database)
    with sqlite_database.reading() as session:
        kept = export(session, KEYS, " Amina@example.org ")
    assert kept == {
        "address": AMINA,
        "language": "en",
        "state": "confirmed",
        "kind": "subscription",
        "name": None,
        "organisation": None,
        "post": None,
        "created_at": NOW,
        "confirmed_at": NOW,
        "left_at": None,
        "consents": [
            {"at": NOW, "act": "asked", "wording": "2026-1", "source": "form"},
            {"at": NOW, "act": "confirmed", "wording": "2026-1", "source": "page"},
        ],
        "asked_to_change_to": [],
        "former_addresses": [],
        "letters": [
            {
                "issue": CODE,
                "address": AMINA,
                "language": "en",
                "message_id": "Aeop0t5KAx59d9MJdapo@iscm.example",
                "state": "pending",
                "code": None,
                "reply": None,
                "at": NOW,
                "bounces": [],
                "events": [],
            }
        ],
        "other_mails": [
            {"message": "confirmation", "language": "en", "queued_at": NOW, "sent_at": None, "reply": None}
        ],
        "tasks_of_editors": [],
        "reports_of_errors": [],
        "never_written_to": [],
    }


def test_erased_reader_is_nowhere(database: Database, tmp_path: Path) -> None:
    """No table holds the address any more; the letter is skipped, the numbers add up, imports are refused."""
    with_history(database)
    with database.writing() as session:
        erase(session, KEYS, AMINA, now=NOW)
    with database.reading() as session:
        assert session.scalars(select(Subscriber.address)).all() == ["reader1@example.org"]
        assert session.scalars(select(Consent)).all() == []
        assert sorted(session.execute(select(Delivery.address, Delivery.state)).all()) == [
            ("erased", "skipped"),
            ("reader1@example.org", "pending"),
        ]
        assert suppressed_among(session, KEYS, [AMINA]) == {AMINA: SuppressionReason.ERASED}
        counts = count(session, find_issue(session, CODE))
        assert (counts.skipped, counts.open) == (1, 1)
        assert counts.adds_up
    if database.is_sqlite:
        dump = "\n".join(_dump(database))
        assert "amina" not in dump.lower()


def test_unknown_reader_is_told(sqlite_database: Database) -> None:
    """Nothing to show and nothing to forget is said in a sentence."""
    with sqlite_database.writing() as session:
        for act in (lambda: export(session, KEYS, AMINA), lambda: erase(session, KEYS, AMINA, now=NOW)):
            with pytest.raises(NoSuchReader, match=r"^Nothing is kept about amina@example\.org\.$"):
                act()


def _dump(database: Database) -> list[str]:
    connection = database.engine.raw_connection()
    try:
        return list(connection.driver_connection.iterdump())  # type: ignore[union-attr]  # sqlite3 has it
    finally:
        connection.close()
