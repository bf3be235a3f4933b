"""Sending as the clock has it done, to a real SMTP server."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models import Approval, Database, Delivery, DeliveryState, Issue, IssueState
from newsletter.course import NotSendable, begin_sending
from newsletter.relay import SmtpRelay
from newsletter.subscription import sign_up
from scheduler.letters import send_single_mails, send_what_waits
from scheduler.work import Work
from tests.letters import NOW, add_issue, add_readers, office_of
from tests.scheduler.conftest import WorkOf
from tests.unruly import SILENCE, Step, unruly_server


@pytest.fixture
def work(database: Database, tmp_path: Path, work_of: WorkOf) -> Work:
    """The work of one process, with the office of the tests' letters and no mail server yet."""
    return replace(work_of(database, now=lambda: NOW), office=office_of(database, tmp_path))


def with_relay(work: Work, url: str) -> Work:
    """The same work with a mail server."""
    return replace(work, relay=SmtpRelay.from_url(url))


def begin(work: Work, code: str) -> None:
    """Begin the sending of an issue."""
    with work.database.writing() as session:
        add_issue(session, code=code)
        begin_sending(session, code, keys=work.office.keys, domain="iscm.example", now=NOW)


def standing(database: Database) -> dict[str, IssueState]:
    """The state of each issue."""
    with database.reading() as session:
        return {issue.code: issue.state for issue in session.scalars(select(Issue))}


def test_two_issues_are_sent_side_by_side(work: Work) -> None:
    """Both are sent in one call, and one sentence tells of both; the next call finds nothing."""
    with work.database.writing() as session:
        addresses = add_readers(session, 3)
    begin(work, "2016")
    begin(work, "2017")
    with unruly_server() as server:
        told = send_what_waits(with_relay(work, server.url), NOW)
        assert server.readers == dict.fromkeys(addresses, 2)
    assert told is not None
    assert sorted(told.split("; ")) == [
        f"issue {code}: 3 accepted, 0 rejected, 0 skipped, 0 in doubt, 0 open" for code in ("2016", "2017")
    ]
    assert send_what_waits(work, NOW) is None, "and it needs no mail server to know it"
    assert standing(work.database) == {"2016": IssueState.SENT, "2017": IssueState.SENT}


def test_issue_that_fails_leaves_the_other_one_whole(work: Work) -> None:
    """What goes wrong with one issue is told, after every letter of the other one was sent."""
    with work.database.writing() as session:
        addresses = add_readers(session, 3)
    begin(work, "2016")
    begin(work, "2017")
    with work.database.writing() as session:
        broken = session.scalars(select(Issue).where(Issue.code == "2016")).one()
        session.execute(update(Approval).where(Approval.issue_id == broken.id).values(withdrawn_at=NOW))
    with unruly_server() as server:
        with pytest.raises(NotSendable):
            send_what_waits(with_relay(work, server.url), NOW)
        assert server.readers == dict.fromkeys(addresses, 1)
    assert standing(work.database) == {"2016": IssueState.SENDING, "2017": IssueState.SENT}


def test_issue_past_its_latest_time_is_expired_with_letters_left(work: Work) -> None:
    """Letters put off until after the latest time are never tried; the issue says that it expired."""
    with work.database.writing() as session:
        add_readers(session, 2)
    begin(work, "2017")
    change(work, Delivery, state=DeliveryState.DEFERRED, next_at=NOW + timedelta(hours=1))
    change(work, Issue, not_after=NOW - timedelta(seconds=1))
    assert send_what_waits(work, NOW) is None
    assert standing(work.database) == {"2017": IssueState.EXPIRED}


def test_issue_past_its_latest_time_with_doubts_alone_waits_for_its_editor(work: Work) -> None:
    """Nothing is left to send, and somebody has to say what became of one letter: it is left alone."""
    with work.database.writing() as session:
        add_readers(session, 1)
    begin(work, "2017")
    change(work, Delivery, state=DeliveryState.IN_DOUBT)
    change(work, Issue, not_after=NOW - timedelta(seconds=1))
    assert send_what_waits(work, NOW) is None
    assert not work.office.journals.exists(), "no sending was begun"
    assert standing(work.database) == {"2017": IssueState.SENDING}


def test_issue_whose_last_letter_went_is_noted_as_sent_even_late(work: Work) -> None:
    """A process that died between the last letter and its note leaves no issue unfinished."""
    with work.database.writing() as session:
        add_readers(session, 1)
    begin(work, "2017")
    change(work, Delivery, state=DeliveryState.ACCEPTED)
    change(work, Issue, not_after=NOW - timedelta(seconds=1))
    assert send_what_waits(work, NOW) is None
    assert standing(work.database) == {"2017": IssueState.SENT}


def change(work: Work, record: type[Delivery | Issue], **values: object) -> None:
    """Write values into every row."""
    with work.database.writing() as session:
        session.execute(update(record).values(**values))


def test_single_mail_to_a_silent_server_does_not_hold_up_the_end(work: Work) -> None:
    """A server that says nothing keeps nobody from stopping; the mail stays queued."""
    with work.database.writing() as session:
        sign_up(session, work.office.keys, address="ada@example.org", language="en", source="test", now=NOW)
    with unruly_server(lambda step, _to, _nth: SILENCE if step is Step.GREETING else None) as server:
        stopping = threading.Timer(0.2, work.stopping.set)
        stopping.start()
        begun = time.monotonic()
        assert send_single_mails(with_relay(work, server.url), NOW) is None
        assert time.monotonic() - begun < 6
        stopping.join()
    assert server.kept == []
