"""Quoted-printable: every text comes back, and no reader's slot is ever split."""

import quopri

from hypothesis import given
from hypothesis import strategies as st

from newsletter.quoted_printable import MAXIMUM_LINE, quoted_printable

SLOT = "UNSUBSCRIBE~TOKEN~SLOT"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=400)


@given(
    st.lists(texts | st.just(SLOT) | st.sampled_from([".", "From ", "=", " ", "\t", "\n", "é"]), max_size=30)
)
def test_quoted_printable_of_any_text(parts: list[str]) -> None:
    """Any text decodes to itself, in short ASCII lines that SMTP leaves alone, with every slot whole."""
    text = "".join(parts)
    encoded = quoted_printable(text, unsplit=[SLOT])
    lines = encoded.split(b"\r\n")
    assert quopri.decodestring(encoded.replace(b"\r\n", b"\n")).decode() == text
    assert encoded.isascii()
    assert max(map(len, lines)) <= MAXIMUM_LINE
    assert not any(line.startswith((b".", b"From ")) or line.endswith((b" ", b"\t")) for line in lines)
    assert encoded.count(SLOT.encode()) == text.count(SLOT)


def test_quoted_printable_dot_after_soft_break() -> None:
    """A dot that a soft break brings to a line's start is encoded, so nothing ever needs stuffing."""
    assert quoted_printable("x" * 75 + "..") == b"x" * 75 + b"=\r\n=2E."


def test_quoted_printable_slot_at_edge() -> None:
    """A slot that would cross the edge moves to the next line whole."""
    assert quoted_printable("x" * 60 + SLOT, unsplit=[SLOT]) == b"x" * 60 + b"=\r\n" + SLOT.encode()
