"""Claims: each row to one sender at a time, and nothing taken from a sender that lost its lease."""

from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from models import DELIVERY_TRANSITIONS, Database, Delivery, DeliveryState, Subscriber, SubscriberState
from newsletter.claims import LEASE, Held, Permission, are_held, claim, give_back, look_again, renew
from newsletter.course import begin_sending, find_issue, pause
from newsletter.deliveries import Ending, count, record_endings, skip_waiting
from newsletter.journal import Claim, Journal
from newsletter.recovery import LOST_AFTER, expire_leases, recover_journals
from newsletter.transport import Fate, Outcome
from tests.letters import CODE, HEAD, KEYS, NOW, ready_to_send, states

ACCEPTED = Outcome(Fate.ACCEPTED, 250, "ok")


def begun(database: Database, readers: int) -> int:
    """Begin a sending; return the issue's id."""
    ready_to_send(database, readers)
    with database.writing() as session:
        return begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW).id


def take(
    database: Database, issue: int, owner: str, *, limit: int = 10, later: timedelta = timedelta()
) -> list[Held]:
    """Claim rows for an owner."""
    with database.writing() as session:
        return claim(session, issue_id=issue, owner=owner, now=NOW + later, limit=limit)


def write(database: Database, held: Held, owner: str, outcome: Outcome | None = ACCEPTED) -> bool:
    """Write an outcome; tell whether it was taken."""
    with database.writing() as session:
        return record_endings(session, [Ending(claim=held.claim, outcome=outcome, at=NOW)], owner=owner) == []


def test_rows_are_claimed_once(database: Database) -> None:
    """Two senders never hold the same row; each claim has a lease and a new epoch."""
    issue = begun(database, 5)
    first, second, third = (take(database, issue, owner, limit=3) for owner in ("a", "b", "c"))
    assert [len(one) for one in (first, second, third)] == [3, 2, 0]
    assert {held.id for held in first}.isdisjoint(held.id for held in second)
    assert {held.epoch for held in first + second} == {1}
    with database.reading() as session:
        assert set(session.scalars(select(Delivery.lease_until))) == {NOW + LEASE}
        assert are_held(session, issue_id=issue)


def test_stale_owner_is_refused(database: Database, tmp_path: Path) -> None:
    """A sender that slept through its lease can write nothing once another has the row."""
    issue = begun(database, 2)
    journal = Journal.begin(tmp_path, "sleeper")
    sleeping = take(database, issue, "sleeper")
    awake = NOW + LEASE + timedelta(seconds=1)
    assert recover_journals(database, folder=tmp_path, now=awake) == 2
    (taken, _) = take(database, issue, "other", later=LEASE + timedelta(seconds=1))
    with database.writing() as session:
        assert look_again(session, sleeping, owner="sleeper", now=awake) == {
            held.id: Permission.NOT_OURS for held in sleeping
        }
        give_back(session, [held.claim for held in sleeping], owner="sleeper")
    assert not any(write(database, held, "sleeper") for held in sleeping)
    assert write(database, taken, "other")
    assert states(database)[taken.address] is DeliveryState.ACCEPTED
    journal.close()


def test_stale_owner_with_the_same_name_is_refused_by_epoch(database: Database) -> None:
    """Even under its own name a sender cannot write for a claim it gave back."""
    issue = begun(database, 1)
    (old,) = take(database, issue, "a")
    with database.writing() as session:
        give_back(session, [old.claim], owner="a")
    (new,) = take(database, issue, "a")
    assert (old.epoch, new.epoch) == (1, 2)
    with database.reading() as session:
        assert look_again(session, [old], owner="a", now=NOW) == {old.id: Permission.NOT_OURS}
        assert look_again(session, [new], owner="a", now=NOW) == {new.id: Permission.GRANTED}
    assert not write(database, old, "a")
    assert write(database, new, "a")


def test_living_sender_that_lapsed_loses_what_did_not_touch_the_wire(
    database: Database, tmp_path: Path
) -> None:
    """Suspended too long: what is on its wire is in doubt, the rest waits; its journal stays its own."""
    issue = begun(database, 2)
    journal = Journal.begin(tmp_path, "sleeper")
    on_wire, untouched = take(database, issue, "sleeper")
    journal.on_wire(on_wire.claim)
    assert recover_journals(database, folder=tmp_path, now=NOW + LEASE / 2) == 0
    assert recover_journals(database, folder=tmp_path, now=NOW + LEASE * 2) == 2
    assert states(database) == {
        on_wire.address: DeliveryState.IN_DOUBT,
        untouched.address: DeliveryState.PENDING,
    }
    journal.on_wire(untouched.claim)
    journal.close()
    assert recover_journals(database, folder=tmp_path, now=NOW + LEASE * 3) == 0


def test_renewed_lease_holds(database: Database, tmp_path: Path) -> None:
    """A sender that renews in time keeps its rows however long the server takes."""
    issue = begun(database, 1)
    journal = Journal.begin(tmp_path, "patient")
    take(database, issue, "patient")
    with database.writing() as session:
        assert renew(session, owner="patient", now=NOW + LEASE) == 1
    assert recover_journals(database, folder=tmp_path, now=NOW + LEASE + timedelta(seconds=1)) == 0
    journal.close()


def test_dead_senders_journal_is_told_exactly(database: Database, tmp_path: Path) -> None:
    """What ended is as it ended, what was on the wire is in doubt, the rest waits; the journal is gone."""
    issue = begun(database, 5)
    journal = Journal.begin(tmp_path, "dead")
    accepted, rejected, returned, on_wire, untouched = take(database, issue, "dead")
    for held, outcome in (
        (accepted, ACCEPTED),
        (rejected, Outcome(Fate.REJECTED, 550, "no")),
        (returned, Outcome(Fate.RELAY_FAULT, 530, "sign in")),
        (on_wire, None),
    ):
        journal.on_wire(held.claim)
        if outcome is not None:
            journal.ended(held.claim, outcome)
    journal.close()
    assert recover_journals(database, folder=tmp_path, now=NOW) == 5
    assert states(database) == {
        accepted.address: DeliveryState.ACCEPTED,
        rejected.address: DeliveryState.REJECTED,
        returned.address: DeliveryState.PENDING,
        on_wire.address: DeliveryState.IN_DOUBT,
        untouched.address: DeliveryState.PENDING,
    }
    assert list(tmp_path.glob("*.journal")) == []
    assert recover_journals(database, folder=tmp_path, now=NOW) == 0


def test_journal_of_a_crashed_machine_puts_its_letters_in_doubt(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Lines that never reached the disk cannot prove that a letter was not sent."""
    issue = begun(sqlite_database, 2)
    take(sqlite_database, issue, "crashed")
    (tmp_path / "crashed.journal").write_text('["boot","another"]\n')
    assert recover_journals(sqlite_database, folder=tmp_path, now=NOW) == 2
    assert set(states(sqlite_database).values()) == {DeliveryState.IN_DOUBT}


def test_sender_on_another_machine_is_lost_after_ten_minutes(database: Database, tmp_path: Path) -> None:
    """Without its journal nothing is known of its letters; after ten minutes they are in doubt."""
    issue = begun(database, 2)
    take(database, issue, "elsewhere")
    for later, expected in ((LEASE, 0), (LEASE + LOST_AFTER, 0), (LEASE + LOST_AFTER * 2, 2)):
        assert expire_leases(database, folder=tmp_path, now=NOW + later) == expected
    assert set(states(database).values()) == {DeliveryState.IN_DOUBT}


def test_permission_is_what_the_rows_say_now(database: Database) -> None:
    """One look tells who left, what was taken away, and whether the issue goes on."""
    issue = begun(database, 3)
    held = take(database, issue, "a")
    with database.writing() as session:
        session.execute(
            update(Subscriber)
            .where(Subscriber.id == held[0].subscriber_id)
            .values(state=SubscriberState.LEFT)
        )
        give_back(session, [held[1].claim], owner="a")
    with database.reading() as session:
        assert look_again(session, held, owner="a", now=NOW) == {
            held[0].id: Permission.READER_LEFT,
            held[1].id: Permission.NOT_OURS,
            held[2].id: Permission.GRANTED,
        }
    with database.writing() as session:
        find_issue(session, CODE).not_after = NOW
    with database.reading() as session:
        later = NOW + timedelta(seconds=1)
        assert look_again(session, [held[2]], owner="a", now=later) == {held[2].id: Permission.TOO_LATE}
    with database.writing() as session:
        pause(session, CODE, editor="editor", now=NOW)
    with database.reading() as session:
        assert look_again(session, [held[2]], owner="a", now=NOW) == {held[2].id: Permission.STOPPED}


class Sendings(RuleBasedStateMachine):
    """Senders that claim, write, die, lapse and give back in any order, over the real tables."""

    owners = ("a", "b")

    def __init__(self, database: Database, issue: int) -> None:
        super().__init__()
        self.database = database
        self.issue = issue
        self.now = NOW
        self.held: dict[str, list[Held]] = {owner: [] for owner in self.owners}
        self.sent: dict[int, int] = {}
        with self.database.writing() as session:
            session.execute(
                update(Delivery).values(
                    state=DeliveryState.PENDING,
                    owner=None,
                    lease_until=None,
                    epoch=0,
                    next_at=None,
                    attempts=0,
                )
            )

    @rule(owner=st.sampled_from(owners), limit=st.integers(1, 3))
    def claims(self, owner: str, limit: int) -> None:
        """Take a few rows."""
        with self.database.writing() as session:
            self.held[owner] += claim(session, issue_id=self.issue, owner=owner, now=self.now, limit=limit)

    @precondition(lambda self: any(self.held.values()))
    @rule(owner=st.sampled_from(owners), fate=st.sampled_from([Fate.ACCEPTED, Fate.DEFERRED, Fate.IN_DOUBT]))
    def ends(self, owner: str, fate: Fate) -> None:
        """Write how the oldest one ended; whoever lost it in between is refused."""
        if self.held[owner]:
            held = self.held[owner].pop(0)
            with self.database.writing() as session:
                ending = Ending(claim=held.claim, outcome=Outcome(fate, 250, ""), at=self.now)
                refused = record_endings(session, [ending], owner=owner)
            if not refused and fate is Fate.ACCEPTED:
                self.sent[held.id] = self.sent.get(held.id, 0) + 1

    @rule(owner=st.sampled_from(owners))
    def gives_back(self, owner: str) -> None:
        """Return everything, but go on believing that it is held: a sender that lost its lease."""
        with self.database.writing() as session:
            give_back(session, [held.claim for held in self.held[owner]], owner=owner)

    @rule()
    def time_passes(self) -> None:
        """Let put-off rows come due."""
        self.now += timedelta(hours=1)

    @invariant()
    def nobody_is_lost_or_sent_twice(self) -> None:
        """The numbers add up at every moment, and one row is accepted once."""
        with self.database.reading() as session:
            assert count(session, find_issue(session, CODE)).adds_up
        assert set(self.sent.values()) <= {1}


def test_claims_in_any_order(sqlite_database: Database) -> None:
    """Whatever senders do, and in whatever order, nobody is lost and nobody is written twice."""
    issue = begun(sqlite_database, 4)
    run_state_machine_as_test(
        lambda: Sendings(sqlite_database, issue),  # type: ignore[arg-type]  # any factory is taken
        settings=settings(max_examples=15, stateful_step_count=15, deadline=None),
    )


def test_skipping_leaves_what_a_sender_holds(sqlite_database: Database) -> None:
    """What waits is skipped; a claimed row stays with its sender, who looks again before each letter."""
    issue = begun(sqlite_database, 3)
    (held,) = take(sqlite_database, issue, "a", limit=1)
    with sqlite_database.writing() as session:
        assert skip_waiting(session, reason="left", at=NOW, issue_id=issue) == 2
    assert states(sqlite_database)[held.address] is DeliveryState.CLAIMED
    assert list(states(sqlite_database).values()).count(DeliveryState.SKIPPED) == 2
    assert write(sqlite_database, held, "a", None)
    assert set(states(sqlite_database).values()) == {DeliveryState.SKIPPED}


def test_every_ending_is_a_legal_transition() -> None:
    """Each fate that a sender writes leads along the table from claimed."""
    from newsletter.deliveries import _STATES

    assert set(_STATES.values()) <= DELIVERY_TRANSITIONS[DeliveryState.CLAIMED]
    assert Claim(1, 1) != Claim(1, 2)
