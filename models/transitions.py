"""The one rule of changing state: only along a table. Each table stands beside its states."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from models.refusal import Refusal

State = TypeVar("State", bound=StrEnum)
Transitions = Mapping[State, frozenset[State]]


class IllegalTransition(Refusal):
    """The thing is in a state from which this cannot be done."""


def step(table: Transitions[State], *, what: str, current: State, to: State) -> State:
    """Return the new state, or raise IllegalTransition naming the thing, its state and what is possible."""
    allowed = table[current]
    if to in allowed:
        return to
    ways = ", ".join(sorted(state.value for state in allowed)) or "nothing: this state is final"
    raise IllegalTransition(f"{what} is {current.value} and cannot become {to.value} (possible: {ways}).")
