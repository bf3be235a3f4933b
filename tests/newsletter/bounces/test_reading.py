"""What follows from a returned mail: exactly what the letter's rules say, once, and for nobody else."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from models import (
    Bounce,
    BounceKind,
    Consent,
    ConsentAct,
    Database,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Issue,
    IssueState,
    RecipientKind,
    ReturnedMail,
    Subscriber,
    SubscriberState,
    SuppressionReason,
    Task,
    TaskKind,
)
from newsletter.bounces.maildir import read_one
from newsletter.bounces.raw import RawMail, read_raw
from newsletter.bounces.reading import Did, Reading, Why
from newsletter.bounces.refused import count_refused, has_refused
from newsletter.course import begin_sending, find_issue
from newsletter.deliveries import count
from newsletter.erasure import erase
from newsletter.keys import Keys
from newsletter.links import Purpose, make_token
from newsletter.return_address import return_address
from newsletter.subscription import undo_leaving
from newsletter.suppression import suppressed_among
from newsletter.tasks import end_moot_tasks, end_task, has_moot_tasks, list_tasks, sentence_of
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue, add_readers
from tests.newsletter.bounces import corpus
from tests.newsletter.bounces.corpus import Letter

READER = "reader1@example.org"
OTHER = "reader2@example.org"
YEAR = timedelta(days=365)


def sent(database: Database, *codes: str, state: DeliveryState = DeliveryState.ACCEPTED) -> None:
    """Let issues have been sent to two readers."""
    with database.writing() as session:
        if not session.scalar(select(func.count()).select_from(Subscriber)):
            add_readers(session, 2)
        for code in codes:
            add_issue(session, code=code)
            begin_sending(session, code, keys=KEYS, domain=HEAD.domain, now=NOW)
            session.execute(
                update(Delivery).where(Delivery.state == DeliveryState.PENDING).values(state=state)
            )


def letter_of(database: Database, *, code: str = CODE, to: str = READER, keys: Keys = KEYS) -> Letter:
    """The letter of an issue to a reader."""
    with database.reading() as session:
        query = select(Delivery).join(Issue, Issue.id == Delivery.issue_id)
        row = session.scalars(query.where(Issue.code == code, Delivery.address == to)).one()
        return Letter(row.id, to, row.message_id, back_to(row.id, row.message_id, keys=keys))


def back_to(number: int, message_id: str, *, keys: Keys = KEYS) -> str:
    """The return address of a letter."""
    return return_address(keys, delivery_id=number, message_id=message_id, domain="bounces.example")


def by_number_alone(letter: Letter) -> Letter:
    """The letter as an earlier release sent it, its return address signed by its number."""
    mac = KEYS.digest("return-address", str(letter.number))[:6].hex()
    return replace(letter, return_address=f"b.{letter.number}.{mac}@bounces.example")


def read(database: Database, mail: bytes, *, now: datetime = NOW, recipient: str = "") -> Reading:
    """Read one mail as the command does."""
    return read_one(database, KEYS, read_raw(io.BytesIO(mail)), now=now, recipient=recipient)


def state_of(database: Database, address: str = READER) -> SubscriberState:
    """How a reader stands."""
    with database.reading() as session:
        return session.scalars(select(Subscriber.state).where(Subscriber.address == address)).one()


def tasks(database: Database) -> list[tuple[TaskKind, str, int]]:
    """The open tasks: kind, address, how often seen."""
    with database.reading() as session:
        return [(task.kind, task.address, task.count) for task, _ in list_tasks(session, only_open=True)]


def reason(database: Database, address: str = READER) -> SuppressionReason | None:
    """Why nothing may be sent to an address, None where it may."""
    with database.reading() as session:
        return suppressed_among(session, KEYS, [address]).get(address)


def events(database: Database) -> list[tuple[str, str, str | None]]:
    """What reports told: address, event, status."""
    with database.reading() as session:
        query = (
            select(Delivery.address, DeliveryEvent.event, DeliveryEvent.status)
            .join(Delivery, Delivery.id == DeliveryEvent.delivery_id)
            .where(DeliveryEvent.event.in_(["bounced", "complained", "delivered", "settled"]))
            .order_by(DeliveryEvent.id)
        )
        return [(address, event, status) for address, event, status in session.execute(query)]


def test_first_hard_bounce_is_a_task_and_a_second_issue_ends_it(database: Database) -> None:
    """A hard bounce asks for the new address; one of another issue takes the address off; nobody else is."""
    sent(database, "2016", "2017")
    first = read(database, corpus.postfix(letter_of(database, code="2016")))
    assert (first.did, first.what, first.status) == (Did.COUNTED, "bounced hard", "5.1.1")
    assert (state_of(database), reason(database)) == (SubscriberState.CONFIRMED, None)
    assert tasks(database) == [(TaskKind.NEW_ADDRESS, READER, 1)]
    second = read(database, corpus.gmail(letter_of(database, code="2017")), now=NOW + YEAR)
    assert second.said == "off the list, after a second issue that came back; task 1"
    assert (state_of(database), reason(database)) == (SubscriberState.BOUNCED, SuppressionReason.BOUNCED)
    assert (state_of(database, OTHER), reason(database, OTHER)) == (SubscriberState.CONFIRMED, None)
    assert tasks(database) == [(TaskKind.NEW_ADDRESS, READER, 2)]
    assert events(database) == [(READER, "bounced", "5.1.1"), (READER, "bounced", "5.1.1")]


def test_leaving_by_mail_is_as_by_a_click(database: Database) -> None:
    """A mail program that writes to List-Unsubscribe ends the letter, once; only the token can do that."""
    sent(database, "2017", state=DeliveryState.DEFERRED)
    with database.writing() as session:
        session.execute(update(Subscriber).values(confirmed_at=NOW))
        row = session.scalars(select(Subscriber.id).where(Subscriber.address == READER)).one()
    token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=row, address_key=READER)
    mail = f"From: {READER}\nTo: {HEAD.sender_address}\nSubject: %s\n\nIgnore this line.\n"
    for other in (
        f"unsubscribe {token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        "unsubscribe",
        f"Re: {token}",
    ):
        assert read(database, (mail % other).encode()).did is Did.IGNORED
    assert state_of(database) is SubscriberState.CONFIRMED
    said = read(database, (mail % f"Unsubscribe {token}").encode())
    assert (said.did, said.what, said.address) == (Did.COUNTED, "left", READER)
    assert (state_of(database), reason(database)) == (SubscriberState.LEFT, SuppressionReason.LEFT)
    assert state_of(database, OTHER) is SubscriberState.CONFIRMED
    with database.writing() as session:
        waiting = session.scalars(select(Delivery.state).where(Delivery.address == READER)).one()
        assert undo_leaving(session, KEYS, token, source="undo", now=NOW)
    assert waiting is DeliveryState.SKIPPED
    assert read(database, (mail % f"Unsubscribe {token}").encode()).did is Did.DUPLICATE
    assert state_of(database) is SubscriberState.CONFIRMED


def test_reports_of_one_issue_never_suppress(database: Database) -> None:
    """However many reports a letter causes, and though its correction comes back too, that is one issue."""
    sent(database, "2016", "2017")
    with database.writing() as session:
        session.execute(update(Issue).where(Issue.code == "2017").values(corrects="2016"))
    for make in corpus.HARD:
        assert read(database, make(letter_of(database, code="2016"))).did is Did.COUNTED
    read(database, corpus.qmail(letter_of(database, code="2017")))
    assert (state_of(database), reason(database)) == (SubscriberState.CONFIRMED, None)
    assert tasks(database) == [(TaskKind.NEW_ADDRESS, READER, 2)]


def test_suppressed_address_gets_no_letter_that_waits_and_none_after(sqlite_database: Database) -> None:
    """What waits is skipped, the next audience leaves the address out, and every number adds up."""
    sent(sqlite_database, "2015", "2016")
    with sqlite_database.writing() as session:
        add_issue(session, code="2017")
        begin_sending(session, "2017", keys=KEYS, domain=HEAD.domain, now=NOW)
    for code in ("2015", "2016"):
        read(sqlite_database, corpus.postfix(letter_of(sqlite_database, code=code)))
    with sqlite_database.writing() as session:
        counts = count(session, find_issue(session, "2017"))
        assert (counts.skipped, counts.open, counts.adds_up) == (1, 1, True)
        add_issue(session, code="2018")
        begin_sending(session, "2018", keys=KEYS, domain=HEAD.domain, now=NOW)
        assert count(session, find_issue(session, "2018")).excluded_by == {"bounced": 1}


def test_old_bounces_are_forgotten_once_a_reader_confirms_anew(sqlite_database: Database) -> None:
    """An address that its owner confirmed since has a clean slate."""
    sent(sqlite_database, "2016", "2017")
    read(sqlite_database, corpus.postfix(letter_of(sqlite_database, code="2016")))
    with sqlite_database.writing() as session:
        session.execute(update(Subscriber).values(confirmed_at=NOW + timedelta(days=1)))
    read(sqlite_database, corpus.postfix(letter_of(sqlite_database, code="2017")), now=NOW + YEAR)
    assert state_of(sqlite_database) is SubscriberState.CONFIRMED


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (corpus.full_mailbox, "bounced soft"),
        (corpus.minded, "bounced policy"),
        (corpus.delivered, "delivered"),
    ],
)
def test_what_is_not_the_readers_matter_changes_nothing_for_them(
    sqlite_database: Database, make: corpus.Maker, what: str
) -> None:
    """Soft and policy bounces are kept, and neither a task nor a suppression follows, however often."""
    sent(sqlite_database, "2015", "2016", "2017")
    for code in ("2015", "2016", "2017"):
        assert read(sqlite_database, make(letter_of(sqlite_database, code=code))).what == what
    assert (state_of(sqlite_database), tasks(sqlite_database)) == (SubscriberState.CONFIRMED, [])
    assert len(events(sqlite_database)) == 3


def test_refusal_without_a_reason_is_a_question(sqlite_database: Database) -> None:
    """Refused for good, nobody knows why: an editor asks, and nothing is suppressed."""
    sent(sqlite_database, "2016", "2017")
    for code in ("2016", "2017"):
        read(sqlite_database, corpus.postfix_general(letter_of(sqlite_database, code=code)))
    assert state_of(sqlite_database) is SubscriberState.CONFIRMED
    assert tasks(sqlite_database) == [(TaskKind.UNCLEAR_REFUSAL, READER, 2)]


@pytest.mark.parametrize("make", corpus.COMPLAINTS)
def test_complaint_takes_its_reader_off_at_once(database: Database, make: corpus.Maker) -> None:
    """One complaint is enough; it stands even when the person signs up again, and it is kept as their act."""
    sent(database, CODE)
    assert read(database, make(letter_of(database))).what == "complained"
    assert (state_of(database), reason(database)) == (
        SubscriberState.SUPPRESSED,
        SuppressionReason.COMPLAINED,
    )
    assert (state_of(database, OTHER), reason(database, OTHER)) == (SubscriberState.CONFIRMED, None)
    with database.reading() as session:
        assert session.scalars(select(Consent.act)).all() == [ConsentAct.LEFT]


def test_complaint_that_nothing_proves_is_a_question(sqlite_database: Database) -> None:
    """Anybody can write that anybody complained: without letter or return address an editor asks."""
    sent(sqlite_database, CODE)
    mail = corpus.complaint(
        Letter(1, READER, "unknown", "highlights@iscm.example"), f"Original-Rcpt-To: {READER}\n"
    ).replace(b"Message-ID: <unknown>\n", b"")
    assert read(sqlite_database, mail).what == "complained, without proof"
    assert (state_of(sqlite_database), reason(sqlite_database)) == (SubscriberState.CONFIRMED, None)
    assert tasks(sqlite_database) == [(TaskKind.UNPROVED_COMPLAINT, READER, 1)]


def test_report_that_names_an_address_alone_never_suppresses(sqlite_database: Database) -> None:
    """Forged reports about a known address lead to one question, and to no count."""
    sent(sqlite_database, "2016", "2017")
    letter = Letter(1, READER, "x", "highlights@iscm.example")
    for number in range(3):
        mail = corpus.postfix(letter).replace(b"Message-ID: <x>\n", f"X-Number: {number}\n".encode())
        assert read(sqlite_database, mail).what == "bounced hard, without proof"
    assert (state_of(sqlite_database), events(sqlite_database)) == (SubscriberState.CONFIRMED, [])
    assert tasks(sqlite_database) == [(TaskKind.NEW_ADDRESS, READER, 3)]


def test_forged_return_address_is_ignored(sqlite_database: Database) -> None:
    """A signature that is not ours ends it, though the letter in the report is real."""
    sent(sqlite_database, CODE)
    forged = letter_of(sqlite_database, keys=Keys("another secret, also forty characters long"))
    for make in corpus.HARD:
        found = read(sqlite_database, make(forged))
        assert (found.did, found.why) == (Did.IGNORED, Why.FORGED)
    assert (tasks(sqlite_database), events(sqlite_database)) == ([], [])


def test_older_key_still_proves_a_return_address(sqlite_database: Database) -> None:
    """After a change of the secret, letters sent before it still bounce."""
    sent(sqlite_database, CODE)
    keys = Keys(
        "another secret, also forty characters long", older=("a key of the tests, forty characters long",)
    )
    raw = read_raw(io.BytesIO(corpus.postfix(letter_of(sqlite_database))))
    assert read_one(sqlite_database, keys, raw, now=NOW).did is Did.COUNTED


def without_message_id(mail: bytes) -> bytes:
    """A report that returns neither the letter's Message-ID nor its envelope identifier."""
    kept = [line for line in mail.split(b"\n") if not line.startswith((b"Message-ID:", b"Original-Envelope"))]
    return b"\n".join(kept)


def test_number_of_an_earlier_letter_is_not_taken_for_this_one(sqlite_database: Database) -> None:
    """After a restore numbers come again: a return address fits only the letter that it was written for."""
    sent(sqlite_database, CODE)
    mine, others = letter_of(sqlite_database), letter_of(sqlite_database, to=OTHER)
    lost = "bm90LW91cnMtYW55bW9yZQ@iscm.example"
    gone = Letter(mine.number, "gone@example.org", lost, back_to(mine.number, lost))
    renumbered = replace(others, return_address=back_to(mine.number, others.message_id))
    for mail in (
        corpus.postfix(gone),
        *(without_message_id(corpus.postfix(one)) for one in (gone, renumbered)),
    ):
        found = read(sqlite_database, mail)
        assert (found.did, found.why) == (Did.IGNORED, Why.FORGED)
    assert (tasks(sqlite_database), events(sqlite_database)) == ([], [])
    assert read(sqlite_database, corpus.postfix(renumbered)).address == OTHER


def test_return_address_alone_names_its_letter_for_certain(sqlite_database: Database) -> None:
    """Nothing else of the letter may be left in a report, or a gateway has given it another Message-ID."""
    sent(sqlite_database, CODE, state=DeliveryState.IN_DOUBT)
    mine, others = letter_of(sqlite_database), letter_of(sqlite_database, to=OTHER)
    rewritten = corpus.postfix(replace(mine, message_id="written-anew@gateway.example"))
    for mail, address in (
        (without_message_id(corpus.postfix(others)), OTHER),
        (rewritten, READER),
    ):
        assert read(sqlite_database, mail).address == address
        assert (address, "settled", None) in events(sqlite_database)


def test_return_address_of_an_earlier_release_is_still_read(sqlite_database: Database) -> None:
    """It is signed by its number alone, so the Message-ID has the last word, whoever is told of."""
    sent(sqlite_database, CODE, state=DeliveryState.IN_DOUBT)
    mine, others = by_number_alone(letter_of(sqlite_database)), letter_of(sqlite_database, to=OTHER)
    unknown = replace(mine, to="gone@example.org", message_id="bm90LW91cnMtYW55bW9yZQ@x")
    found = read(sqlite_database, corpus.postfix(unknown))
    assert (found.did, found.why) == (Did.IGNORED, Why.OTHER_LETTER)
    mixed = replace(others, return_address=mine.return_address)
    assert read(sqlite_database, corpus.postfix(mixed)).address == OTHER
    assert read(sqlite_database, without_message_id(corpus.postfix(mine))).address == READER
    assert (READER, "settled", None) not in events(sqlite_database)


def test_address_of_the_pipe_is_heeded(sqlite_database: Database) -> None:
    """Where the mail itself does not say how it came, the mail server's word names the letter."""
    sent(sqlite_database, CODE)
    letter = letter_of(sqlite_database)
    bare = corpus.postfix(Letter(0, READER, "x", "nobody@iscm.example")).replace(b"Message-ID: <x>\n", b"")
    assert read(sqlite_database, bare, recipient=letter.return_address).what == "bounced hard"
    large = corpus.full_mailbox(Letter(0, READER, "x", "n@x.example")).replace(b"Message-ID: <x>\n", b"")
    batv = f"prvs=1234abcdef={letter.return_address.upper()}"
    assert read(sqlite_database, large, recipient=batv).what == "bounced soft"


def test_same_mail_counts_once(database: Database) -> None:
    """Read twice, a mail is known; so is every sort of mail that had a consequence."""
    sent(database, CODE)
    letter = letter_of(database)
    mails = [
        corpus.postfix(letter),
        corpus.arf_yahoo(letter_of(database, to=OTHER)),
        corpus.automatic_reply(letter, corpus.HAS_LEFT["en"]),
    ]
    for mail in mails:
        assert read(database, mail).did is Did.COUNTED
    before = (tasks(database), events(database))
    for mail in mails:
        assert read(database, mail).did is Did.DUPLICATE
    assert (tasks(database), events(database)) == before


def test_ignored_mail_leaves_nothing(sqlite_database: Database) -> None:
    """What has no consequence is not even remembered; each says why."""
    sent(sqlite_database, CODE)
    letter = letter_of(sqlite_database)
    mails = {
        b"": Why.EMPTY,
        f"To: {letter.return_address}\n\nThank you".encode(): Why.NOT_A_REPORT,
        b"To: info@example.org\n\nBuy": Why.NOT_A_REPORT,
        corpus.automatic_reply(letter, corpus.IS_AWAY["fr"]): Why.AUTOMATIC_REPLY,
        corpus.postfix(letter).replace(b"Action: failed", b"Action: odd"): Why.NOTHING_SAID,
        corpus.postfix(Letter(0, "x@example.org", "none@x", "x@x.example")): Why.UNKNOWN_LETTER,
    }
    for mail, why in mails.items():
        assert (read(sqlite_database, mail).did, read(sqlite_database, mail).why) == (Did.IGNORED, why)
    with sqlite_database.reading() as session:
        assert session.scalars(select(ReturnedMail)).all() == []
    assert (tasks(sqlite_database), events(sqlite_database)) == ([], [])


@pytest.mark.parametrize("make", [corpus.delivered, corpus.postfix, corpus.delayed])
def test_report_settles_what_was_in_doubt(database: Database, make: Callable[[Letter], bytes]) -> None:
    """A report about a letter in doubt says that it was sent; what it tells is kept beside."""
    sent(database, CODE, state=DeliveryState.IN_DOUBT)
    read(database, make(letter_of(database)))
    with database.reading() as session:
        states = session.execute(select(Delivery.address, Delivery.state).order_by(Delivery.address)).all()
        assert [tuple(row) for row in states] == [
            (READER, DeliveryState.ACCEPTED),
            (OTHER, DeliveryState.IN_DOUBT),
        ]
        assert count(session, find_issue(session, CODE)).adds_up
        assert find_issue(session, CODE).state is IssueState.SENDING


def test_left_post_is_a_task_with_a_sentence(sqlite_database: Database) -> None:
    """The editor reads what to do, with the post; the reader stays on the list; done is done by somebody."""
    sent(sqlite_database, CODE)
    with sqlite_database.writing() as session:
        session.execute(update(Subscriber).values(name="Amina Diallo", organisation="Ministry of Labour"))
    mail = corpus.automatic_reply(letter_of(sqlite_database), corpus.HAS_LEFT["fr"], subject="Absente a@b.ch")
    assert read(sqlite_database, mail).what == "left the post"
    with sqlite_database.writing() as session:
        [(task, reader)] = list_tasks(session, only_open=True)
        assert sentence_of(task, reader) == (
            "Ask the mission who holds the post of Amina Diallo, Ministry of Labour (reader1@example.org) "
            "now: an automatic reply to issue 2017 says that they have left (“Absente ***”). "
            "Whoever is to get it now signs up, since a consent cannot be handed over."
        )
        reader.kind = RecipientKind.CIRCULATION
        assert sentence_of(task, reader).endswith(
            " Then: iscm subscribers hand-over reader1@example.org NEW-ADDRESS"
        )
        end_task(session, task.id, editor="ines", remark="Mr Sow", now=NOW)
    assert (state_of(sqlite_database), tasks(sqlite_database)) == (SubscriberState.CONFIRMED, [])


def test_task_about_a_former_address_ends_by_itself(sqlite_database: Database) -> None:
    """Once letters go elsewhere nobody is asked; later bounces of the old address ask nobody either."""
    sent(sqlite_database, "2016", "2017")
    read(sqlite_database, corpus.postfix(letter_of(sqlite_database, code="2016")))
    with sqlite_database.writing() as session:
        session.execute(
            update(Subscriber)
            .where(Subscriber.address == READER)
            .values(address="new@example.org", address_key="new@example.org")
        )
        assert has_moot_tasks(session)
        assert end_moot_tasks(session, now=NOW) == 1
        assert not has_moot_tasks(session)
    read(sqlite_database, corpus.postfix(letter_of(sqlite_database, code="2017")))
    assert tasks(sqlite_database) == []
    assert state_of(sqlite_database, "new@example.org") is SubscriberState.CONFIRMED
    assert reason(sqlite_database, READER) is SuppressionReason.BOUNCED
    assert reason(sqlite_database, "new@example.org") is None


def test_erased_reader_stays_forgotten(database: Database) -> None:
    """Their tasks go with them, and what comes back later brings nothing of them back."""
    sent(database, "2016", "2017")
    letters = [letter_of(database, code=code) for code in ("2016", "2017")]
    read(database, corpus.postfix(letters[0]))
    with database.writing() as session:
        erase(session, KEYS, READER, now=NOW)
        assert session.scalars(select(Task)).all() == []
    for mail in (corpus.postfix(letters[1]), corpus.arf_yahoo(letters[1]), corpus.gmail(letters[0])):
        assert read(database, mail).did is Did.COUNTED
    assert tasks(database) == []
    assert reason(database) is SuppressionReason.ERASED
    with database.reading() as session:
        assert not any(READER in (said or "") for said in session.scalars(select(Bounce.said)))


def test_refusal_while_sending_counts_as_a_bounce(database: Database) -> None:
    """A 5xx counts by the server's own words, once, and together with reports of other issues."""
    sent(database, "2016", "2017")
    refusals = {
        ("2016", READER): (550, "5.1.1 User unknown"),
        ("2016", OTHER): (550, "5.7.1 We do not like you"),
        ("2017", OTHER): (451, "put off for 48 hours: 4.7.1 Greylisted"),
    }
    with database.writing() as session:
        for (code, address), (number, said) in refusals.items():
            issue = session.scalar(select(Issue.id).where(Issue.code == code))
            session.execute(
                update(Delivery)
                .where(Delivery.issue_id == issue, Delivery.address == address)
                .values(state=DeliveryState.REJECTED, code=number, reply=said)
            )
        assert has_refused(session)
        assert (count_refused(session, KEYS, now=NOW), count_refused(session, KEYS, now=NOW)) == (3, 0)
        kinds = session.execute(
            select(Delivery.address, Bounce.kind).join(Delivery).order_by(Bounce.id)
        ).all()
        assert sorted(tuple(row) for row in kinds) == [
            (READER, BounceKind.HARD),
            (OTHER, BounceKind.POLICY),
            (OTHER, BounceKind.SOFT),
        ]
    assert tasks(database) == [(TaskKind.NEW_ADDRESS, READER, 1)]
    read(database, corpus.postfix(letter_of(database, code="2017")))
    assert (state_of(database), state_of(database, OTHER)) == (
        SubscriberState.BOUNCED,
        SubscriberState.CONFIRMED,
    )


@pytest.fixture(scope="module")
def shared(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """One database for many damaged mails."""
    import shutil

    file = tmp_path_factory.mktemp("shared") / "iscm.db"
    shutil.copy(empty_sqlite, file)
    database = Database(f"sqlite:///{file}")
    sent(database, "2016", "2017")
    return database


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([*corpus.HARD, *corpus.COMPLAINTS, corpus.delivered]),
    st.integers(0, 3000),
    st.binary(max_size=30),
)
def test_damaged_mail_never_touches_another_reader(
    shared: Database, make: corpus.Maker, at: int, instead: bytes
) -> None:
    """Whatever is damaged, nothing follows for the reader whose letter it is not."""
    mail = make(letter_of(shared, code="2016"))
    raw = RawMail(mail[:at] + instead + mail[at + len(instead) :], "")
    read_one(shared, KEYS, RawMail(raw.content, str(hash(raw.content))), now=NOW)
    assert (state_of(shared, OTHER), reason(shared, OTHER)) == (SubscriberState.CONFIRMED, None)
    assert all(address == READER for _, address, _ in tasks(shared))


def test_two_who_read_the_same_mail_at_once_count_it_once(database: Database) -> None:
    """Two processes on one Maildir: one counts, the other finds that it is known."""
    sent(database, CODE)
    mail = corpus.postfix(letter_of(database))
    with ThreadPoolExecutor(4) as readers:
        did = sorted(one.did for one in readers.map(lambda _: read(database, mail), range(4)))
    assert did == [Did.COUNTED, Did.DUPLICATE, Did.DUPLICATE, Did.DUPLICATE]
    assert tasks(database) == [(TaskKind.NEW_ADDRESS, READER, 1)]
    assert events(database) == [(READER, "bounced", "5.1.1")]
