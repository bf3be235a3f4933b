"""Addresses: what mail can be sent to is taken, and nothing that could break a command or a header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addressing import (
    BadAddress,
    address_key,
    ascii_address,
    message_identity,
    read_address,
    readable_address,
)
from newsletter.keys import Keys

KEYS = Keys("k" * 32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amina@example.org", "amina@example.org"),
        ("  Amina.O'Neill+iscm@EXAMPLE.org\n", "Amina.O'Neill+iscm@example.org"),
        ("\ufeffamina@example.org", "amina@example.org"),
        ("desk@bücher.example", "desk@xn--bcher-kva.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
        ("desk@example.org.", "desk@example.org"),
        ("\u202bamina@example.org\u202c\u200f", "amina@example.org"),  # as Arabic programs copy it
        ("rene\u0301@example.org", "ren\u00e9@example.org"),
        ("rene\u0301\ufb01@example.org", "ren\u00e9\ufb01@example.org"),
        ("ユーザー＠例え。テスト", "ユーザー@xn--r8jz45g.xn--zckzah"),
        ("desk@xn--bcher-kva.EXAMPLE", "desk@xn--bcher-kva.example"),
        ("ａｍｉｎａ@example.org", "amina@example.org"),  # noqa: RUF100 full-width letters come from forms
    ],
)
def test_address_is_read(text: str, expected: str) -> None:
    """The local part stays as its owner writes it; blanks go, and the domain is put in its ASCII form."""
    assert read_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "amina",
        "@example.org",
        "amina@",
        "amina@example",
        "a b@example.org",
        "a..b@example.org",
        ".a@example.org",
        "a.@example.org",
        "a@b@example.org",
        "ä@b@example.org",
        "ä＜b@example.org",
        "amina@xn--a.example",
        '"quoted"@example.org',
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@exa mple.org",
        "a@-example.org",
        "a<b>@example.org",
        "a@example.org\r\nRCPT TO:<b@example.org>",
        "a\x00b@example.org",
        "x" * 65 + "@example.org",
        "a@" + "d" * 64 + ".org",
    ],
)
def test_address_is_refused(text: str) -> None:
    """What is no address is refused with a sentence of one line."""
    with pytest.raises(BadAddress) as refusal:
        read_address(text)
    assert str(refusal.value).isprintable()


@given(st.text(max_size=60) | st.emails())
def test_address_read_is_safe_on_the_wire(text: str) -> None:
    """Whatever is read as an address holds no blank, bracket or control character, and reads as itself."""
    try:
        address = read_address(text)
    except BadAddress:
        return
    assert not any(character.isspace() or character in '<>"(),:;\\[]' for character in address)
    assert address.isprintable()
    assert read_address(address) == address
    assert address_key(address_key(address)) == address_key(address)


def test_address_key_joins_spellings() -> None:
    """Capitals do not make a second reader."""
    assert address_key("Amina@example.org") == address_key(read_address("AMINA@EXAMPLE.ORG"))


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "desk@bücher.example",
            "Desk@BÜCHER.example",
            "desk@xn--bcher-kva.example",
            "desk@bu\u0308cher.example",
        ),
        ("rené@example.org", "RENÉ@example.org", "rene\u0301@example.org"),
        ("ｄｅｓｋ＠example.org", "desk@example.org", "DESK@example.org.", "\u200edesk@example.org"),
        ("straße@example.org", "STRASSE@example.org", "STRAẞE@example.org"),
    ],
)
def test_one_mailbox_in_several_forms(spellings: tuple[str, ...]) -> None:
    """However it was typed, composed or encoded, one mailbox has one key, so it gets one letter."""
    assert len({address_key(read_address(one)) for one in spellings}) == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Amina@example.org", "amina@example.org"),
        ("用户@xn--fsqu00a.example", "用户@xn--fsqu00a.example"),
        ("René@example.org", "rené@example.org"),
        ("ﬁn@example.org", "fin@example.org"),
    ],
)
def test_address_key_is_what_it_was(address: str, expected: str) -> None:
    """Suppressions are hashes of the key: a key that came out differently would forget who left."""
    assert address_key(address) == expected


def test_address_is_shown_in_its_own_letters() -> None:
    """People read their domain as they write it; one that cannot be decoded stays as it is."""
    assert readable_address("desk@xn--bcher-kva.example") == "desk@bücher.example"
    assert readable_address("desk@example.org") == "desk@example.org"


def test_sender_must_be_ascii() -> None:
    """A sender's local part is ASCII, because it stands in headers every server must take."""
    with pytest.raises(BadAddress):
        ascii_address("用户@example.org")


def test_message_identity_depends_on_letter_and_not_on_attempt() -> None:
    """The same letter has one identity for ever; another reader, issue or edition has another."""

    def identity(issue: str = "2017", address: str = "a@example.org", edition: str = "en") -> str:
        return message_identity(KEYS, issue=issue, address=address, edition=edition, domain="iscm.example")

    assert identity() == identity(address="A@example.org")
    assert (
        len({identity(), identity(issue="2018"), identity(address="b@example.org"), identity(edition="fr")})
        == 4
    )
