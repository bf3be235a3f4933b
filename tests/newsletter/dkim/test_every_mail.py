"""Every mail that leaves is signed: the letter, its trial copy, a confirmation, a mail to the operator."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from models import Database, OperatorMailKind
from newsletter.conversation import Timeouts
from newsletter.course import find_issue
from newsletter.handing import hand_over
from newsletter.mailing import send_queued_mail
from newsletter.office import PostOffice
from newsletter.options import Options
from newsletter.relay import SmtpRelay
from newsletter.sending import send_issue
from newsletter.subscription import sign_up
from newsletter.trial import trial_parcels
from scheduler.operator_mail import Telling, Words, send_to_operator, take_turn
from scheduler.work import Work
from tests.letters import CODE, KEYS, NOW, office_of, ready_to_send
from tests.newsletter.issue_facts import STATIONERY
from tests.signing import a_signer, is_genuine
from tests.unruly import Unruly, unruly_server


def _office(database: Database, folder: Path) -> PostOffice:
    return replace(office_of(database, folder), signer=a_signer())


def _relay(server: Unruly) -> SmtpRelay:
    return SmtpRelay(host="127.0.0.1", port=server.port, timeouts=Timeouts(connect=10, command=10, body=10))


def _kept(server: Unruly, act: Coroutine[Any, Any, object]) -> list[bool]:
    asyncio.run(act)
    return [is_genuine(content) for _, content in server.kept]


def test_letters_are_signed_and_a_letter_sent_again_has_the_same_bytes(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Each reader's, whichever connection it went by and whenever it was signed."""
    ready_to_send(sqlite_database, 12)
    office = _office(sqlite_database, tmp_path)
    with unruly_server() as server:
        assert _kept(server, send_issue(office, CODE, relay=_relay(server))) == [True] * 12


def test_trial_copy_is_signed(sqlite_database: Database) -> None:
    """What an editor looks at is what readers get."""
    ready_to_send(sqlite_database, 1)
    stationery = replace(STATIONERY, signer=a_signer())
    with sqlite_database.reading() as session:
        issue = find_issue(session, CODE)
        parcels = list(trial_parcels(session, issue, stationery, to="me@example.org", now=NOW))
    with unruly_server() as server:
        assert _kept(server, hand_over(parcels, relay=_relay(server))) == [True]


def test_confirmation_is_signed(sqlite_database: Database, tmp_path: Path) -> None:
    """The first mail that a reader ever gets."""
    with sqlite_database.writing() as session:
        sign_up(session, KEYS, address="a@example.org", language="ar", source="form", now=NOW)
    office = _office(sqlite_database, tmp_path)
    with unruly_server() as server:
        assert _kept(server, send_queued_mail(office, relay=_relay(server))) == [True]


def test_mail_to_the_operator_is_signed(sqlite_registry: Database, tmp_path: Path) -> None:
    """Trouble is told by a mail that is not taken for spam."""
    now = datetime(2026, 12, 14, 9, tzinfo=UTC)
    with unruly_server() as server:
        work = Work(
            database=sqlite_registry,
            now=lambda: now,
            owner="one",
            started_at=now,
            base_url="https://iscm.example",
            office=_office(sqlite_registry, tmp_path),
            relay=_relay(server),
            options=Options(base_url="https://iscm.example"),
        )
        with sqlite_registry.writing() as session:
            turn = take_turn(
                session, kind=OperatorMailKind.ALARMS, owner="one", most=9, gap=timedelta(0), now=now
            )
        assert turn is not None
        words = Words(subject="Trouble", text="It is over.\n")
        assert send_to_operator(work, turn, words, to="ops@example.org", telling=Telling())
        assert [is_genuine(content) for _, content in server.kept] == [True]
