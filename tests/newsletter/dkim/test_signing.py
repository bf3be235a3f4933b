"""Signatures, checked by dkimpy; and that nothing can be changed or added behind them."""

import email
from datetime import UTC, datetime

import pytest

from newsletter.dkim.headers import fields_of, names_to_sign, relaxed_field
from newsletter.message import (
    PREFERENCES_SLOT,
    UNSUBSCRIBE_SLOT,
    Content,
    EncodedEdition,
    Letterhead,
    Recipient,
    encode_edition,
    encode_mail,
)
from tests.signing import a_signer, is_genuine

DATE = datetime(2026, 11, 14, 8, tzinfo=UTC)
HEAD = Letterhead(
    sender="ISCM Hïghlights, the letter <highlights@iscm.example>",
    reply_to="desk@iscm.example",
    base_url="https://iscm.example",
)
READER = Recipient("reader@example.org", "m.1@iscm.example", "u" * 22, "p" * 22)


def _edition(text: str = "Dear reader,\n") -> EncodedEdition:
    links = f"https://iscm.example/u/{UNSUBSCRIBE_SLOT} https://iscm.example/p/{PREFERENCES_SLOT}"
    content = Content(
        issue="2017",
        language="fr",
        subject="Les mécanismes consultatifs interétatiques " * 4,
        html=f"<p>{'é  à ' * 900}</p><p>{links}</p>",
        text=f"{text}{links}\n\n\n",
    )
    return EncodedEdition(encode_edition(content, HEAD), date=DATE, signer=a_signer())


@pytest.mark.parametrize("address", ["reader@example.org", "o'neil+x=y@example.org", "用户@example.org"])
def test_letter_of_each_reader_is_genuine(address: str) -> None:
    """The signature is each copy's own, and another program takes it."""
    one, other = READER._replace(address=address), READER._replace(unsubscribe="v" * 22)
    letters = [_edition().join(reader) for reader in (one, other)]
    assert [is_genuine(letter) for letter in letters] == [True, True]
    assert letters[0].split(b"\r\nDate:")[0] != letters[1].split(b"\r\nDate:")[0]


def test_signature_made_ahead_is_the_same() -> None:
    """A letter that is sent again is the same to the byte, whenever and by whichever thread it was signed."""
    edition = _edition()
    ahead = edition.signature(READER)
    assert edition.join(READER, signature=ahead) == edition.join(READER) == _edition().join(READER)


def test_letter_without_signer_has_no_signature() -> None:
    """Signing adds a header in front and changes nothing else."""
    template = encode_edition(
        Content(issue="2017", language="en", subject="S", html="<p>x</p>", text="x"), HEAD
    )
    plain, signed = (EncodedEdition(template, date=DATE, signer=who) for who in (None, a_signer()))
    assert (plain.is_signed, plain.signature(READER), signed.is_signed) == (False, b"", True)
    assert signed.join(READER) == signed.signature(READER) + plain.join(READER)


@pytest.mark.parametrize(
    "body",
    ["", "\n", "One line", "Lines\n\nand empty ones at the end\n\n\n", ".dots\n..more\n", "blanks  \t \n x"],
)
@pytest.mark.parametrize("html", [None, "<p>x</p>"])
def test_single_mail_is_genuine(body: str, html: str | None) -> None:
    """Whatever its body ends with, and with headers written in unusual ways."""
    headers = [
        ("Date", "Sat, 14 Nov 2026 08:00:00 +0000"),
        ("From", "ISCM   Highlights\r\n\t<highlights@iscm.example>"),
        ("To", '"B. Reader"  <b@example.org>'),
        ("Subject", "two\r\n lines  "),
    ]
    mail = encode_mail(headers, text=body, html=html)
    signed = a_signer().signed(mail, at=DATE)
    assert is_genuine(signed)
    assert signed.endswith(b"==\r\n" + mail)


@pytest.mark.parametrize(
    "name",
    ["From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "Content-Type", "List-Unsubscribe",
     "List-Unsubscribe-Post"],
)  # fmt: skip
def test_header_that_is_added_breaks_the_signature(name: str) -> None:
    """A second From or another address to leave by cannot be put in front of a genuine letter."""
    letter = _edition().join(READER)
    assert is_genuine(letter)
    assert not is_genuine(f"{name}: <https://evil.example/>\r\n".encode() + letter)


def test_every_changed_byte_breaks_the_signature_but_none_on_the_way() -> None:
    """Body and signed headers are bound; headers that relays add in front are not."""
    letter = _edition().join(READER)
    assert is_genuine(b"Received: from a by b;\r\n\tSat, 14 Nov 2026 08:00:01 +0000\r\n" + letter)
    assert is_genuine(letter.replace(b"Precedence: bulk", b"Precedence:   bulk "))
    for old, new in ((b"/u/uu", b"/u/vu"), (b"bulk", b"list"), (b"Dear", b"Bear"), (b"One-Click", b"No")):
        assert old in letter
        assert not is_genuine(letter.replace(old, new, 1))


def test_signature_says_what_it_covers() -> None:
    """One header of plain lines: every name that matters once more than it stands in the letter."""
    letter = _edition().join(READER)
    value = email.message_from_bytes(letter)["DKIM-Signature"]
    tags = dict(part.strip().split("=", 1) for part in value.replace("\r\n", "").split(";"))
    assert {name: tags[name] for name in ("v", "a", "c", "d", "s", "t")} == {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/simple",
        "d": "iscm.example",
        "s": "letters2026",
        "t": str(int(DATE.timestamp())),
    }
    covered = "".join(tags["h"].split()).split(":")
    assert {name: covered.count(name) for name in dict.fromkeys(covered)} == {
        "From": 2, "Sender": 1, "To": 2, "Cc": 1, "Reply-To": 2, "Subject": 2, "Date": 2, "Message-ID": 2,
        "In-Reply-To": 1, "References": 1, "MIME-Version": 2, "Content-Type": 2,
        "Content-Transfer-Encoding": 1, "List-Id": 2, "List-Unsubscribe": 2, "List-Unsubscribe-Post": 2,
        "Content-Language": 1, "List-Archive": 1, "List-Help": 1, "Archived-At": 1, "Auto-Submitted": 1,
        "Precedence": 1,
    }  # fmt: skip
    header = letter[: letter.index(b"\r\nDate:")]
    assert all(len(line) <= 78 and not line.startswith(b".") for line in header.split(b"\r\n"))


def test_relaxed_form_is_that_of_the_rfc() -> None:
    """The example of RFC 6376 section 3.4.5."""
    assert [relaxed_field(line) for line in (b"A: X", b"B : Y\t\r\n\tZ  ")] == [
        ("a", b"a:X"),
        ("b", b"b:Y Z"),
    ]
    assert names_to_sign(fields_of(b"precedence: bulk\r\nX-Other: 1\r\nSUBJECT: x\r\n"))[-1] == "Precedence"
