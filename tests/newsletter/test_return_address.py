"""Return addresses: short, ours alone, and of one letter whatever becomes of its number."""

import re
from pathlib import Path

import pytest

from newsletter.addressing import MAXIMUM_LOCAL
from newsletter.keys import Keys
from newsletter.return_address import NamedDelivery, read_return_address, return_address

SECRET = "k" * 32
KEYS = Keys(SECRET)


def written(*, number: int = 12, message_id: str = "one@iscm.example", keys: Keys = KEYS) -> str:
    """The return address of a letter."""
    return return_address(keys, delivery_id=number, message_id=message_id, domain="bounces.example.org")


def test_mail_servers_are_told_the_form_that_is_written() -> None:
    """Every pattern of docs/bounces.md takes what we write, also the longest number, and nothing more."""
    page = (Path(__file__).parents[2] / "docs" / "bounces.md").read_text(encoding="utf-8")
    forms = re.findall(r"^    /(\^b.*\$)/", page, re.MULTILINE)
    assert len(forms) == 2
    longest = written(number=10**18 - 1)
    assert len(longest.partition("@")[0]) <= MAXIMUM_LOCAL
    for form in forms:
        pattern = re.compile(form, re.IGNORECASE)
        assert all(pattern.search(address) for address in (written(), written().upper(), longest))
        assert not pattern.search(f"a{written()}")
        assert not pattern.search(f"{written()}.example")


def test_return_address_fits_one_letter() -> None:
    """Not another letter of its number, nor this letter under another number, nor another secret."""
    named = read_return_address(written())
    assert named is not None
    assert named.is_that_of(KEYS, "one@iscm.example")
    assert not named.is_that_of(KEYS, "two@iscm.example")
    assert not NamedDelivery(13, named.mac).is_that_of(KEYS, "one@iscm.example")
    assert not named.is_that_of(Keys("o" * 32), "one@iscm.example")
    assert named.is_that_of(Keys("o" * 32, older=(SECRET,)), "one@iscm.example")
    assert not named.is_of_its_number(KEYS)


def test_signature_of_an_earlier_release_is_of_its_number() -> None:
    """What such a release wrote for delivery 12 is known as that, and fits no letter."""
    named = read_return_address("b.12.1999095cc46f@bounces.example")
    assert named is not None
    assert named.is_of_its_number(KEYS)
    assert not named.is_that_of(KEYS, "one@iscm.example")


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("b.12.0123456789ab@bounces.example", 12),
        ("prvs=1234abcdef=B.12.0123456789AB@bounces.example", 12),
        ("bounces-b.7.0123456789ab@bounces.example", 7),
        ("b.012.0123456789ab@bounces.example", None),
        ("b.12.0123456789@bounces.example", None),
        ("bob.12.0123456789ab@bounces.example", None),
        (f"b.{'9' * 19}.0123456789ab@bounces.example", None),
        ("highlights@iscm.example", None),
    ],
)
def test_number_is_read_as_relays_write_it(address: str, number: int | None) -> None:
    """Large letters and prefixes do not matter; what only resembles it is not taken."""
    named = read_return_address(address)
    assert (named.delivery_id if named else None) == number
