"""The mail that tells an editor how a sending went: once, whoever dies on the way, and never a letter."""

import asyncio
import email
import email.policy
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models import (
    Approval,
    Database,
    Delivery,
    DeliveryEvent,
    IssueSettlement,
    IssueSummary,
    SuppressionReason,
)
from newsletter.addressing import address_key
from newsletter.conversation import Timeouts
from newsletter.course import cancel, find_issue, finish_if_done
from newsletter.deliveries import count
from newsletter.editor_mail import NOBODY
from newsletter.progress import facts_of
from newsletter.relay import SmtpRelay
from newsletter.sending import send_issue
from newsletter.settling import assume_sent
from newsletter.summary_mailing import send_summaries
from newsletter.suppression import suppress
from newsletter.transport import RelayFaultError
from tests.letters import CODE, KEYS, NOW, office_of, ready_to_send
from tests.unruly import DROP, Step, Unruly, unruly_server

OPERATOR = "operator@example.org"


def relay_of(server: Unruly) -> SmtpRelay:
    """The way to a server that may take its time."""
    return SmtpRelay(host="127.0.0.1", port=server.port, timeouts=Timeouts(connect=10, command=10, body=10))


def send(database: Database, folder: Path, server: Unruly, *, editor: str = "cleo") -> None:
    """Send the issue to its readers."""
    asyncio.run(send_issue(office_of(database, folder), CODE, relay=relay_of(server), editor=editor))


def tell(
    database: Database, folder: Path, server: Unruly, *, alert_to: str = OPERATOR, later: float = 0
) -> int:
    """Mail the summaries that are due, `later` minutes after the sending."""
    office = office_of(database, folder, clock=lambda: NOW + timedelta(minutes=later))
    return asyncio.run(send_summaries(office, relay=relay_of(server), alert_to=alert_to))


def told(database: Database) -> tuple[str | None, bool, bool, bool, str | None]:
    """To whom; whether it touched the wire, was taken, is to be tried again; what was said."""
    with database.reading() as session:
        row = session.scalars(select(IssueSummary)).one()
        return (
            row.address,
            row.on_wire_at is not None,
            row.sent_at is not None,
            row.next_at is not None,
            row.reply,
        )


def readers(server: Unruly) -> list[str]:
    """Who got anything, in order."""
    return [recipient for recipient, _ in server.kept]


def misbehave(step: Step, who: str, _nth: int) -> str | None:
    """Refuse the first reader; vanish after the second one's letter."""
    if step is Step.RCPT and who == "reader1@example.org":
        return "550 5.1.1 no such user <here>"
    return DROP if step is Step.DOT and who == "reader2@example.org" else None


def test_editor_is_told_once_with_all_that_happened(database: Database, tmp_path: Path) -> None:
    """Text and HTML tell the equation, what is in doubt, what servers said, the time it took."""
    ready_to_send(database, 4)
    with unruly_server() as server:
        server.behaviour = misbehave
        send(database, tmp_path, server)
        with database.writing() as session:
            taken = session.scalars(select(Delivery).where(Delivery.address == "reader3@example.org")).one()
            session.add(DeliveryEvent(delivery_id=taken.id, at=NOW, event="bounced"))
        before = len(server.kept)
        assert tell(database, tmp_path, server) == 1
        assert tell(database, tmp_path, server, later=600) == 0
    ((recipient, content),) = server.kept[before:]
    mail = email.message_from_bytes(content, policy=email.policy.default)
    text, html = (part.get_content() for part in mail.iter_parts())
    assert recipient == mail["To"] == OPERATOR
    assert mail["Subject"] == "Issue 2017: 2 of 4 letters accepted"
    assert (mail["Auto-Submitted"], mail["List-Id"], mail["List-Unsubscribe"]) == (
        "auto-generated",
        None,
        None,
    )
    for said in (
        "Issue 2017 has been sent, but of some letters nobody knows whether they arrived.",
        "It took 0:00:00, from 2026-12-14 08:00 UTC to 2026-12-14 08:00 UTC.",
        "4 candidates = 4 included + 0 excluded",
        "4 included = 2 accepted + 1 rejected + 0 skipped + 1 in doubt + 0 open",
        "1 letter came back or was complained of so far.",
        "iscm newsletter settle 2017",
        "reader2@example.org",
        "reader1@example.org",
    ):
        assert " ".join(said.split()) in " ".join(text.split())
        assert said in " ".join(html.split())
    assert "550 5.1.1 no such user <here>" in text
    assert "no such user &lt;here&gt;" in html
    with database.reading() as session:
        counts = count(session, find_issue(session, CODE))
        assert (counts.included, counts.adds_up) == (4, True)
    assert told(database)[:4] == (OPERATOR, True, True, False)


def test_nobody_is_told_before_the_last_letter(sqlite_database: Database, tmp_path: Path) -> None:
    """A reader who was put off is still to be written to; a cancelled sending is told of at once."""
    ready_to_send(sqlite_database, 2)
    with unruly_server() as server:
        server.behaviour = lambda step, who, _nth: (
            "451 4.7.1 later" if step is Step.RCPT and who == "reader1@example.org" else None
        )
        send(sqlite_database, tmp_path, server)
        assert tell(sqlite_database, tmp_path, server) == 0
        with sqlite_database.writing() as session:
            cancel(session, CODE, editor="cleo", now=NOW)
        assert tell(sqlite_database, tmp_path, server) == 1
    assert b"was cancelled while it was being sent" in b" ".join(
        server.kept[-1][1].replace(b"=\r\n", b"").split()
    )


@pytest.mark.parametrize("where", [Step.RCPT, Step.DOT])
def test_mail_that_may_have_arrived_is_not_sent_again(
    database: Database, tmp_path: Path, where: Step
) -> None:
    """Lost before its body it is sent once more; lost after it, it may have arrived, and is told as that."""
    ready_to_send(database, 1)
    with unruly_server() as server:
        server.behaviour = lambda step, who, nth: DROP if (step, who, nth) == (where, OPERATOR, 1) else None
        send(database, tmp_path, server)
        assert tell(database, tmp_path, server) == 0
        again = tell(database, tmp_path, server, later=10)
    assert again == (1 if where is Step.RCPT else 0)
    assert told(database)[1:4] == (True, where is Step.RCPT, False)


def test_killed_on_the_wire_it_is_never_sent_twice(sqlite_database: Database, tmp_path: Path) -> None:
    """A dead sender leaves the row that was written before the first byte."""
    ready_to_send(sqlite_database, 1)
    with unruly_server() as server:
        send(sqlite_database, tmp_path, server)
        with sqlite_database.writing() as session:
            session.scalars(select(IssueSummary)).one().on_wire_at = NOW
        assert tell(sqlite_database, tmp_path, server, later=60) == 0
        assert readers(server) == ["reader1@example.org"]


def test_unreachable_server_is_tried_again(sqlite_database: Database, tmp_path: Path) -> None:
    """The summary waits, and says why."""
    ready_to_send(sqlite_database, 1)
    with unruly_server() as server:
        send(sqlite_database, tmp_path, server)
    with pytest.raises(RelayFaultError):
        tell(sqlite_database, tmp_path, server)
    assert told(sqlite_database)[1:4] == (False, False, True)


@pytest.mark.parametrize(
    ("editor", "is_suppressed", "alert_to", "who"),
    [
        ("Cleo Duarte <cleo@iom.example>", False, OPERATOR, "cleo@iom.example"),
        ("Cleo Duarte <cleo@iom.example>", True, OPERATOR, OPERATOR),
        ("Cleo Duarte <cleo@iom.example>", True, "", None),
        ("cleo", False, f"The desk <{OPERATOR}>", OPERATOR),
        ("cleo", False, "", None),
    ],
)
def test_editors_own_address_is_used_unless_it_is_suppressed(
    sqlite_database: Database,
    tmp_path: Path,
    *,
    editor: str,
    is_suppressed: bool,
    alert_to: str,
    who: str | None,
) -> None:
    """Nothing goes to an address that left, not even this; with nobody to tell, that is what is kept."""
    ready_to_send(sqlite_database, 1)
    with sqlite_database.writing() as session:
        session.scalars(select(Approval)).one().editor = editor
        if is_suppressed:
            key = address_key("cleo@iom.example")
            suppress(session, KEYS, key, reason=SuppressionReason.LEFT, now=NOW)
    with unruly_server() as server:
        send(sqlite_database, tmp_path, server)
        assert tell(sqlite_database, tmp_path, server, alert_to=alert_to) == (1 if who else 0)
        assert readers(server)[1:] == ([who] if who else [])
    if who is None:
        assert told(sqlite_database)[4] == NOBODY


def settle_all(database: Database) -> None:
    """Let the editor count what is in doubt as sent."""
    with database.writing() as session:
        issue = find_issue(session, CODE, lock=True)
        assume_sent(session, issue, now=NOW + timedelta(hours=2))
        finish_if_done(session, CODE, now=NOW + timedelta(hours=2))


def settlement(database: Database) -> dict[str, object] | None:
    """What `newsletter status --json` says of the second word."""
    with database.reading() as session:
        facts = facts_of(session, find_issue(session, CODE), now=NOW)["settlement"]
        return facts if facts is None else {name: facts[name] for name in ("state", "to")}


def test_second_word_tells_the_final_numbers(database: Database, tmp_path: Path) -> None:
    """Only once doubts that were told are settled; once, in answer to the summary, to the same person."""
    ready_to_send(database, 4)
    with unruly_server() as server:
        server.behaviour = misbehave
        send(database, tmp_path, server)
        assert tell(database, tmp_path, server) == 1
        assert settlement(database) == {"state": "waits", "to": None}
        assert tell(database, tmp_path, server, later=60) == 0
        settle_all(database)
        assert tell(database, tmp_path, server, later=130) == 1
        assert tell(database, tmp_path, server, later=6000) == 0
    first, second = (
        email.message_from_bytes(content, policy=email.policy.default) for _, content in server.kept[-2:]
    )
    assert (second["To"], second["Subject"]) == (OPERATOR, "Issue 2017: what was in doubt is settled")
    assert (second["In-Reply-To"], second["References"]) == (first["Message-ID"], first["Message-ID"])
    assert second["Message-ID"] != first["Message-ID"]
    assert second["Date"] == "Mon, 14 Dec 2026 10:00:00 +0000"
    assert second.get_content().replace("\r\n", "\n") == (
        "Issue 2017 has been sent: nothing of it is in doubt any more. These are its final numbers:\n\n"
        "4 candidates = 4 included + 0 excluded\n"
        "4 included = 3 accepted + 1 rejected + 0 skipped + 0 in doubt + 0 open\n\n"
        "Letter by letter: iscm newsletter ledger 2017\n"
        "http://127.0.0.1:8000/highlights/2017\n"
    )
    assert settlement(database) == {"state": "sent", "to": OPERATOR}


def test_no_second_word_where_no_doubt_was_told(sqlite_database: Database, tmp_path: Path) -> None:
    """All went well, or the doubt was settled before the summary left: one mail says it all."""
    ready_to_send(sqlite_database, 2)
    with unruly_server() as server:
        server.behaviour = lambda step, who, _nth: (
            DROP if (step, who) == (Step.DOT, "reader2@example.org") else None
        )
        send(sqlite_database, tmp_path, server)
        settle_all(sqlite_database)
        assert tell(sqlite_database, tmp_path, server, later=130) == 1
        assert tell(sqlite_database, tmp_path, server, later=6000) == 0
    assert settlement(sqlite_database) is None


def test_second_word_is_never_sent_twice(sqlite_database: Database, tmp_path: Path) -> None:
    """Put off and unreachable it waits; under way when its sender died it may have arrived, and is let be."""
    ready_to_send(sqlite_database, 2)
    with unruly_server() as server:
        server.behaviour = misbehave
        send(sqlite_database, tmp_path, server)
        assert tell(sqlite_database, tmp_path, server) == 1
        settle_all(sqlite_database)
        server.behaviour = lambda step, _who, _nth: "451 4.7.1 later" if step is Step.DOT else None
        assert tell(sqlite_database, tmp_path, server, later=130) == 0
        assert settlement(sqlite_database) == {"state": "waits", "to": OPERATOR}
    with pytest.raises(RelayFaultError):
        tell(sqlite_database, tmp_path, server, later=140)
    with sqlite_database.writing() as session:
        session.scalars(select(IssueSettlement)).one().on_wire_at = NOW
    with unruly_server() as server:
        assert tell(sqlite_database, tmp_path, server, later=6000) == 0
        assert server.kept == []
    assert settlement(sqlite_database) == {"state": "in_doubt", "to": OPERATOR}


def test_second_word_waits_for_a_summary_that_is_under_way(sqlite_database: Database, tmp_path: Path) -> None:
    """Its sender lives, or is dead after two minutes; a summary that was refused is followed by nothing."""
    ready_to_send(sqlite_database, 2)
    with unruly_server() as server:
        server.behaviour = misbehave
        send(sqlite_database, tmp_path, server)
        assert tell(sqlite_database, tmp_path, server) == 1
        settle_all(sqlite_database)
        with sqlite_database.writing() as session:
            session.scalars(select(IssueSummary)).one().next_at = NOW + timedelta(minutes=150)
        assert tell(sqlite_database, tmp_path, server, later=149) == 0
        with sqlite_database.writing() as session:
            session.scalars(select(IssueSummary)).one().on_wire_at = None
            session.scalars(select(IssueSummary)).one().next_at = None
        assert tell(sqlite_database, tmp_path, server, later=151) == 0
        with sqlite_database.writing() as session:
            session.scalars(select(IssueSummary)).one().on_wire_at = NOW
        assert tell(sqlite_database, tmp_path, server, later=151) == 1


def test_suppressed_editor_gets_no_second_word(sqlite_database: Database, tmp_path: Path) -> None:
    """Who left the list since the summary is not written to; the operator is, as of a thing of its own."""
    ready_to_send(sqlite_database, 2)
    with sqlite_database.writing() as session:
        session.scalars(select(Approval)).one().editor = "Cleo Duarte <cleo@iom.example>"
    with unruly_server() as server:
        server.behaviour = misbehave
        send(sqlite_database, tmp_path, server)
        assert tell(sqlite_database, tmp_path, server) == 1
        settle_all(sqlite_database)
        with sqlite_database.writing() as session:
            key = address_key("cleo@iom.example")
            suppress(session, KEYS, key, reason=SuppressionReason.LEFT, now=NOW)
        assert tell(sqlite_database, tmp_path, server, later=130) == 1
    assert readers(server)[-2:] == ["cleo@iom.example", OPERATOR]
    assert email.message_from_bytes(server.kept[-1][1])["In-Reply-To"] is None
