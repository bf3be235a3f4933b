"""A letter's bytes: one template, as many copies as readers, equal but for what is each reader's own."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.message import (
    PREFERENCES_SLOT,
    UNSUBSCRIBE_SLOT,
    Content,
    EncodedEdition,
    InlinePicture,
    Letterhead,
    Recipient,
    encode_edition,
    letter_bytes,
    mailbox_header,
    masked,
    text_header,
)

DATE = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)
HEAD = Letterhead(
    sender="ISCM Highlights <highlights@iscm.example>",
    reply_to="Secrétariat <desk@iscm.example>",
    base_url="https://iscm.example",
)
CONTENT = Content(
    issue="2017",
    language="en",
    subject="ISCM Highlights 2017",
    html=(
        f'<p>.dot and é</p>\n.lonely\n<a href="https://iscm.example/u/{UNSUBSCRIBE_SLOT}">Leave</a>'
        f' <a href="https://iscm.example/p/{PREFERENCES_SLOT}">Preferences</a>'
    ),
    text=f".dot\nLeave: https://iscm.example/u/{UNSUBSCRIBE_SLOT}\nhttps://iscm.example/p/{PREFERENCES_SLOT}\n",
)
UNSUBSCRIBE_LINKS = (
    "<https://iscm.example/u/AAAAAAAAAAAAAAAAAAAAAA>, "
    "<mailto:highlights@iscm.example?subject=unsubscribe%20AAAAAAAAAAAAAAAAAAAAAA>"
)
READER = Recipient("amina@example.org", "abc@iscm.example", "A" * 22, "B" * 22)


def encoded(content: Content = CONTENT, head: Letterhead = HEAD) -> EncodedEdition:
    """Return an edition ready to be joined."""
    return EncodedEdition(encode_edition(content, head), date=DATE)


def test_letter_headers() -> None:
    """The header is the one the specification lists, in that order, each value as a program reads it."""
    letter = email.message_from_bytes(letter_bytes(encoded(), READER), policy=email.policy.default)
    content_type = letter["Content-Type"]
    assert [(name, str(value)) for name, value in letter.items() if name != "Content-Type"] == [
        ("Date", "Mon, 14 Dec 2026 08:00:00 +0000"),
        ("From", "ISCM Highlights <highlights@iscm.example>"),
        ("To", "amina@example.org"),
        ("Reply-To", "Secrétariat <desk@iscm.example>"),
        ("Subject", "ISCM Highlights 2017"),
        ("Message-ID", "<abc@iscm.example>"),
        ("List-Id", "ISCM Highlights <highlights.iscm.example>"),
        (
            "List-Unsubscribe",
            UNSUBSCRIBE_LINKS,
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Archive", "<https://iscm.example/highlights>"),
        ("List-Help", "<https://iscm.example/newsletter>"),
        ("Archived-At", "<https://iscm.example/highlights/2017>"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("Content-Language", "en"),
        ("MIME-Version", "1.0"),
    ]
    assert content_type.content_type == "multipart/alternative"


def test_letter_parts() -> None:
    """Both parts decode to what was written, with this reader's tokens in place of the slots."""
    letter = email.message_from_bytes(letter_bytes(encoded(), READER), policy=email.policy.default)
    expected = [
        source.replace(UNSUBSCRIBE_SLOT, "A" * 22).replace(PREFERENCES_SLOT, "B" * 22)
        for source in (CONTENT.text, CONTENT.html)
    ]
    found = [part.get_payload(decode=True) for part in letter.iter_parts()]
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert [
        bytes(body).decode().replace("\r\n", "\n") for body in found if isinstance(body, bytes)
    ] == expected


def test_pictures_travel_with_the_html() -> None:
    """The text stays an equal of HTML and pictures together, each of which is named by its cid (RFC 2387)."""
    png = bytes(range(256)) * 40
    content = replace(CONTENT, pictures=(InlinePicture("map.1@iscm.example", "map.png", png),))
    letter = email.message_from_bytes(letter_bytes(encoded(content), READER), policy=email.policy.default)
    assert letter.get_content_type() == "multipart/alternative"
    text, related = letter.iter_parts()
    html, picture = related.iter_parts()
    assert [part.get_content_type() for part in (text, related, html, picture)] == [
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert related["Content-Type"].params["type"] == "text/html"
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<map.1@iscm.example>", "inline")
    assert picture.get_content() == png
    lines = letter_bytes(encoded(content), READER).split(b"\r\n")
    assert not any(line.startswith(b".") or b"\n" in line or len(line) > 998 for line in lines)


def test_letter_wire_form() -> None:
    """Lines end in CRLF alone, are short, never begin with a dot; List-Unsubscribe is one unfolded line."""
    letter = letter_bytes(encoded(), READER)
    lines = letter.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\r" not in letter.replace(b"\r\n", b"")
    assert b"\n" not in letter.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 998
    assert not any(line.startswith(b".") for line in lines)
    assert [line for line in lines if line.startswith(b"List-Unsubscribe: ")] == [
        b"List-Unsubscribe: " + UNSUBSCRIBE_LINKS.encode()
    ]


tokens = st.text("ABCDEFabcdef0123456789-_", min_size=22, max_size=22)
recipients = st.builds(
    Recipient,
    address=st.text("abcdefgh", min_size=3).map(lambda name: f"reader-{name}@example.org"),
    message_id=st.text("ABCDEF0123", min_size=20, max_size=20).map(lambda name: f"{name}@iscm.example"),
    unsubscribe=tokens.map(lambda token: "u" + token[1:]),
    preferences=tokens.map(lambda token: "p" + token[1:]),
    # The letter is no correction; hypothesis would make this up, and what is made up masks far too much.
    corrected=st.just(""),
)


@given(recipients, recipients)
def test_letter_copies_are_equal_when_masked(one: Recipient, other: Recipient) -> None:
    """Two copies differ in the address, the Message-ID and the two tokens, and in nothing else."""
    edition = encoded()
    assert masked(letter_bytes(edition, one), one) == masked(letter_bytes(edition, other), other)


def test_letter_is_the_same_in_every_run() -> None:
    """Encoding again gives the same bytes: the boundary follows from the content."""
    assert letter_bytes(encoded(), READER) == letter_bytes(encoded(), READER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ISCM Highlights 2017", "ISCM Highlights 2017"),
        ("two\r\nBcc: everybody@example.org", "two Bcc: everybody@example.org"),
        ("Le Caire, Türkiye", "=?utf-8?q?Le_Caire=2C_T=C3=BCrkiye?="),
    ],
)
def test_subject_is_ascii_on_one_logical_line(text: str, expected: str) -> None:
    """A subject is ASCII (RFC 2047), and a line break in it cannot begin a header of its own."""
    assert text_header("Subject", text) == expected


@pytest.mark.parametrize(
    ("mailbox", "expected"),
    [
        ("desk@iscm.example", "desk@iscm.example"),
        ("IOM Desk <desk@iscm.example>", "IOM Desk <desk@iscm.example>"),
        ("IOM, Geneva <desk@iscm.example>", '"IOM, Geneva" <desk@iscm.example>'),
        ('"IOM, Geneva" <desk@iscm.example>', '"IOM, Geneva" <desk@iscm.example>'),
        ("Secrétariat <desk@bücher.example>", "=?utf-8?q?Secr=C3=A9tariat?= <desk@xn--bcher-kva.example>"),
    ],
)
def test_mailbox_header(mailbox: str, expected: str) -> None:
    """A display name is quoted or encoded as it needs, and the domain is ASCII."""
    assert mailbox_header("From", mailbox) == expected


def test_header_that_does_not_fit_is_refused() -> None:
    """A header longer than a line may be is refused when the edition is encoded, not met on the way."""
    with pytest.raises(ValueError, match=r"^The header Archived-At does not fit in lines of 998 bytes\.$"):
        encode_edition(
            Content(issue="x" * 998, language="en", subject="s", html="h", text="t"),
            HEAD,
        )
