"""Mail scanners open every link of every mail: none of them may change anything by it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import select
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
)
from models.alarm_course import Untold
from newsletter.address_change import ask_change, change_token, confirm_change
from newsletter.claims import claim
from newsletter.course import begin_sending, encoded_editions
from newsletter.importing import NewReader, add_reader
from newsletter.links import Purpose, make_token
from newsletter.message import Recipient
from newsletter.posts import hand_over
from newsletter.reader_mails import mail_of
from newsletter.subscription import confirm, confirm_token, sign_up
from newsletter.summary import summary_mail, summary_of
from scheduler.alarm_mail import alarm_words
from scheduler.error_report_mail import report_words
from tests.letters import CODE, HEAD, add_issue
from tests.web.visitor import BASE_URL, KEYS, NOW, dump, visitor

ANA, POST = "ana@a.example", "head@m.example"
LINK = re.compile(r"https?://[^\s<>\"')]+")
SECRET = re.compile(r"/([ucp])/[A-Za-z0-9_-]{22}")


def every_mail(session: Session) -> Iterator[str]:
    """Go through all that causes a mail, and give each mail's headers and parts as one text."""
    sign_up(session, KEYS, address=ANA, language="fr", source="form", now=NOW)
    reader = session.scalars(select(Subscriber)).one()
    mail = session.scalars(select(QueuedMail)).one()
    yield from single_mails(session)
    confirm(session, KEYS, confirm_token(KEYS, mail, reader), source="page", now=NOW)
    add_issue(session)
    issue = begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
    yield from letters(session, issue.id)
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
    session.flush()
    yield from single_mails(session)
    yield summary_text(session, issue.id)
    alarm = Alarm(key="feeds", sentence="A feed is late.", raised_at=NOW)
    yield alarm_words(Untold(begun=[alarm], lasting=[], over=[]), site=BASE_URL, is_last=False).text
    report = ErrorReport(page="/mechanisms/midsa", words="wrong", reported_at=NOW)
    yield report_words([report], more=0, site=BASE_URL).text


def single_mails(session: Session) -> Iterator[str]:
    """The mails of readers that wait, each in the text of all its parts."""
    session.flush()
    for row in session.scalars(select(QueuedMail).where(QueuedMail.next_at.is_not(None))).all():
        made = mail_of(session, KEYS, HEAD, row)
        row.next_at = None
        if made is not None:
            yield whole_text(made.letter)


def letters(session: Session, issue_id: int) -> Iterator[str]:
    """The letters of an issue as their readers get them."""
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
        )
        yield whole_text(editions[held.language].join(recipient))


def summary_text(session: Session, issue_id: int) -> str:
    """The mail that tells how a sending went."""
    summary = summary_of(session, session.get_one(Issue, issue_id), now=NOW + timedelta(hours=1))
    return whole_text(
        summary_mail(HEAD, summary, to="editor@iscm.example", message_id="x@iscm.example", now=NOW)
    )


def whole_text(mail: bytes) -> str:
    """All headers and parts of a mail, decoded."""
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])


def test_opening_every_link_of_every_mail_changes_nothing(database: Database) -> None:
    """GET and HEAD of all addresses in letters, confirmations, changes, summaries and alarms."""
    with database.writing() as session:
        links = {link.rstrip(".,") for text in every_mail(session) for link in LINK.findall(text)}
    ours = sorted(link for link in links if link.startswith(BASE_URL))
    assert {found[1] for link in ours if (found := SECRET.search(link))} == {"u", "c", "p"}
    assert len([link for link in ours if "/c/" in link]) >= 4
    before, client = dump(database), visitor(database)
    for link in ours:
        for method in ("GET", "HEAD", "GET"):
            assert client.request(method, link.removeprefix(BASE_URL)).status_code in {200, 308, 404}, link
    assert dump(database) == before


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
