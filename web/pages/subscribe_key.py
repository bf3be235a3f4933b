"""The code and the secret of a new choice."""

import base64
from typing import Final, NamedTuple

from models.choice import PARTS, Choice
from newsletter.keys import Keys

_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters and digits that are not taken for each other when a code is read aloud or copied by hand."""

_LENGTH: Final = 12


class ChoiceKey(NamedTuple):
    """`code` is public and stands in the calendar's address; `secret` (256 bits) opens the choice."""

    code: str
    secret: str


def choice_key(keys: Keys, choice: Choice, *, once: str) -> ChoiceKey:
    """Return the key of a choice that was made in a form; `once` are 256 random bits that the form brought.

    The same form with the same choice has the same key, so that a form which is sent twice, or gone back to,
    makes one choice. Neither half tells anything of the other, and 59 bits of a code are not found by trying.
    """
    parts = [once, choice.language, *(" ".join((name, *getattr(choice, name))) for name in PARTS)]
    number = int.from_bytes(keys.digest("code of a choice", *parts), "big")
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    secret = base64.urlsafe_b64encode(keys.digest("secret of a choice", *parts)).rstrip(b"=")
    return ChoiceKey("".join(letters), secret.decode("ascii"))
