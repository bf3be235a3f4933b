"""Nobody suppressed is ever mailed: whatever is imported, restored, resumed, corrected or resent.

Persons, strangers, editors and a sender do things in any order, on the real record and by the real acts; each
mail that leaves is held against what its addressee last said.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select

from models import (
    RecipientKind,
    Subscriber,
    SubscriberState,
)
from newsletter.transport import Fate
from tests.letters import CODE
from tests.newsletter.acts.editors import Editors
from tests.newsletter.acts.persons import Persons
from tests.newsletter.acts.program import Program
from tests.newsletter.acts.record import ADDRESSES, OTHER_CODES


class World(Persons, Editors, Program):
    """All that may be done."""

    def teardown(self) -> None:
        """Send all that can be sent, in every way there is, and let go of the file."""
        try:
            self.file_is_imported(is_confirmed=True, kind=RecipientKind.CIRCULATION, spelled=str)
            self.single_mails_leave()
            for code in (CODE, *OTHER_CODES):
                self.issue_goes_out(code)
                self.what_is_in_doubt_is_sent_again(code)
                self.issue_goes_out(code)
        finally:
            self.database.close()


def _run(empty: Path, folder: Path, *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: World(empty, folder),  # type: ignore[arg-type]  # any factory is taken
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A failure is told as it was found: making it shorter takes minutes on a file.
            phases=[Phase.generate],
            derandomize=examples < 100,
        ),
    )


def test_nobody_suppressed_is_mailed_in_any_order_of_acts(empty_sqlite: Path, tmp_path: Path) -> None:
    """No order of sign-ups, clicks, imports, hand-overs, resendings, corrections and restores mails them."""
    _run(empty_sqlite, tmp_path, examples=8, steps=35)


@pytest.mark.soak
def test_nobody_suppressed_is_mailed_in_many_orders(empty_sqlite: Path, tmp_path: Path) -> None:
    """The same, a thousand times and longer."""
    _run(empty_sqlite, tmp_path, examples=1000, steps=80)


def test_a_world_in_which_letters_do_leave(
    empty_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof above proves something: in its world letters are sent, to all who want them."""
    world = World(empty_sqlite, tmp_path)
    left: list[str] = []
    monkeypatch.setattr(world, "letter_leaves", left.append)
    world.owner_leaves(ADDRESSES[0])
    world.owner_moves(ADDRESSES[1], ADDRESSES[3])
    world.sending_begins(CODE)
    world.letters_are_claimed(CODE, 3)
    world.owner_moves(ADDRESSES[2], ADDRESSES[1])
    world.held_letters_leave(Fate.ACCEPTED)
    world.letters_are_claimed(CODE, 3)
    world.held_letters_leave(Fate.ACCEPTED)
    with world.database.reading() as session:
        states = dict(session.execute(select(Subscriber.address_key, Subscriber.state)).all())
    sent = list(left)
    world.teardown()
    assert sent == [ADDRESSES[3], ADDRESSES[1]]
    assert len(left) > len(sent), "what is tried at the end of each world leads to letters too"
    assert states == {
        ADDRESSES[0]: SubscriberState.LEFT,
        ADDRESSES[1]: SubscriberState.CONFIRMED,
        ADDRESSES[3]: SubscriberState.CONFIRMED,
    }
