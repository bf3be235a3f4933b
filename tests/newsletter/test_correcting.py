"""A correction: to exactly those who received the issue, less whoever left, with what is right on top."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Database,
    Delivery,
    DeliveryState,
    Edition,
    Issue,
    IssueState,
    Meeting,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.addressing import address_key
from newsletter.approval import approve_issue
from newsletter.audience import count_audience
from newsletter.contents import newest_revision, trees_of
from newsletter.correcting import NotCorrectable, correct_issue
from newsletter.course import begin_sending, find_issue, finish_if_done
from newsletter.drafting import compile_issue
from newsletter.erasure import erase
from newsletter.preflight.check import check_issue
from newsletter.suppression import suppress
from tests.newsletter.issue_facts import NOW, OPTIONS, STATIONERY, add_readers

KEYS = STATIONERY.keys
DOMAIN = "iscm.example"
LANGUAGES = ("en", "ar")
LATER = NOW + timedelta(days=7)


def send(session: Session, code: str, outcomes: dict[str, DeliveryState] | None = None) -> Issue:
    """Approve an issue and let every letter be accepted, but for those of the given outcome."""
    issue = session.scalars(select(Issue).where(Issue.code == code)).one()
    approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
    begin_sending(session, code, keys=KEYS, domain=DOMAIN, now=NOW)
    session.execute(
        update(Delivery).where(Delivery.issue_id == issue.id).values(state=DeliveryState.ACCEPTED)
    )
    for address, state in (outcomes or {}).items():
        session.execute(
            update(Delivery)
            .where(Delivery.issue_id == issue.id, Delivery.address == address)
            .values(state=state)
        )
    session.expire_all()
    finish_if_done(session, code, now=NOW)
    return issue


def sent_2017(
    session: Session, *, readers: int = 3, outcomes: dict[str, DeliveryState] | None = None
) -> Issue:
    """The issue of 2017 in two languages, sent."""
    add_readers(session, 3)
    options = replace(OPTIONS, languages=LANGUAGES)
    compile_issue(session, year=2017, now=NOW, options=options, editor="ana")
    return send(session, "2017")


def addresses(session: Session) -> list[str]:
    """The readers' addresses, in order."""
    return list(session.scalars(select(Subscriber.address).order_by(Subscriber.id)))


def move_a_meeting(session: Session) -> None:
    """Put a city right in the record."""
    meeting = session.scalars(select(Meeting).where(Meeting.slug.contains("midsa-2017")).limit(1)).first()
    found = (
        meeting
        or session.scalars(
            select(Meeting).where(Meeting.slug.contains("2017"), Meeting.city.is_not(None)).limit(1)
        ).one()
    )
    found.city = "Rightville"
    session.flush()


def correct(session: Session, issue: Issue, text: str | None = None, **others: str) -> Issue:
    """Make the correction's draft, explained in English and in other languages."""
    texts = ({} if text is None else {"en": text}) | others
    made = correct_issue(session, issue, texts=texts, options=OPTIONS, editor="ana", now=LATER)
    return session.scalars(select(Issue).where(Issue.code == made.code)).one()


def test_correction_says_on_top_what_was_not_right(sqlite_registry: Database) -> None:
    """Marked in its subject, in every language; the rest of the issue stands under it as it is right now."""
    with sqlite_registry.writing() as session:
        issue = sent_2017(session)
        move_a_meeting(session)
        correction = correct(session, issue)
        assert (correction.code, correction.corrects, correction.state) == (
            "2017-C1",
            "2017",
            IssueState.DRAFT,
        )
        trees = trees_of(newest_revision(session, correction))
        assert {
            language: (tree.subject.said, tree.sections[0].heading) for language, tree in trees.items()
        } == {
            "en": ("Correction: ISCM Highlights 2017", "Correction"),
            "ar": (trees["ar"].title, "تصويب"),
        }
        assert trees["ar"].title.startswith("تصويب: ")
        said = {language: tree.sections[0].intro.said for language, tree in trees.items()}
        assert said["en"].startswith("Some of what we wrote to you on 23 November 2026 was not right.")
        assert all(text.count("Rightville") == 1 for text in said.values())
        assert [
            finding.sentence for finding in check_issue(session, correction, STATIONERY) if finding.blocks
        ] == []


def test_explanation_is_in_the_languages_it_is_given_in(sqlite_registry: Database) -> None:
    """A language without one shows the English, marked; one alone leaves what was written for the others."""
    with sqlite_registry.writing() as session:
        issue = sent_2017(session)
        move_a_meeting(session)

        def explained() -> dict[str, tuple[str, str]]:
            trees = trees_of(newest_revision(session, find_issue(session, "2017-C1")))
            intros = {language: tree.sections[0].intro for language, tree in trees.items()}
            return {language: (one.said.splitlines()[0], one.edited_in) for language, one in intros.items()}

        correct(session, issue, ar="كان اسم المدينة خطأ.")
        written = "Some of what we wrote to you on 23 November 2026 was not right. This is what is right:"
        assert explained() == {"en": (written, ""), "ar": ("كان اسم المدينة خطأ.", "")}
        correct(session, issue, "The city was wrong.")
        assert explained() == {"en": ("The city was wrong.", ""), "ar": ("The city was wrong.", "en")}
        correct(session, issue, ar="كان اسم المدينة خطأ.")
        assert explained() == {"en": ("The city was wrong.", ""), "ar": ("كان اسم المدينة خطأ.", "")}
        with pytest.raises(
            NotCorrectable, match="no edition in “fr” to explain anything in; there are en, ar"
        ):
            correct(session, issue, fr="La ville était fausse.")


def test_correction_goes_to_exactly_those_who_received_the_issue(registry: Database) -> None:
    """Not to who was refused or skipped, left, was suppressed or erased since, nor to who came after."""
    with registry.writing() as session:
        add_readers(session, 7)
        known = addresses(session)
        options = replace(OPTIONS, languages=("en",))
        compile_issue(session, year=2017, now=NOW, options=options, editor="ana")
        issue = send(session, "2017", {known[0]: DeliveryState.REJECTED, known[1]: DeliveryState.SKIPPED})
        correction = correct(session, issue, "The city was **not** right.")
        readers = {row.address: row for row in session.scalars(select(Subscriber))}
        readers[known[2]].state = SubscriberState.LEFT
        suppress(session, KEYS, address_key(known[3]), reason=SuppressionReason.COMPLAINED, now=NOW)
        erase(session, KEYS, known[4], now=NOW)
        session.add(
            Subscriber(
                address="late@example.org",
                address_key="late@example.org",
                language="fr",
                state=SubscriberState.CONFIRMED,
                created_at=LATER,
            )
        )
        session.flush()
        assert count_audience(session, KEYS, issue=correction) == 2
        send(session, "2017-C1")
        letters = {
            code: dict(
                session.execute(select(Delivery.address, column).join(Issue).where(Issue.code == code)).all()
            )
            for code, column in (("2017", Delivery.message_id), ("2017-C1", Delivery.in_reply_to))
        }
        assert letters["2017-C1"] == {who: letters["2017"][who] for who in known[5:7]}
        assert (correction.candidates, sum((correction.excluded_by or {}).values())) == (5, 3)
        assert correction.state is IssueState.SENT
        edition = session.scalars(
            select(Edition).where(Edition.subject == "Correction: ISCM Highlights 2017")
        ).one()
        assert "The city was <strong>not</strong> right." in edition.html
        assert (
            edition.message.count(b"\r\nIn-Reply-To: <CORRECTED~MESSAGE~SLOT>\r\nReferences: <CORRECTED") == 1
        )


def test_correction_is_no_issue_of_its_year(sqlite_registry: Database) -> None:
    """The next issue of the year is its second, and a second correction has a code of its own."""
    with sqlite_registry.writing() as session:
        issue = sent_2017(session)
        correct(session, issue, "Not right.")
        assert correct(session, issue, "Still not right.").code == "2017-C1"
        made = compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        assert made.code == "2017-2"
        send(session, "2017-C1")
        assert correct(session, issue, "Nor was that.").code == "2017-C2"


def test_issue_that_is_not_over_or_reached_nobody_is_not_corrected(sqlite_registry: Database) -> None:
    """All who get it must have it first."""
    with sqlite_registry.writing() as session:
        add_readers(session, 2)
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        issue = session.scalars(select(Issue)).one()
        with pytest.raises(NotCorrectable, match="Issue 2017 is a draft, so it cannot be corrected yet"):
            correct(session, issue)
        issue.state = IssueState.CANCELLED
        with pytest.raises(NotCorrectable, match="Nobody received issue 2017"):
            correct(session, issue)
