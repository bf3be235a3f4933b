"""Letters in doubt: settled one by one, all together, or by a report that names them; nothing else by it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models import Database, Delivery, DeliveryEvent, DeliveryState, IssueState, Report
from newsletter.course import begin_sending, find_issue
from newsletter.deliveries import count
from newsletter.envelope_id import envelope_id_of
from newsletter.events import note_report, reports_of
from newsletter.settling import NotInDoubt, assume_sent, resend, settle_by_report
from tests.letters import CODE, HEAD, KEYS, NOW, ready_to_send, states

LATER = NOW + timedelta(days=1)


def in_state(database: Database, state: DeliveryState, *, readers: int = 1) -> str:
    """Begin a sending with every letter in one state; return the first one's envelope identifier."""
    ready_to_send(database, readers)
    with database.writing() as session:
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        session.execute(update(Delivery).values(state=state))
        first = session.scalars(select(Delivery).order_by(Delivery.id).limit(1)).one()
        return envelope_id_of(first.id, first.message_id)


@pytest.mark.parametrize("state", [DeliveryState.IN_DOUBT, DeliveryState.PENDING, DeliveryState.DEFERRED])
@pytest.mark.parametrize("what", [Report.DELIVERED, Report.BOUNCED, None])
def test_report_settles_the_letter_it_names(
    sqlite_database: Database, state: DeliveryState, what: Report | None
) -> None:
    """Whatever a report says, the server had the letter: accepted, sent no more, and the issue is over."""
    named = in_state(sqlite_database, state)
    with sqlite_database.writing() as session:
        found = settle_by_report(
            session, envelope_id=f" {named}\n", what=what, status="5.1.1", report="a" * 64, now=LATER
        )
        assert found is not None
        issue = find_issue(session, CODE)
        assert (issue.state, issue.finished_at, count(session, issue).accepted) == (IssueState.SENT, LATER, 1)
        events = session.execute(select(DeliveryEvent.event, DeliveryEvent.status).order_by(DeliveryEvent.id))
        told = [] if what is None else [(what.value, "5.1.1")]
        assert [tuple(row) for row in events] == [("settled", None), *told]


@pytest.mark.parametrize(
    "state", [DeliveryState.ACCEPTED, DeliveryState.REJECTED, DeliveryState.SKIPPED, DeliveryState.CLAIMED]
)
def test_report_leaves_other_states(database: Database, state: DeliveryState) -> None:
    """A report of a letter that has ended, or that a sender holds, is kept and changes no state."""
    named = in_state(database, state)
    with database.writing() as session:
        delivery = settle_by_report(session, envelope_id=named, what=Report.BOUNCED, now=LATER)
        assert delivery is not None
        assert [one.event for one in reports_of(session, delivery)] == ["bounced"]
    assert set(states(database).values()) == {state}


def test_report_that_names_no_letter_of_ours(sqlite_database: Database) -> None:
    """A guessed, a stranger's and a reused number settle nothing: the Message-ID must be that letter's."""
    named = in_state(sqlite_database, DeliveryState.IN_DOUBT)
    number, _, mark = named.partition(".")
    wrong = mark[:-1] + ("A" if mark[-1] != "A" else "B")
    with sqlite_database.writing() as session:
        for other in (number, f"{number}.", f"{number}.{wrong}", f"d999.{mark}", f"{named}x", "", "QQ314159"):
            assert settle_by_report(session, envelope_id=other, what=Report.DELIVERED, now=LATER) is None
        assert session.scalar(select(func.count()).select_from(DeliveryEvent)) == 0
    assert set(states(sqlite_database).values()) == {DeliveryState.IN_DOUBT}


def test_same_report_twice_tells_it_once(database: Database) -> None:
    """One mail tells one thing of a letter once; another mail, or another thing, is news."""
    in_state(database, DeliveryState.ACCEPTED)
    with database.writing() as session:
        delivery = session.scalars(select(Delivery.id)).one()
        told = [
            note_report(session, delivery_id=delivery, what=what, at=LATER, report=report)
            for what, report in (
                (Report.BOUNCED, "a" * 64),
                (Report.BOUNCED, "a" * 64),
                (Report.COMPLAINED, "a" * 64),
                (Report.BOUNCED, "b" * 64),
            )
        ]
        assert told == [True, False, True, True]
        assert [one.event for one in reports_of(session, delivery)] == ["bounced", "complained", "bounced"]


def test_settling_one_address(database: Database) -> None:
    """Only the letter that is named is settled; an address without one in doubt is refused, and all stays."""
    in_state(database, DeliveryState.IN_DOUBT, readers=3)
    with database.writing() as session:
        issue = find_issue(session, CODE)
        assert assume_sent(session, issue, only=["reader2@example.org"], now=LATER) == 1
        assert resend(session, issue, only=["reader3@example.org"], now=LATER) == 1
        with pytest.raises(NotInDoubt) as refusal:
            resend(session, issue, only=["reader1@example.org", "reader2@example.org"], now=LATER)
    assert str(refusal.value) == (
        "No letter of issue 2017 to reader2@example.org is in doubt. "
        "List those that are with: iscm newsletter settle 2017"
    )
    assert states(database) == {
        "reader1@example.org": DeliveryState.IN_DOUBT,
        "reader2@example.org": DeliveryState.ACCEPTED,
        "reader3@example.org": DeliveryState.PENDING,
    }


def test_settling_more_than_one_portion(database: Database) -> None:
    """A restored backup can leave everybody in doubt; thousands are settled, each once."""
    in_state(database, DeliveryState.IN_DOUBT, readers=2500)
    with database.writing() as session:
        assert assume_sent(session, find_issue(session, CODE), now=LATER) == 2500
        assert count(session, find_issue(session, CODE)).accepted == 2500
        assert session.scalar(select(func.count()).select_from(DeliveryEvent)) == 2500
