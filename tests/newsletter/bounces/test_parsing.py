"""Reading a returned mail: what each program's report says, and that nothing from anybody breaks it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import BounceKind
from newsletter.bounces.classes import class_of, status_of
from newsletter.bounces.has_left import says_has_left
from newsletter.bounces.parsing import read_returned
from newsletter.bounces.raw import OF_INTEREST, read_raw
from newsletter.bounces.returned import Action, Outcome, Returned, ReturnedKind
from tests.newsletter.bounces import corpus
from tests.newsletter.bounces.corpus import Letter

LETTER = Letter(
    number=12,
    to="amina@example.org",
    message_id="Zm9ydHktdHdvLWxldHRl@iscm.example",
    return_address="b.12.0123456789ab@bounces.example",
)
ODD = [corpus.postfix_general, corpus.full_mailbox, corpus.minded, corpus.delayed, corpus.delivered]
ALL = [*corpus.HARD, *corpus.COMPLAINTS, *ODD]


@pytest.mark.parametrize("make", corpus.HARD)
def test_report_of_each_program_names_letter_recipient_and_status(make: corpus.Maker) -> None:
    """Whoever writes it: one recipient failed, the status is that of the far server, the letter is named."""
    mail = read_returned(make(LETTER))
    assert mail.kind is ReturnedKind.REPORT
    assert mail.sent_to[0] == LETTER.return_address
    assert mail.message_ids == (LETTER.message_id,)
    [outcome] = mail.outcomes
    assert (outcome.action, outcome.final) == (Action.FAILED, LETTER.to)
    assert class_of(outcome.status) is BounceKind.HARD


def test_report_of_postfix_is_read_whole() -> None:
    """Every field that matters, decoded."""
    assert read_returned(corpus.postfix(LETTER)).outcomes == (
        Outcome(
            action=Action.FAILED,
            final="amina@example.org",
            original="amina@example.org",
            status="5.1.1",
            code=550,
            said="550 5.1.1 <amina@example.org>: Recipient address rejected: User unknown",
        ),
    )
    assert read_returned(corpus.postfix(LETTER)).envelope_ids == ("d12.Zm9ydHktdHdvLWxl",)


@pytest.mark.parametrize("make", corpus.COMPLAINTS)
def test_complaint_names_the_letter_even_where_the_recipient_is_blacked_out(make: corpus.Maker) -> None:
    """The return address or the Message-ID of the letter is enough."""
    mail = read_returned(make(LETTER))
    assert mail.kind is ReturnedKind.COMPLAINT
    assert LETTER.return_address in mail.sent_to
    assert mail.message_ids == (LETTER.message_id,)


def test_report_about_a_letter_that_passed_through_outlook_is_no_complaint() -> None:
    """The field that marks a complaint of Outlook.com stands in every letter that went there."""
    mail = corpus.postfix(LETTER).replace(b"From: ISCM", b"X-HmXmrOriginalRecipient: x\nFrom: ISCM")
    assert read_returned(mail) == read_returned(corpus.postfix(LETTER))


def test_not_spam_is_no_complaint() -> None:
    """Some providers tell too when a person takes their complaint back."""
    mail = corpus.arf_yahoo(LETTER).replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam")
    assert read_returned(mail).kind is ReturnedKind.OTHER


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        ("5.1.1", "", BounceKind.HARD),
        ("5.1.0", "", BounceKind.HARD),
        ("5.1.10", "", BounceKind.HARD),
        ("5.2.1", "", BounceKind.HARD),
        ("5.1.8", "", BounceKind.POLICY),
        ("4.2.2", "", BounceKind.SOFT),
        ("5.2.2", "", BounceKind.SOFT),
        ("5.3.4", "", BounceKind.SOFT),
        ("5.4.4", "", BounceKind.SOFT),
        ("5.7.1", "", BounceKind.POLICY),
        ("5.6.0", "", BounceKind.POLICY),
        ("5.0.0", "", BounceKind.UNCLEAR),
        ("5.5.0", "", BounceKind.UNCLEAR),
        ("", "", BounceKind.UNCLEAR),
        ("nonsense", "550 no", BounceKind.UNCLEAR),
        ("5.0.0", "550 5.2.1 disabled", BounceKind.HARD),
        ("5.0.0", "550-5.7.1 not you", BounceKind.POLICY),
        ("5.0.0", "550 no such user (#5.1.1)", BounceKind.HARD),
        ("5.1.1", "550 5.7.1 not you", BounceKind.HARD),
        ("", "451 later", BounceKind.SOFT),
        # A number among the words is no status.
        ("5.0.0", "refused by host 5.1.1.20", BounceKind.UNCLEAR),
    ],
)
def test_classes(status: str, said: str, expected: BounceKind) -> None:
    """Section 6 of the letter, and which of two codes counts."""
    assert class_of(status_of(status, said)) is expected


@pytest.mark.parametrize("text", corpus.HAS_LEFT.values(), ids=corpus.HAS_LEFT.keys())
def test_reply_of_somebody_who_has_left_is_known(text: str) -> None:
    """In the languages that readers write."""
    mail = read_returned(corpus.automatic_reply(LETTER, text))
    assert (mail.kind, mail.has_left) == (ReturnedKind.AUTOMATIC_REPLY, True)


@pytest.mark.parametrize("text", corpus.IS_AWAY.values(), ids=corpus.IS_AWAY.keys())
def test_reply_of_somebody_who_is_away_says_nothing(text: str) -> None:
    """Who comes back has not left; what the reply quotes of the letter is not its own word."""
    mail = read_returned(corpus.automatic_reply(LETTER, text))
    assert (mail.kind, mail.has_left) == (ReturnedKind.AUTOMATIC_REPLY, False)


def test_reply_in_html_and_another_charset_is_read() -> None:
    """Words are found behind tags, and in the charset the mail names."""
    text = "<html><style>p {color: red}</style><p>Il a <b>quitt\u00e9</b> le minist\u00e8re.</p>"
    mail = corpus.automatic_reply(LETTER, text, charset="iso-8859-1").replace(b"text/plain", b"text/html")
    assert read_returned(mail).has_left


def test_subject_alone_may_say_it() -> None:
    """An encoded subject is read too."""
    subject = "=?utf-8?Q?R=C3=A9ponse_automatique_=3A_n'est_plus_en_poste?="
    assert read_returned(corpus.automatic_reply(LETTER, "", subject=subject)).has_left


def test_mail_of_a_person_is_neither() -> None:
    """Somebody who answers is no report."""
    mail = read_returned(f"From: {LETTER.to}\nTo: {LETTER.return_address}\n\nThank you!\n".encode())
    assert mail == Returned(kind=ReturnedKind.OTHER, sent_to=(LETTER.return_address,))


def test_words_of_the_body_decide_nothing() -> None:
    """A text that only looks like a report is none."""
    text = f"To: {LETTER.return_address}\n\nFinal-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n"
    mail = read_returned(text.encode())
    assert (mail.kind, mail.outcomes) == (ReturnedKind.OTHER, ())


def _deep(depth: int) -> bytes:
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth)
    )
    return head.encode()


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\n\n\n",
        b"\x00" * 1000,
        _deep(20_000),
        b"Content-Type: message/rfc822\n\n" * 30_000,
        b'Content-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\n" * 200_000,
        b"A: b\n" * 200_000,
        b"Subject: " + b"=?utf-8?Q?" * 100_000,
        b"Subject: " + b"a" * 1_000_000,
        b"X: y\n" + b" z\n" * 300_000,
        b"Content-Type: " + b";a=" * 300_000,
        b"Auto-Submitted: auto-replied\nContent-Type: text/html\n\n" + b"<" * 900_000,
        b"Auto-Submitted: auto-replied\nContent-Type: text/html\n\n" + b"<style>" * 100_000,
        b"Auto-Submitted: auto-replied\nContent-Type: text/plain; charset=punycode\n\n" + b"a-" * 400_000,
        b"Auto-Submitted: auto-replied\n\n" + b"contract a a a a a a " * 40_000,
        b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 60_000,
        b"Hi. This is the\n\n" + b"<a>:\n\n" * 100_000,
    ],
    ids=[f"hostile-{number}" for number in range(17)],
)
def test_hostile_mail_is_read_in_bounded_time(mail: bytes) -> None:
    """A megabyte of anything takes a moment, and is no error."""
    began = time.process_time()
    read_returned(mail[:OF_INTEREST])
    assert time.process_time() - began < 2


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(content: bytes) -> None:
    """Whatever comes in, something is said of it."""
    assert isinstance(read_returned(content), Returned)


@settings(max_examples=200)
@given(
    st.sampled_from(ALL),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=20)), max_size=6),
)
def test_damaged_reports_are_read(make: corpus.Maker, cuts: list[tuple[int, int, bytes]]) -> None:
    """A report with pieces cut out, put in and overwritten is read without an error, in bounded size."""
    mail = make(LETTER)
    for at, length, instead in cuts:
        mail = mail[:at] + instead + mail[at + length :]
    found = read_returned(mail)
    assert len(found.outcomes) <= 50
    assert all(len(one.said) <= 500 for one in found.outcomes)


@given(st.text(max_size=300))
def test_any_words_are_looked_through(text: str) -> None:
    """No alphabet breaks the look for somebody who has left."""
    assert says_has_left(text) in {True, False}


def test_carriage_returns_and_the_line_of_a_pipe_change_nothing() -> None:
    """CRLF, and the line "From ..." that pipes put first, read the same."""
    import io

    mail = corpus.postfix(LETTER)
    piped = b"From MAILER-DAEMON Mon Dec 14 08:00:00 2026\r\n" + mail.replace(b"\n", b"\r\n")
    assert read_returned(read_raw(io.BytesIO(piped)).content) == read_returned(mail)


def test_endless_mail_is_kept_to_its_beginning() -> None:
    """What is looked at is a megabyte, however long the mail is; the digest is of all that was read."""
    import hashlib
    import io

    mail = b"A: b\n\n" + b"x" * 3_000_000
    raw = read_raw(io.BytesIO(mail))
    assert (len(raw.content), raw.digest) == (OF_INTEREST, hashlib.sha256(mail).hexdigest())
