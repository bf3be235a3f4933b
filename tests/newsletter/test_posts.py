"""Posts and addresses that change: letters follow, and old links end the letter for whom they were."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Database,
    Delivery,
    DeliveryState,
    FormerAddress,
    QueuedMail,
    RecipientKind,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from models.departures import MOVED, Departures
from newsletter.claims import Permission, claim, give_back_all, look_again
from newsletter.course import begin_sending
from newsletter.erasure import erase
from newsletter.importing import NewReader, Taken, add_reader
from newsletter.links import Purpose, make_token
from newsletter.own_data import export
from newsletter.posts import NotHandedOver, hand_over
from newsletter.reader_mails import mail_of
from newsletter.restored.departures import replay_departures
from newsletter.subscription import leave, reader_of
from newsletter.suppression import suppress, suppressed_among
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue
from tests.sqlite_copy import sqlite_copy

OLD, NEW = "old@mfa.example", "new@mfa.example"


def add_post(session: Session, address: str = OLD) -> Subscriber:
    """Put a post on the list."""
    reader = NewReader(
        address=address, kind=RecipientKind.CIRCULATION, name="Olga Old", post="Head", organisation="MFA"
    )
    add_reader(session, KEYS, reader, is_confirmed=False, source="test", now=NOW)
    return session.scalars(select(Subscriber).where(Subscriber.address_key == address)).one()


def give(session: Session, old: str = OLD, new: str = NEW) -> Subscriber:
    """Hand the post over."""
    return hand_over(session, KEYS, old, new, name=None, language=None, source="editor", now=NOW)


def test_waiting_letter_goes_to_who_holds_the_post_now(database: Database) -> None:
    """Waiting or claimed, the letter follows; the old address is looked at once more and gets nothing."""
    with database.writing() as session:
        post = add_post(session)
        add_issue(session)
        issue = begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        (held,) = claim(session, issue_id=issue.id, owner="sender", now=NOW, limit=5)
        give(session)
        assert look_again(session, [held], owner="sender", now=NOW) == {held.id: Permission.READER_MOVED}
        give_back_all(session, owner="sender", but=())
        (again,) = claim(session, issue_id=issue.id, owner="sender", now=NOW, limit=5)
        assert (again.address, again.message_id, again.link_epoch) == (NEW, held.message_id, post.epoch)
        assert look_again(session, [again], owner="sender", now=NOW) == {held.id: Permission.GRANTED}
    with database.reading() as session:
        post = session.scalars(select(Subscriber)).one()
        assert (post.name, post.post, post.organisation) == (None, "Head", "MFA")
        (mail,) = session.scalars(select(QueuedMail)).all()
        told = mail_of(session, KEYS, HEAD, mail)
        assert told is not None
        assert (
            told.recipient,
            b"Head, MFA" in told.letter.replace(b"=\r\n", b""),
            OLD.encode() in told.letter,
        ) == (
            NEW,
            True,
            False,
        )


def test_old_letters_link_takes_off_who_got_it_and_not_the_post(database: Database) -> None:
    """The former holder's click suppresses their address; their other links are dead; the post goes on."""
    with database.writing() as session:
        post = add_post(session)
        tokens = {
            purpose: make_token(KEYS, purpose, row=post.id, address_key=OLD)
            for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES)
        }
        give(session)
        assert reader_of(session, KEYS, tokens[Purpose.PREFERENCES], purpose=Purpose.PREFERENCES) is None
        assert leave(session, KEYS, tokens[Purpose.UNSUBSCRIBE], source="link", now=NOW) is None
        assert suppressed_among(session, KEYS, [OLD, NEW]) == {OLD: SuppressionReason.LEFT}
        assert post.state is SubscriberState.CONFIRMED


def test_former_holder_stays_away_from_lists_and_from_what_the_new_one_is_shown(database: Database) -> None:
    """No import brings the old address back; neither person sees, or erases, what is the other's."""
    with database.writing() as session:
        add_post(session)
        add_issue(session)
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        session.execute(update(Delivery).values(state=DeliveryState.ACCEPTED))
        give(session)
        reader = NewReader(address=OLD, kind=RecipientKind.CIRCULATION)
        assert add_reader(session, KEYS, reader, is_confirmed=True, source="x", now=NOW) is Taken.ALREADY
        own = export(session, KEYS, NEW)
        assert (own["letters"], [act["act"] for act in own["consents"]]) == ([], ["handed_over"])
        assert OLD not in str(own)
        before = export(session, KEYS, OLD)
        assert [letter["address"] for letter in before["letters"]] == [OLD]
        assert NEW not in str(before)
        erase(session, KEYS, OLD, now=NOW)
        assert session.scalars(select(FormerAddress)).all() == []
        assert session.scalars(select(Subscriber.address)).all() == [NEW]
        assert session.scalars(select(Delivery.address)).all() == ["erased"]


@pytest.mark.parametrize("state", [SubscriberState.LEFT, SubscriberState.BOUNCED])
def test_post_without_a_reachable_holder_is_handed_over(
    sqlite_database: Database, state: SubscriberState
) -> None:
    """Who left took themselves off, and not the post; mail that bounced is why posts are handed over."""
    reasons = {
        SubscriberState.LEFT: SuppressionReason.LEFT,
        SubscriberState.BOUNCED: SuppressionReason.BOUNCED,
    }
    with sqlite_database.writing() as session:
        post = add_post(session)
        suppress(session, KEYS, OLD, reason=reasons[state], now=NOW)
        assert post.state is state
        give(session)
        assert post.state is SubscriberState.CONFIRMED
        assert suppressed_among(session, KEYS, [OLD, NEW]) == {OLD: reasons[state]}


def test_suppressed_successor_is_refused(sqlite_database: Database) -> None:
    """Who is away stays away, whatever post they come to hold."""
    with sqlite_database.writing() as session:
        add_post(session)
        suppress(session, KEYS, NEW, reason=SuppressionReason.LEFT, now=NOW)
        with pytest.raises(NotHandedOver, match="has unsubscribed and stays so"):
            give(session)


def test_restored_backup_writes_to_no_former_address(empty_sqlite: Path, tmp_path: Path) -> None:
    """The old address is off the list and named to the editor, because nobody knows the new one any more."""
    departures = Departures(tmp_path / "departures")
    with sqlite_copy(empty_sqlite, tmp_path) as plain:
        database = Database(plain.url.render_as_string(hide_password=False), departures=departures)
        with database.writing() as session:
            add_post(session)
            give(session)
        lines = departures.read()
        assert [line.what for line in lines] == [MOVED]
        with database.writing() as session:
            session.delete(session.scalars(select(Subscriber)).one())
            session.flush()
            add_post(session)
        with database.writing() as session:
            done = replay_departures(session, KEYS, lines, now=NOW + timedelta(hours=1))
            assert (done.left, done.moved) == (0, [OLD])
            assert session.scalars(select(Subscriber.state)).all() == [SubscriberState.LEFT]
        database.close()
