"""The audience: frozen once, everybody accounted for, nobody twice."""

from sqlalchemy import select

from models import (
    Database,
    Delivery,
    Exclusion,
    ExclusionReason,
    Issue,
    IssueState,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.audience import count_audience, freeze_audience
from newsletter.course import begin_sending, find_issue
from newsletter.deliveries import count
from newsletter.suppression import suppress
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue, add_readers


def freeze(database: Database) -> None:
    """Freeze the issue's audience."""
    with database.writing() as session:
        issue = find_issue(session, CODE)
        freeze_audience(session, issue, editions=["en", "fr"], keys=KEYS, domain=HEAD.domain, now=NOW)


def test_audience_is_everybody_with_a_reason(database: Database) -> None:
    """Every subscriber is included, or excluded for one reason that is counted and kept."""
    with database.writing() as session:
        add_issue(session, languages=("en", "fr"))
        for state, number in (
            (SubscriberState.CONFIRMED, 1500),
            (SubscriberState.PENDING, 2),
            (SubscriberState.LEFT, 3),
            (SubscriberState.BOUNCED, 4),
            (SubscriberState.SUPPRESSED, 5),
        ):
            add_readers(session, number, state=state, name=state.value, language="fr")
        suppress(session, KEYS, "confirmed7@example.org", reason=SuppressionReason.COMPLAINED, now=NOW)
        assert count_audience(session, KEYS) == 1499
    freeze(database)
    with database.reading() as session:
        counts = count(session, find_issue(session, CODE))
        assert (counts.candidates, counts.included, counts.open) == (1514, 1499, 1499)
        assert counts.excluded_by == {"unconfirmed": 2, "left": 3, "suppressed": 6, "bounced": 4}
        assert counts.adds_up
        reasons = session.scalars(select(Exclusion.reason)).all()
        assert {reason: reasons.count(reason) for reason in set(reasons)} == {
            ExclusionReason.UNCONFIRMED: 2,
            ExclusionReason.LEFT: 3,
            ExclusionReason.SUPPRESSED: 6,
            ExclusionReason.BOUNCED: 4,
        }
        assert set(session.scalars(select(Delivery.language))) == {"fr"}
        identities = session.scalars(select(Delivery.message_id)).all()
        assert len(set(identities)) == 1499


def test_audience_holds_one_letter_for_each_mailbox(database: Database) -> None:
    """Two rows that are one mailbox, however they came about, get one letter; the other is a duplicate."""
    with database.writing() as session:
        add_issue(session)
        for key in ("amina@example.org", "Amina@example.org (as an old release wrote it)"):
            session.add(
                Subscriber(
                    address="Amina@example.org",
                    address_key=key,
                    language="en",
                    state=SubscriberState.CONFIRMED,
                    created_at=NOW,
                )
            )
    freeze(database)
    with database.reading() as session:
        counts = count(session, find_issue(session, CODE))
    assert (counts.included, counts.excluded_by) == (1, {"duplicate": 1})
    assert counts.adds_up


def test_audience_stays_as_it_was_frozen(sqlite_database: Database) -> None:
    """Who subscribes after the start is not in this issue; beginning again freezes nothing anew."""
    with sqlite_database.writing() as session:
        add_issue(session)
        add_readers(session, 2)
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        add_readers(session, 2, name="late")
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        issue = session.scalars(select(Issue)).one()
        assert (issue.state, issue.candidates) == (IssueState.SENDING, 2)
        assert count(session, issue).included == 2


def test_freezing_leaves_a_connection_the_memory_it_had(sqlite_database: Database) -> None:
    """The room that freezing gives SQLite for its indexes is given back: memory stays flat afterwards."""
    with sqlite_database.writing() as session:
        add_issue(session)
        add_readers(session, 1)
        connection = session.connection()
        before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
        issue = find_issue(session, CODE)
        freeze_audience(session, issue, editions=["en"], keys=KEYS, domain=HEAD.domain, now=NOW)
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar_one() == before
