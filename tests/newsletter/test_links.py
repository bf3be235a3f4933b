"""Tokens: only ours are taken, each for its own purpose, address and epoch."""

import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter.keys import Keys
from newsletter.links import TOKEN_LENGTH, Purpose, is_genuine, make_token, token_row

KEYS = Keys("k" * 32)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
rows = st.integers(0, 2**56 - 1)


@given(rows, st.sampled_from(Purpose), st.emails(), st.integers(0, 1000))
def test_token_names_its_row_and_is_genuine(row: int, purpose: Purpose, address: str, epoch: int) -> None:
    """A token is 22 characters of a link's alphabet, tells its row and is taken for what it was made for."""
    token = make_token(KEYS, purpose, row=row, address_key=address, epoch=epoch)
    assert re.fullmatch(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}", token)
    assert token_row(token) == row
    assert is_genuine(KEYS, purpose, token, address_key=address, epoch=epoch)


@given(rows, st.integers(0, TOKEN_LENGTH - 1), st.sampled_from(ALPHABET))
def test_token_with_one_character_changed_is_not_genuine(row: int, place: int, letter: str) -> None:
    """No single change is taken, not even in the bits that base64 leaves unused."""
    token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=row, address_key="a@example.org")
    forged = token[:place] + letter + token[place + 1 :]
    assert is_genuine(KEYS, Purpose.UNSUBSCRIBE, forged, address_key="a@example.org") == (forged == token)


def test_token_serves_nothing_else() -> None:
    """Another purpose, address, epoch or key does not take it."""
    token = make_token(KEYS, Purpose.CONFIRM, row=7, address_key="a@example.org", epoch=1)
    assert not is_genuine(KEYS, Purpose.UNSUBSCRIBE, token, address_key="a@example.org", epoch=1)
    assert not is_genuine(KEYS, Purpose.CONFIRM, token, address_key="b@example.org", epoch=1)
    assert not is_genuine(KEYS, Purpose.CONFIRM, token, address_key="a@example.org", epoch=2)
    assert not is_genuine(Keys("other" * 8), Purpose.CONFIRM, token, address_key="a@example.org", epoch=1)


def test_token_of_an_older_key_is_taken() -> None:
    """After the secret changed, links of letters sent before go on working while the old one is kept."""
    token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=7, address_key="a@example.org")
    renewed = Keys("n" * 32, older=("k" * 32,))
    assert is_genuine(renewed, Purpose.UNSUBSCRIBE, token, address_key="a@example.org")
    assert make_token(renewed, Purpose.UNSUBSCRIBE, row=7, address_key="a@example.org") != token


@given(st.text(max_size=30))
def test_token_of_any_text(text: str) -> None:
    """Whatever stands in a link is answered, and nothing that we did not write is taken."""
    assert not is_genuine(KEYS, Purpose.UNSUBSCRIBE, text, address_key="a@example.org")
    row = token_row(text)
    assert row is None or 0 <= row < 2**56
