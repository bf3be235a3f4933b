"""After a restore no letter leaves by itself, and what may have left since waits for an editor's word."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Database,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    InDoubtPolicy,
    Issue,
    IssueSettlement,
    IssueState,
    IssueSummary,
    QueuedMail,
)
from models.departures import BEGUN, Line
from newsletter.claims import claim
from newsletter.course import begin_sending, cancel, find_issue, finish_if_done, pause, resume
from newsletter.deliveries import count
from newsletter.drafting import compile_draft_of_year, compile_issue
from newsletter.mailing import send_queued_mail
from newsletter.options import Options
from newsletter.restored.letters import Since, hold_letters
from newsletter.sending import issues_to_send
from newsletter.settling import assume_sent, in_doubt, resend
from newsletter.subscription import sign_up
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue, add_readers, office_of, states

BACKUP = NOW
LATER = NOW + timedelta(days=2)
REASON = "restored from the backup of 2026-12-14 08:00 UTC"
OPTIONS = Options(base_url=HEAD.base_url)


def _hold(database: Database, *lines: Line, is_known: bool = True, now: datetime = LATER) -> list[str]:
    since = Since(
        taken_at=BACKUP,
        now=now,
        lines=list(lines),
        is_known=is_known,
        keys=KEYS,
        domain=HEAD.domain,
        options=OPTIONS,
    )
    with database.writing() as session:
        hold_letters(session, since)
    return since.held


def _issue(database: Database, code: str = CODE) -> Issue:
    with database.reading() as session:
        issue = find_issue(session, code)
        assert count(session, issue).adds_up or issue.candidates is None
        session.expunge(issue)
        return issue


def _scheduled(session: Session, *, at: datetime, not_after: datetime | None = None) -> Issue:
    issue = add_issue(session, state=IssueState.SCHEDULED)
    issue.scheduled_at, issue.not_after = at, not_after or at + timedelta(days=30)
    return issue


def test_a_planned_issue_comes_back_paused_with_the_reason(database: Database) -> None:
    """Its hour may come and go: nothing starts until an editor resumes it."""
    with database.writing() as session:
        _scheduled(session, at=LATER + timedelta(hours=1))
    held = _hold(database)
    issue = _issue(database)
    assert (issue.state, issue.started_at) == (IssueState.PAUSED, None)
    assert issue.state_reason == f"{REASON}: look at its hour before you resume it"
    assert held == [f"Issue {CODE} is paused, {issue.state_reason}."]
    with database.writing() as session:
        assert resume(session, CODE, editor="Ana", now=LATER).state is IssueState.SCHEDULED


def test_an_hour_that_passed_since_is_trusted_only_where_the_file_reaches_so_far(database: Database) -> None:
    """With the file of departures no line means that it did not begin; without it, it may have been sent."""
    with database.writing() as session:
        _scheduled(session, at=BACKUP + timedelta(hours=1))
        add_readers(session, 2)
    _hold(database, is_known=True)
    assert _issue(database).started_at is None
    assert states(database) == {}

    _hold(database, is_known=False)
    issue = _issue(database)
    assert (issue.state, issue.started_at) == (IssueState.PAUSED, BACKUP + timedelta(hours=1))
    assert set(states(database).values()) == {DeliveryState.IN_DOUBT}


def test_an_issue_that_waited_for_its_window_does_not_go_on_by_itself(sqlite_database: Database) -> None:
    """It is held like any other, and the opening of its window is no word of an editor."""
    with sqlite_database.writing() as session:
        issue = add_issue(session, state=IssueState.PAUSED)
        issue.windows, issue.started_at = ["daily 08-18 UTC"], NOW
        issue.resumes_at, issue.state_reason = LATER, "its window is closed"
    _hold(sqlite_database)
    held = _issue(sqlite_database)
    assert (held.state, held.resumes_at) == (IssueState.PAUSED, None)
    assert "restored from the backup" in str(held.state_reason)


def test_a_correction_that_began_since_keeps_its_code(registry: Database) -> None:
    """Nobody can send a second correction under it; the next one is C2."""
    with registry.writing() as session:
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    _hold(registry, Line(LATER, BEGUN, "2017-C1"))
    closed = _issue(registry, "2017-C1")
    assert (closed.state, closed.corrects) == (IssueState.CANCELLED, "2017")


def _sending(session: Session) -> None:
    begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)


def test_letters_of_a_sending_are_in_doubt_and_nothing_is_sent_by_itself(database: Database) -> None:
    """Waiting, put off, claimed or on the wire at the backup: any of them may have been sent since."""
    with database.writing() as session:
        issue = add_issue(session)
        issue.in_doubt = InDoubtPolicy.RESEND
        addresses = add_readers(session, 6)
        _sending(session)
        wanted = [
            DeliveryState.PENDING,
            DeliveryState.CLAIMED,
            DeliveryState.ON_WIRE,
            DeliveryState.DEFERRED,
            DeliveryState.ACCEPTED,
            DeliveryState.REJECTED,
        ]
        for address, state in zip(addresses, wanted, strict=True):
            session.execute(
                update(Delivery)
                .where(Delivery.address == address)
                .values(state=state, owner="lost", next_at=NOW, lease_until=NOW)
            )
    _hold(database)
    issue = _issue(database)
    assert (issue.state, issue.in_doubt) == (IssueState.PAUSED, InDoubtPolicy.HOLD)
    assert issue.state_reason == (
        f"{REASON}: settle what is in doubt (iscm newsletter settle {CODE}), then resume it"
    )
    assert [value for _, value in sorted(states(database).items())] == [DeliveryState.IN_DOUBT] * 4 + wanted[
        4:
    ]
    with database.writing() as session:
        doubted = select(Delivery.owner, Delivery.next_at, Delivery.lease_until).where(
            Delivery.state == DeliveryState.IN_DOUBT
        )
        assert set(session.execute(doubted)) == {(None, None, None)}
        assert len(session.scalars(select(DeliveryEvent).where(DeliveryEvent.event == "in_doubt")).all()) == 4
        # Even resumed, nothing of it goes out before somebody has settled it.
        resume(session, CODE, editor="Ana", now=LATER)
        assert issues_to_send(session, now=LATER + timedelta(days=1)) == []
        assert claim(session, issue_id=issue.id, owner="new", now=LATER, limit=10) == []


@pytest.mark.parametrize(
    ("settle", "state", "ended"),
    [(assume_sent, DeliveryState.ACCEPTED, True), (resend, DeliveryState.PENDING, False)],
)
def test_an_editor_settles_what_is_in_doubt(
    database: Database, settle: Callable[..., int], state: DeliveryState, *, ended: bool
) -> None:
    """Counted as sent the issue ends; sent again, each gets one, and late is no obstacle to that word."""
    with database.writing() as session:
        issue = add_issue(session)
        issue.not_after = BACKUP + timedelta(hours=1)
        add_readers(session, 2)
        _sending(session)
    _hold(database)
    with database.writing() as session:
        issue = find_issue(session, CODE)
        assert len(in_doubt(session, issue)) == 2
        assert settle(session, issue, now=LATER) == 2
        resume(session, CODE, editor="Ana", now=LATER)
        assert finish_if_done(session, CODE, now=LATER) is ended
    assert set(states(database).values()) == {state}


@pytest.mark.parametrize("state", [IssueState.APPROVED, IssueState.SCHEDULED, IssueState.EXPIRED])
def test_an_issue_that_began_since_comes_back_with_every_letter_in_doubt(
    database: Database, state: IssueState
) -> None:
    """The backup knows nothing of it; the file of departures does, and nobody gets a second letter."""
    begun = BACKUP + timedelta(hours=3)
    with database.writing() as session:
        issue = add_issue(session, state=state)
        issue.scheduled_at = BACKUP + timedelta(hours=2)
        add_readers(session, 3)
    _hold(database, Line(begun, BEGUN, CODE))
    issue = _issue(database)
    assert (issue.state, issue.started_at) == (IssueState.PAUSED, begun)
    assert issue.letter_date == BACKUP + timedelta(hours=2)
    assert (issue.state_reason or "").startswith(
        f"{REASON}: it began, or was to begin, at 2026-12-14 11:00 UTC"
    )
    assert list(states(database).values()) == [DeliveryState.IN_DOUBT] * 3


def test_a_paused_issue_that_began_since_is_in_doubt_too(database: Database) -> None:
    """It waited at the backup, was resumed and sent after it."""
    with database.writing() as session:
        _scheduled(session, at=LATER)
        add_readers(session, 1)
        pause(session, CODE, editor="Ana", now=NOW)
    _hold(database, Line(BACKUP + timedelta(hours=3), BEGUN, CODE))
    assert list(states(database).values()) == [DeliveryState.IN_DOUBT]
    assert _issue(database).state is IssueState.PAUSED


def test_a_draft_that_began_since_is_closed(registry: Database) -> None:
    """What was sent of it the backup does not hold, so it is never sent; the year has room for another."""
    with registry.writing() as session:
        code = compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="Ana").code
    _hold(registry, Line(LATER, BEGUN, code))
    issue = _issue(registry, code)
    assert issue.state is IssueState.CANCELLED
    assert "with a content that the backup does not hold" in (issue.state_reason or "")
    with registry.writing() as session:
        again = compile_issue(session, year=2017, now=LATER, options=OPTIONS, editor="Ana")
        assert again.code == "2017-2"


@pytest.mark.parametrize("codes", [["2026"], ["2026-2"], ["2026", "2026-2"]])
def test_an_issue_made_and_begun_since_keeps_its_code(registry: Database, codes: Sequence[str]) -> None:
    """The clock drafts no second one of that year, and an editor who does gets another code."""
    _hold(registry, *(Line(LATER, BEGUN, code) for code in codes))
    assert {_issue(registry, code).state for code in codes} == {IssueState.CANCELLED}
    with registry.writing() as session:
        assert compile_draft_of_year(session, year=2026, now=LATER, options=OPTIONS) is None
        new = compile_issue(session, year=2026, now=LATER, options=OPTIONS, editor="Ana").code
    assert new not in codes


def test_issues_that_are_over_stay_as_they_are(database: Database) -> None:
    """Sent, cancelled or only drafted: nothing of them was planned."""
    with database.writing() as session:
        add_issue(session, code="2015", state=IssueState.SENT).started_at = NOW
        add_issue(session, code="2016")
        cancel(session, "2016", editor="Ana", now=NOW)
        add_issue(session, code="2017", state=IssueState.DRAFT)
        add_issue(session, code="2018")
    lines = [Line(NOW, BEGUN, "2015"), Line(NOW, BEGUN, "2016"), Line(NOW, BEGUN, "no code of ours")]
    assert _hold(database, *lines) == []
    assert [_issue(database, code).state for code in ("2015", "2016", "2017", "2018")] == [
        IssueState.SENT,
        IssueState.CANCELLED,
        IssueState.DRAFT,
        IssueState.APPROVED,
    ]


async def _send(database: Database, folder: object) -> int:
    return await send_queued_mail(office_of(database, folder), relay=None)  # type: ignore[arg-type]  # nothing is to be sent


def test_a_confirmation_that_waited_is_not_sent_twice(database: Database, tmp_path: object) -> None:
    """It may have been sent since; whoever did not get it asks again, and that mail is sent."""
    import asyncio

    with database.writing() as session:
        sign_up(session, KEYS, address="ana@example.org", language="en", source="form", now=NOW)
    _hold(database)
    assert asyncio.run(_send(database, tmp_path)) == 0
    with database.writing() as session:
        assert session.scalars(select(QueuedMail.next_at)).all() == [None]
        sign_up(session, KEYS, address="ana@example.org", language="en", source="form", now=LATER)
        assert sorted(session.scalars(select(QueuedMail.next_at)), key=str) == [LATER, None]


@pytest.mark.parametrize("kind", [IssueSummary, IssueSettlement])
def test_editor_is_not_told_twice_of_an_issue_that_is_over(
    sqlite_database: Database, kind: type[IssueSummary | IssueSettlement]
) -> None:
    """What waited to tell of it may have left since; of an issue that goes on the end is to come."""
    with sqlite_database.writing() as session:
        for code, state in (("2016", IssueState.SENT), ("2017", IssueState.SENDING)):
            issue = add_issue(session, code=code, state=state)
            issue.started_at = NOW
            session.add(IssueSummary(issue_id=issue.id, begun_by="cleo", next_at=NOW))
            session.add(IssueSettlement(issue_id=issue.id, next_at=NOW))
    _hold(sqlite_database)
    with sqlite_database.reading() as session:
        of_issue = select(Issue.code, kind.next_at).join(Issue, Issue.id == kind.issue_id)
        assert session.execute(of_issue.order_by(Issue.code)).all() == [("2016", None), ("2017", NOW)]
