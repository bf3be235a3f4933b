"""Coming and leaving: only who confirmed gets letters, and who left gets nothing whatever happens after."""

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import (
    Consent,
    ConsentAct,
    Database,
    Delivery,
    DeliveryState,
    QueuedMail,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from newsletter.addressing import BadAddress
from newsletter.course import begin_sending
from newsletter.importing import NewReader, Taken, add_reader
from newsletter.links import Purpose, make_token
from newsletter.subscription import (
    WORDING,
    Confirming,
    can_undo,
    confirm,
    confirm_token,
    confirmation_of,
    expire_confirmations,
    leave,
    reader_of,
    sign_up,
    undo_leaving,
)
from newsletter.suppression import suppress, suppressed_among
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue, add_readers

AMINA = "amina@example.org"


def ask(session: Session, *, address: str = AMINA, language: str = "fr", now: datetime = NOW) -> None:
    """Sign up as the form does."""
    sign_up(session, KEYS, address=address, language=language, source="form", now=now)


def reader(session: Session, address: str = AMINA) -> Subscriber:
    """Return the row of an address."""
    return session.scalars(select(Subscriber).where(Subscriber.address_key == address)).one()


def mails(session: Session) -> list[QueuedMail]:
    """Return all mails ever queued."""
    return list(session.scalars(select(QueuedMail).order_by(QueuedMail.id)))


def link(session: Session) -> str:
    """Return the token of the newest confirmation mail."""
    return confirm_token(KEYS, mails(session)[-1], reader(session))


def leaving_link(session: Session) -> str:
    """Return the token to leave."""
    one = reader(session)
    return make_token(KEYS, Purpose.UNSUBSCRIBE, row=one.id, address_key=one.address_key)


def acts(session: Session) -> list[ConsentAct]:
    """Return what the person did, in order."""
    return list(session.scalars(select(Consent.act).order_by(Consent.id)))


def test_signing_up_and_confirming(database: Database) -> None:
    """A wish becomes a subscription by the link of its mail; each step is kept with time and source."""
    with database.writing() as session:
        ask(session)
        assert reader(session).state is SubscriberState.PENDING
        assert [(mail.message, mail.language, mail.next_at) for mail in mails(session)] == [
            ("confirmation", "fr", NOW)
        ]
    with database.reading() as session:
        assert confirmation_of(session, KEYS, link(session), now=NOW).standing is Confirming.VALID
        assert reader(session).state is SubscriberState.PENDING
    later = NOW + timedelta(hours=1)
    with database.writing() as session:
        assert confirm(session, KEYS, link(session), source="page", now=later).standing is Confirming.VALID
        assert confirm(session, KEYS, link(session), source="page", now=later).standing is Confirming.ALREADY
        one = reader(session)
        assert (one.state, one.language, one.confirmed_at) == (SubscriberState.CONFIRMED, "fr", later)
        kept = session.execute(select(Consent.act, Consent.wording, Consent.source, Consent.at)).all()
        assert [tuple(row) for row in kept] == [
            (ConsentAct.ASKED, WORDING, "form", NOW),
            (ConsentAct.CONFIRMED, WORDING, "page", later),
        ]
        assert len(mails(session)) == 1


def test_confirmation_after_seven_days_is_too_late(sqlite_database: Database) -> None:
    """A link works for seven days; a new mail has a new one, and the old one stays dead."""
    with sqlite_database.writing() as session:
        ask(session)
        old = link(session)
        late = NOW + timedelta(days=7, seconds=1)
        assert confirm(session, KEYS, old, source="page", now=late).standing is Confirming.EXPIRED
        ask(session, now=late)
        assert confirmation_of(session, KEYS, old, now=late).standing is Confirming.EXPIRED
        assert confirmation_of(session, KEYS, link(session), now=late).standing is Confirming.VALID


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "é" * 22, "../../etc"])
def test_unknown_links_are_answered(sqlite_database: Database, token: str) -> None:
    """Whatever stands in a link is answered and changes nothing."""
    with sqlite_database.writing() as session:
        assert confirm(session, KEYS, token, source="page", now=NOW).standing is Confirming.EXPIRED
        assert leave(session, KEYS, token, source="link", now=NOW) is None
        assert not undo_leaving(session, KEYS, token, source="link", now=NOW)


def test_three_mails_a_day_at_most(database: Database) -> None:
    """Nobody can have more than three mails a day sent to somebody else, confirmed already or not."""
    with database.writing() as session:
        for _ in range(5):
            ask(session)
        assert len(mails(session)) == 3
        confirm(session, KEYS, link(session), source="page", now=NOW)
        ask(session)
        assert len(mails(session)) == 3
        ask(session, now=NOW + timedelta(days=1, seconds=1))
        assert len(mails(session)) == 4


def test_signing_up_again_changes_no_subscription(sqlite_database: Database) -> None:
    """A stranger who types a reader's address into the form changes neither state nor language."""
    with sqlite_database.writing() as session:
        ask(session)
        confirm(session, KEYS, link(session), source="page", now=NOW)
        ask(session, language="en")
        assert (reader(session).state, reader(session).language) == (SubscriberState.CONFIRMED, "fr")


def test_spellings_of_one_address_are_one_reader(sqlite_database: Database) -> None:
    """Capitals and blanks do not make a second subscription."""
    with sqlite_database.writing() as session:
        for address in (AMINA, "  Amina@EXAMPLE.org", "amina@Example.org."):
            ask(session, address=address)
        assert session.scalar(select(func.count()).select_from(Subscriber)) == 1
        with pytest.raises(BadAddress):
            ask(session, address="nobody")


def test_leaving_and_undoing_it(database: Database) -> None:
    """One click leaves, at once and again; within 30 minutes it can be undone, after that not."""
    with database.writing() as session:
        ask(session)
        confirm(session, KEYS, link(session), source="page", now=NOW)
        token = leaving_link(session)
        for _ in range(2):
            left = leave(session, KEYS, token, source="link", now=NOW)
            assert left is not None
            assert left.state is SubscriberState.LEFT
        assert suppressed_among(session, KEYS, [AMINA]) == {AMINA: SuppressionReason.LEFT}
        assert can_undo(reader(session), now=NOW + timedelta(minutes=30))
        for _ in range(2):
            assert undo_leaving(session, KEYS, token, source="link", now=NOW + timedelta(minutes=30))
        assert reader(session).state is SubscriberState.CONFIRMED
        assert suppressed_among(session, KEYS, [AMINA]) == {}
        leave(session, KEYS, token, source="link", now=NOW)
        assert not undo_leaving(session, KEYS, token, source="link", now=NOW + timedelta(minutes=31))
        assert acts(session) == [
            ConsentAct.ASKED,
            ConsentAct.CONFIRMED,
            ConsentAct.LEFT,
            ConsentAct.UNDONE,
            ConsentAct.LEFT,
        ]


def test_undoing_does_not_confirm(sqlite_database: Database) -> None:
    """Who never confirmed and leaves cannot become a reader by the undo button."""
    with sqlite_database.writing() as session:
        ask(session)
        token = leaving_link(session)
        leave(session, KEYS, token, source="link", now=NOW)
        assert not undo_leaving(session, KEYS, token, source="link", now=NOW)
        assert reader(session).state is SubscriberState.LEFT


def test_link_to_leave_works_for_ever_and_others_do_not(sqlite_database: Database) -> None:
    """After leaving and coming back, the old letter's link still leaves; its other links are dead."""
    with sqlite_database.writing() as session:
        ask(session)
        first = link(session)
        confirm(session, KEYS, first, source="page", now=NOW)
        token, one = leaving_link(session), reader(session)
        preferences = make_token(KEYS, Purpose.PREFERENCES, row=one.id, address_key=AMINA, epoch=one.epoch)
        assert reader_of(session, KEYS, preferences, purpose=Purpose.PREFERENCES) is one
        leave(session, KEYS, token, source="link", now=NOW)
        assert confirm(session, KEYS, first, source="page", now=NOW).standing is Confirming.EXPIRED
        ask(session)
        assert confirm(session, KEYS, first, source="page", now=NOW).standing is Confirming.EXPIRED
        confirm(session, KEYS, link(session), source="page", now=NOW)
        assert reader(session).state is SubscriberState.CONFIRMED
        assert suppressed_among(session, KEYS, [AMINA]) == {}
        assert reader_of(session, KEYS, preferences, purpose=Purpose.PREFERENCES) is None
        assert leave(session, KEYS, token, source="link", now=NOW) is one
        assert one.state is SubscriberState.LEFT


@pytest.mark.parametrize("reason", [SuppressionReason.COMPLAINED, SuppressionReason.EDITOR])
def test_suppressed_for_good_is_never_written_to(
    sqlite_database: Database, reason: SuppressionReason
) -> None:
    """An address that complained gets not even a confirmation mail, and the form answers as ever."""
    with sqlite_database.writing() as session:
        suppress(session, KEYS, AMINA, reason=reason, now=NOW)
        suppress(session, KEYS, AMINA, reason=SuppressionReason.LEFT, now=NOW)
        ask(session)
        assert mails(session) == []
        assert session.scalars(select(Suppression.reason)).all() == [reason]


def test_leaving_skips_what_waits(database: Database) -> None:
    """In the transaction of the click, letters that wait for this reader are skipped, in every issue."""
    with database.writing() as session:
        for code in (CODE, "2018"):
            add_issue(session, code=code)
        add_readers(session, 2, name="amina")
        for code in (CODE, "2018"):
            begin_sending(session, code, keys=KEYS, domain=HEAD.domain, now=NOW)
        one = reader(session, "amina1@example.org")
        token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=one.id, address_key=one.address_key)
        leave(session, KEYS, token, source="link", now=NOW)
    with database.reading() as session:
        found = session.execute(select(Delivery.address, Delivery.state).order_by(Delivery.address))
        assert [tuple(row) for row in found] == [
            ("amina1@example.org", DeliveryState.SKIPPED),
            ("amina1@example.org", DeliveryState.SKIPPED),
            ("amina2@example.org", DeliveryState.PENDING),
            ("amina2@example.org", DeliveryState.PENDING),
        ]


def test_unconfirmed_are_forgotten_after_a_week(database: Database) -> None:
    """Who did not confirm is deleted; who had been a reader goes back to having left; others stay."""
    week = timedelta(days=7, seconds=1)
    with database.writing() as session:
        ask(session)
        ask(session, address="back@example.org")
        confirm_newest(session, "back@example.org")
        back = reader(session, "back@example.org")
        token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=back.id, address_key=back.address_key)
        leave(session, KEYS, token, source="link", now=NOW)
        ask(session, address="back@example.org")
        ask(session, address="new@example.org", now=NOW + week)
        assert expire_confirmations(session, now=NOW) == 0
        assert expire_confirmations(session, now=NOW + week) == 2
    with database.reading() as session:
        found = session.execute(select(Subscriber.address, Subscriber.state).order_by(Subscriber.address))
        assert [tuple(row) for row in found] == [
            ("back@example.org", SubscriberState.LEFT),
            ("new@example.org", SubscriberState.PENDING),
        ]


def confirm_newest(session: Session, address: str) -> None:
    """Confirm by the newest mail."""
    token = confirm_token(KEYS, mails(session)[-1], reader(session, address))
    confirm(session, KEYS, token, source="page", now=NOW)


class Subscriptions(RuleBasedStateMachine):
    """One person, a stranger and an editor doing things in any order."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.now = NOW
        self.has_left = False
        self.clicked_confirm = False
        with database.writing() as session:
            for record in (Consent, QueuedMail, Subscriber, Suppression):
                session.execute(delete(record))

    @rule()
    def stranger_signs_up(self) -> None:
        """Type the address into the form."""
        with self.database.writing() as session:
            ask(session, now=self.now)

    @rule()
    def owner_confirms_newest_mail(self) -> None:
        """Press the button behind the newest link."""
        with self.database.writing() as session:
            if mails(session) and session.scalar(select(func.count()).select_from(Subscriber)):
                found = confirm(session, KEYS, link(session), source="page", now=self.now)
                if found.standing is Confirming.VALID:
                    self.has_left = False

    @rule()
    def owner_leaves(self) -> None:
        """Press the button to leave."""
        with self.database.writing() as session:
            if session.scalar(select(func.count()).select_from(Subscriber)):
                leave(session, KEYS, leaving_link(session), source="link", now=self.now)
                self.has_left = True

    @rule()
    def owner_undoes(self) -> None:
        """Press the undo button."""
        with self.database.writing() as session:
            if session.scalar(select(func.count()).select_from(Subscriber)) and undo_leaving(
                session, KEYS, leaving_link(session), source="link", now=self.now
            ):
                self.has_left = False

    @rule(is_confirmed=st.booleans())
    def editor_imports(self, *, is_confirmed: bool) -> None:
        """Add the address from a file."""
        with self.database.writing() as session:
            taken = add_reader(
                session,
                KEYS,
                NewReader(address=AMINA),
                is_confirmed=is_confirmed,
                source="file",
                now=self.now,
            )
        assert taken is Taken.KEPT_UNSUBSCRIBED or not self.has_left

    @rule(minutes=st.sampled_from([1, 31, 60 * 24 * 8]))
    def time_passes(self, minutes: int) -> None:
        """Let links and limits expire."""
        self.now += timedelta(minutes=minutes)
        with self.database.writing() as session:
            expire_confirmations(session, now=self.now)

    @invariant()
    def who_left_gets_nothing(self) -> None:
        """After leaving, only the person's own confirmation or undoing makes them a reader again."""
        with self.database.reading() as session:
            found = session.scalars(select(Subscriber.state)).all()
            assert not (self.has_left and SubscriberState.CONFIRMED in found)


def test_subscriptions_in_any_order(sqlite_database: Database) -> None:
    """No order of sign-ups, imports and clicks makes somebody a reader who has left."""
    run_state_machine_as_test(
        lambda: Subscriptions(sqlite_database),  # type: ignore[arg-type]  # any factory is taken
        settings=settings(max_examples=25, stateful_step_count=12, deadline=None),
    )
