"""The size of a file as people read it."""

from typing import Final

from babel.numbers import format_decimal

from templates.languages import ENGLISH, locale_of

_STEP: Final = 1000
_UNITS: Final = ("B", "kB", "MB", "GB")


def written_size(size: int, *, language: str = ENGLISH) -> str:
    """Return a number of bytes in words: `812 B`, `64 kB`, `1.2 MB`; units of 1,000, as SI has them."""
    amount, unit = float(size), 0
    while amount >= _STEP and unit < len(_UNITS) - 1:
        amount /= _STEP
        unit += 1
    # A decimal tells nothing beyond ten.
    shown = "#,##0.#" if unit > 1 and amount < 10 else "#,##0"
    return f"{format_decimal(amount, format=shown, locale=locale_of(language))}\u00a0{_UNITS[unit]}"
