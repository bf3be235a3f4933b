"""After a restore whoever left since is off the list again, whatever the backup says of them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Consent,
    ConsentAct,
    Database,
    Delivery,
    QueuedMail,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from models.departures import BEGUN, Departures, Line
from newsletter.audience import count_audience
from newsletter.course import begin_sending
from newsletter.erasure import erase
from newsletter.importing import NewReader, Taken, add_reader
from newsletter.keys import Keys
from newsletter.links import Purpose, make_token
from newsletter.restored.departures import Replayed, last_departures, replay_departures
from newsletter.subscription import leave, leave_reader, sign_up, undo_leaving
from newsletter.suppression import address_hash, suppress, suppressed_among
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue, add_readers

LATER = NOW + timedelta(hours=1)


def _hash(number: int, keys: Keys = KEYS) -> str:
    return address_hash(keys, f"reader{number}@example.org")


def _states(database: Database) -> dict[str, SubscriberState]:
    with database.reading() as session:
        return {one.address: one.state for one in session.scalars(select(Subscriber).order_by(Subscriber.id))}


def _replay(database: Database, lines: list[Line], keys: Keys = KEYS) -> Replayed:
    with database.writing() as session:
        return replay_departures(session, keys, lines, now=LATER)


def test_the_last_line_of_a_person_decides() -> None:
    """Left and back: a reader. Back and left again: gone. Both at one moment: gone. Issues are no persons."""
    lines = [
        Line(LATER, "returned", "back"),
        Line(NOW, "left", "back"),
        Line(NOW, "left", "again"),
        Line(LATER, "returned", "again"),
        Line(LATER + timedelta(seconds=1), "complained", "again"),
        Line(NOW, "left", "both"),
        Line(NOW, "returned", "both"),
        Line(NOW, BEGUN, "2026"),
    ]
    assert {who: line.what for who, line in last_departures(lines).items()} == {
        "again": "complained",
        "both": "left",
    }


def test_who_left_since_gets_nothing_and_comes_back_by_no_import(database: Database) -> None:
    """Off the list, suppressed, with a consent that says how; the others stay as they were."""
    with database.writing() as session:
        add_readers(session, 3)
    lines = [Line(NOW, "left", _hash(1)), Line(NOW, "bounced", _hash(2)), Line(NOW, "left", _hash(99))]
    assert _replay(database, lines) == Replayed(left=2, erased=0)
    assert list(_states(database).values()) == [
        SubscriberState.LEFT,
        SubscriberState.LEFT,
        SubscriberState.CONFIRMED,
    ]
    with database.writing() as session:
        assert count_audience(session, KEYS) == 1
        assert {row.address_hash: row.reason for row in session.scalars(select(Suppression))} == {
            _hash(1): SuppressionReason.LEFT,
            _hash(2): SuppressionReason.BOUNCED,
            _hash(99): SuppressionReason.LEFT,
        }
        acts = [(one.act, one.at) for one in session.scalars(select(Consent))]
        assert acts == [(ConsentAct.LEFT, NOW)] * 2
        # Somebody the backup had never heard of is known to be gone all the same.
        new = NewReader(address="reader99@example.org")
        taken = add_reader(session, KEYS, new, is_confirmed=True, source="file", now=LATER)
        assert taken is Taken.KEPT_UNSUBSCRIBED


def test_who_was_forgotten_is_forgotten_again(database: Database) -> None:
    """The backup brings a person's address back; the file takes it away, from every ledger too."""
    with database.writing() as session:
        add_issue(session)
        add_readers(session, 2)
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
    assert _replay(database, [Line(NOW, "erased", _hash(1))]) == Replayed(left=0, erased=1)
    assert list(_states(database)) == ["reader2@example.org"]
    with database.reading() as session:
        assert sorted(session.scalars(select(Delivery.address))) == ["erased", "reader2@example.org"]


def test_who_complained_stays_away_for_good_whatever_was_done_afterwards(database: Database) -> None:
    """Forgotten, or bounced, after a complaint or an editor's decision: no sign-up leads back from it."""
    with database.writing() as session:
        add_readers(session, 2)
        # The backup knows this address as one that left, and has no reader of it.
        suppress(session, KEYS, "reader3@example.org", reason=SuppressionReason.ERASED, now=NOW)
    lines = [
        Line(NOW, "complained", _hash(1)),
        Line(LATER, "erased", _hash(1)),
        Line(NOW, "editor", _hash(2)),
        Line(LATER, "bounced", _hash(2)),
        Line(LATER, "editor", _hash(3)),
        Line(NOW, "complained", _hash(4)),
        Line(LATER, "left", _hash(4)),
    ]
    _replay(database, lines)
    assert _states(database) == {"reader2@example.org": SubscriberState.SUPPRESSED}
    with database.writing() as session:
        found = suppressed_among(session, KEYS, [f"reader{number}@example.org" for number in range(1, 5)])
        assert set(found.values()) == {SuppressionReason.COMPLAINED, SuppressionReason.EDITOR}
        assert len(found) == 4
        for number in range(1, 5):
            sign_up(
                session,
                KEYS,
                address=f"reader{number}@example.org",
                language="en",
                source="form",
                now=LATER,
            )
        assert session.scalars(select(QueuedMail)).all() == []


def test_who_leaves_after_being_taken_for_moved_is_suppressed(sqlite_database: Database) -> None:
    """Off the list already by the line of a move, they say themselves that they leave: that counts too."""
    with sqlite_database.writing() as session:
        add_readers(session, 1)
    _replay(sqlite_database, [Line(NOW, "moved", _hash(1))])
    with sqlite_database.writing() as session:
        assert suppressed_among(session, KEYS, ["reader1@example.org"]) == {}
        leave_reader(session, KEYS, session.scalars(select(Subscriber)).one(), source="link", now=LATER)
        assert suppressed_among(session, KEYS, ["reader1@example.org"]) == {
            "reader1@example.org": SuppressionReason.LEFT
        }


def test_replaying_twice_changes_nothing_more(database: Database) -> None:
    """A restore that is repeated ends as the first did."""
    with database.writing() as session:
        add_readers(session, 2)
    lines = [Line(NOW, "left", _hash(1)), Line(NOW, "left", _hash(50))]
    assert _replay(database, lines) == Replayed(left=1, erased=0)
    assert _replay(database, lines) == Replayed()


def test_lines_written_under_an_older_key_are_understood(database: Database) -> None:
    """A key that was replaced since the lines were written still tells whom they mean."""
    older = "the key that was here before the present one"
    with database.writing() as session:
        add_readers(session, 2)
    lines = [Line(NOW, "left", _hash(2, Keys(older)))]
    keys = Keys("k" * 40, older=(older,))
    assert _replay(database, lines, keys) == Replayed(left=1, erased=0)
    with database.reading() as session:
        found = set(session.scalars(select(Suppression.address_hash)))
    assert {_hash(2, Keys(older)), _hash(2, Keys("k" * 40))} >= found > set()


def test_every_way_to_be_gone_is_written_down(sqlite_database: Database, tmp_path: Path) -> None:
    """Leaving, a complaint, a hard bounce, an editor's word, erasure; and coming back by undo."""
    file = Departures(tmp_path / "departures")
    database = Database(str(sqlite_database.url), departures=file)
    soon = NOW + timedelta(minutes=10)
    with database.writing() as session:
        add_readers(session, 6)
        session.execute(update(Subscriber).values(confirmed_at=NOW))

    def suppressing(reason: SuppressionReason) -> Callable[[Session, str], None]:
        return lambda session, address: suppress(session, KEYS, address, reason=reason, now=NOW)

    def leaving(session: Session, address: str) -> None:
        leave(session, KEYS, _token(session, address), source="test", now=NOW)

    acts = [
        leaving,
        suppressing(SuppressionReason.COMPLAINED),
        suppressing(SuppressionReason.BOUNCED),
        suppressing(SuppressionReason.EDITOR),
        lambda session, address: erase(session, KEYS, address, now=NOW),
        leaving,
    ]
    for number, act in enumerate(acts, start=1):
        with database.writing() as session:
            act(session, f"reader{number}@example.org")
    with database.writing() as session:
        token = _token(session, "reader6@example.org")
        assert undo_leaving(session, KEYS, token, source="test", now=soon)
    assert file.read() == [
        Line(NOW, "left", _hash(1)),
        Line(NOW, "complained", _hash(2)),
        Line(NOW, "bounced", _hash(3)),
        Line(NOW, "editor", _hash(4)),
        Line(NOW, "erased", _hash(5)),
        Line(NOW, "left", _hash(6)),
        Line(soon, "returned", _hash(6)),
    ]
    assert b"@" not in file.path.read_bytes()
    database.close()


def test_the_beginning_of_a_sending_is_written_down_once(sqlite_database: Database, tmp_path: Path) -> None:
    """When the first letter may leave, and not again when the sending goes on."""
    file = Departures(tmp_path / "departures")
    database = Database(str(sqlite_database.url), departures=file)
    with database.writing() as session:
        add_issue(session)
        add_readers(session, 1)
    for moment in (NOW, LATER):
        with database.writing() as session:
            begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=moment)
    assert file.read() == [Line(NOW, BEGUN, CODE)]
    database.close()


def _token(session: Session, address: str) -> str:
    row = session.scalars(select(Subscriber).where(Subscriber.address == address)).one()
    return make_token(KEYS, Purpose.UNSUBSCRIBE, row=row.id, address_key=row.address_key, epoch=0)
