"""Mail scanners open every link of every mail: none of them may change anything by it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    AddressChange,
    Alarm,
    Database,
    Delivery,
    DeliveryState,
    ErrorReport,
    Issue,
    QueuedMail,
    RecipientKind,
    Subscriber,
    TaskKind,
    When,
)
from models.alarm_course import Untold
from newsletter.address_change import ask_change, change_token, confirm_change
from newsletter.approval import approve_issue
from newsletter.claims import claim
from newsletter.correcting import correct_issue
from newsletter.course import begin_sending, encoded_editions, finish_if_done
from newsletter.deliveries import count
from newsletter.drafting import compile_issue
from newsletter.importing import NewReader, add_reader
from newsletter.links import Purpose, make_token
from newsletter.message import Recipient
from newsletter.posts import hand_over
from newsletter.reader_mails import mail_of
from newsletter.subscription import confirm, confirm_token, sign_up
from newsletter.summary import settlement_mail, summary_mail, summary_of
from newsletter.tasks import open_task, untold_tasks
from newsletter.trial import trial_parcels
from scheduler.alarm_mail import alarm_words
from scheduler.error_report_mail import report_words
from scheduler.task_mail import task_words
from templates.environment import FOLDER
from tests.letters import CODE, HEAD, add_issue
from tests.newsletter.issue_facts import OPTIONS, STATIONERY
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import BASE_URL, KEYS, NOW, dump, visitor

ANA, POST, EDITOR = "ana@a.example", "head@m.example", "editor@iscm.example"
LANGUAGES = ("en", "fr", "es", "ar")
LINK = re.compile(r"(?:https?|webcal)://[^\s<>\"')]+")
SECRET = re.compile(r"/([ucp])/[A-Za-z0-9_-]{22}")
DESK = replace(
    STATIONERY,
    imprint=replace(STATIONERY.imprint, base_url=BASE_URL),
    letterhead=HEAD,
    keys=KEYS,
    languages=LANGUAGES,
)
FEEDS = tuple(replace(feed, address=f"{BASE_URL}/feeds/all.ics") for feed in OPTIONS.feeds)
CHOSEN = replace(OPTIONS, base_url=BASE_URL, languages=LANGUAGES, feeds=FEEDS)

Mail = tuple[str, str]
"""What kind of mail it is, and its headers and parts as one text."""


def every_mail(session: Session) -> Iterator[Mail]:
    """Go through all that causes a mail."""
    sign_up(session, KEYS, address=ANA, language="fr", source="form", now=NOW)
    reader = session.scalars(select(Subscriber)).one()
    mail = session.scalars(select(QueuedMail)).one()
    yield from single_mails(session)
    confirm(session, KEYS, confirm_token(KEYS, mail, reader), source="page", now=NOW)
    for language in ("en", "es", "ar"):
        new = NewReader(address=f"{language}@a.example", language=language)
        add_reader(session, KEYS, new, is_confirmed=True, source="test", now=NOW)
    yield from issue_and_correction(session)
    ask_change(session, KEYS, reader, address="new@a.example", now=NOW)
    session.flush()
    yield from single_mails(session)
    change = session.scalars(select(AddressChange)).one()
    confirm_change(session, KEYS, change_token(KEYS, change), source="page", now=NOW)
    yield from single_mails(session)
    # One that waits for its answer, whose link would do something.
    ask_change(session, KEYS, reader, address="newer@a.example", now=NOW)
    new = NewReader(address=POST, kind=RecipientKind.CIRCULATION, post="Head", organisation="Ministry")
    add_reader(session, KEYS, new, is_confirmed=False, source="test", now=NOW)
    hand_over(session, KEYS, POST, "next@m.example", name=None, language="ar", source="editor", now=NOW)
    sign_up(session, KEYS, address="ben@b.example", language="en", source="form", now=NOW)
    yield from single_mails(session)
    yield from operators_mails(session, reader)


def issue_and_correction(session: Session) -> Iterator[Mail]:
    """An issue of the year and the one that corrects it, each sent to a reader of each language."""
    process = a_mechanism(session)
    held, ahead = (date(2026, 6, 8), date(2027, 3, 2))
    a_meeting(session, process, slug="held", when=When.days(held, held), city="Lima", country="PE")
    a_meeting(session, process, slug="ahead", when=When.days(ahead, ahead))
    an_update(session, process)
    compile_issue(session, year=2026, now=NOW, options=CHOSEN, editor="ana")
    yield from sent(session, "2026", kind="letter")
    issue = session.scalars(select(Issue).where(Issue.code == "2026")).one()
    summary = summary_of(session, issue, now=NOW + timedelta(hours=1))
    assert summary.counts.in_doubt == 1
    told = summary_mail(HEAD, summary, to=EDITOR, message_id="x@iscm.example", now=NOW)
    yield "summary", whole_text(told)
    session.execute(update(Delivery).values(state=DeliveryState.ACCEPTED))
    session.expire_all()
    assert finish_if_done(session, "2026", now=NOW)
    settled, message_id = count(session, issue), "y@iscm.example"
    told = settlement_mail(
        HEAD, settled, code="2026", to=EDITOR, message_id=message_id, answers="x@iscm.example", now=NOW
    )
    yield "settlement", whole_text(told)
    made = correct_issue(session, issue, texts={"en": "Not right."}, options=CHOSEN, editor="ana", now=NOW)
    yield from sent(session, made.code, kind="correction")


def sent(session: Session, code: str, *, kind: str) -> Iterator[Mail]:
    """Approve an issue, and give its trial copies and its letters, one of which stays in doubt."""
    issue = session.scalars(select(Issue).where(Issue.code == code)).one()
    yield from (
        (f"trial {kind}", whole_text(parcel.letter))
        for parcel in trial_parcels(session, issue, DESK, to=EDITOR, now=NOW)
    )
    approve_issue(session, issue, stationery=DESK, editor="cleo", now=NOW)
    begin_sending(session, code, keys=KEYS, domain=HEAD.domain, now=NOW)
    written = list(letters(session, issue.id))
    assert [language for language, _ in written] == ["fr", "en", "es", "ar"]
    yield from ((kind, text) for _, text in written)
    own = Delivery.issue_id == issue.id
    session.execute(update(Delivery).where(own).values(state=DeliveryState.ACCEPTED))
    doubtful = select(Delivery.id).where(own).order_by(Delivery.id).limit(1)
    in_doubt = update(Delivery).where(Delivery.id == session.scalar(doubtful))
    session.execute(in_doubt.values(state=DeliveryState.IN_DOUBT))
    session.expire_all()


def operators_mails(session: Session, reader: Subscriber) -> Iterator[Mail]:
    """What the people behind the service are told."""
    alarm = Alarm(key="feeds", sentence="A feed is late.", raised_at=NOW)
    yield "alarm", alarm_words(Untold(begun=[alarm], lasting=[], over=[]), site=BASE_URL, is_last=False).text
    report = ErrorReport(page="/mechanisms/lima-process", words="wrong", reported_at=NOW)
    yield "error_reports", report_words([report], more=0, site=BASE_URL).text
    open_task(
        session,
        TaskKind.NEW_ADDRESS,
        reader,
        address=reader.address,
        issue="2026",
        detail="user unknown",
        now=NOW,
    )
    yield "tasks", task_words(untold_tasks(session), more=0, site=BASE_URL).text


def single_mails(session: Session) -> Iterator[Mail]:
    """The mails of readers that wait."""
    session.flush()
    for row in session.scalars(select(QueuedMail).where(QueuedMail.next_at.is_not(None))).all():
        made = mail_of(session, KEYS, HEAD, row)
        row.next_at = None
        if made is not None:
            yield row.message, whole_text(made.letter)


def letters(session: Session, issue_id: int) -> Iterator[Mail]:
    """The letters of an issue as their readers get them, with their languages."""
    editions = encoded_editions(session, session.get_one(Issue, issue_id))
    for held in claim(session, issue_id=issue_id, owner="sender", now=NOW, limit=9):
        row, key = held.subscriber_id or 0, held.address_key
        recipient = Recipient(
            address=held.address,
            message_id=held.message_id,
            unsubscribe=make_token(KEYS, Purpose.UNSUBSCRIBE, row=row, address_key=key),
            preferences=make_token(
                KEYS, Purpose.PREFERENCES, row=row, address_key=key, epoch=held.link_epoch
            ),
            corrected=held.in_reply_to or "",
        )
        yield held.language, whole_text(editions[held.language].join(recipient))


def whole_text(mail: bytes) -> str:
    """All headers and parts of a mail, decoded."""
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])


@pytest.fixture
def mails(database: Database) -> list[Mail]:
    """Every mail there is, and all that caused it kept."""
    with database.writing() as session:
        return list(every_mail(session))


def test_opening_every_link_of_every_mail_changes_nothing(database: Database, mails: list[Mail]) -> None:
    """GET and HEAD of all addresses in all kinds of mails: the whole database is as it was."""
    singles = {path.parent.name for path in (FOLDER / "email").glob("*/body.txt")}
    letters = {"letter", "correction"}
    assert {kind for kind, _ in mails} == singles | letters | {f"trial {one}" for one in letters}
    links = {
        link.rstrip(".,;:").replace("webcal:", "http:") for _, text in mails for link in LINK.findall(text)
    }
    ours = sorted(link for link in links if link.startswith(BASE_URL))
    assert {found[1] for link in ours if (found := SECRET.search(link))} == {"u", "c", "p"}
    assert len([link for link in ours if "/c/" in link]) >= 4
    before, client, answered = dump(database), visitor(database), set()
    for link in ours:
        for method in ("GET", "HEAD", "GET"):
            status = client.request(method, link.removeprefix(BASE_URL)).status_code
            assert status in {200, 308, 404}, link
            answered |= {link} if status == 200 else set()
    assert dump(database) == before
    assert {link for link in ours if SECRET.search(link)} <= answered


def test_one_click_without_a_cookie_stops_a_letter_that_waits(database: Database) -> None:
    """RFC 8058: one POST, no cookie, no redirect; the letter that waits in a sending is skipped by it."""
    with database.writing() as session:
        new = NewReader(address=ANA)
        add_reader(session, KEYS, new, is_confirmed=True, source="test", now=NOW)
        add_issue(session)
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        reader = session.scalars(select(Subscriber)).one()
        token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)
    answer = visitor(database).post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.headers.get("set-cookie")) == (200, None)
    with database.reading() as session:
        assert session.scalars(select(Delivery.state)).all() == [DeliveryState.SKIPPED]
