"""The journal: what was written before a kill is read after it; a living owner's journal is left alone."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.journal import Claim, Journal, JournalUnwritable, journals, read, sweep, taken_over
from newsletter.transport import Fate, Outcome

ACCEPTED = Outcome(Fate.ACCEPTED, 250, "2.0.0 Ok: queued as ÉÀ\n")
DEFERRED = Outcome(Fate.DEFERRED, 451, "try again in 10 minutes", 600.0)


def test_journal_tells_what_was_written(tmp_path: Path) -> None:
    """Letters that ended, with how; letters that did not, as unknown; others not at all."""
    journal = Journal.begin(tmp_path, "owner")
    for number, outcome in ((1, ACCEPTED), (2, DEFERRED)):
        journal.on_wire(Claim(number, 1))
        journal.ended(Claim(number, 1), outcome)
    journal.on_wire(Claim(3, 2))
    journal.close()
    with taken_over(tmp_path / "owner.journal") as account:
        assert account is not None
        assert (account.owner, account.is_complete) == ("owner", True)
        assert account.outcomes == {Claim(1, 1): ACCEPTED, Claim(2, 1): DEFERRED, Claim(3, 2): None}


def test_journal_of_a_living_owner_is_left_alone(tmp_path: Path) -> None:
    """While its owner lives nobody takes it over; killed with -9, anybody may at once."""
    program = (
        "import sys, pathlib\n"
        "from newsletter.journal import Claim, Journal\n"
        "journal = Journal.begin(pathlib.Path(sys.argv[1]), 'child')\n"
        "journal.on_wire(Claim(5, 1))\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        with taken_over(tmp_path / "child.journal") as account:
            assert account is None
        child.kill()
    with taken_over(tmp_path / "child.journal") as account:
        assert account is not None
        assert account.outcomes == {Claim(5, 1): None}


claims = st.builds(Claim, st.integers(1, 50), st.integers(1, 3))
outcomes = st.builds(
    Outcome,
    st.sampled_from(Fate),
    st.none() | st.integers(200, 599),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.none() | st.floats(0, 1e6),
)


@given(st.lists(st.tuples(claims, st.none() | outcomes), max_size=10), st.data())
def test_journal_torn_anywhere(entries: list[tuple[Claim, Outcome | None]], data: st.DataObject) -> None:
    """Cut at any byte, it tells exactly the lines that were whole; nothing is invented."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        journal = Journal.begin(folder, "o")
        lengths, states = [journal.size], [dict[Claim, Outcome | None]()]
        for claim, outcome in entries:
            if outcome is None:
                journal.on_wire(claim)
            else:
                journal.ended(claim, outcome)
            lengths.append(journal.size)
            states.append(states[-1] | {claim: outcome})
        journal.close()
        cut = data.draw(st.integers(lengths[0], lengths[-1]))
        os.truncate(folder / "o.journal", cut)
        whole = max(index for index, length in enumerate(lengths) if length <= cut)
        assert read(folder / "o.journal").outcomes == states[whole]


def test_journal_goes_on_after_a_torn_line(tmp_path: Path) -> None:
    """Half a line of a full disk is skipped, and the lines after it are read."""
    journal = Journal.begin(tmp_path, "owner")
    journal.on_wire(Claim(1, 1))
    path = tmp_path / "owner.journal"
    with path.open("ab") as file:
        file.write(b'["w",2\n')
    journal.on_wire(Claim(3, 1))
    assert read(path).outcomes == {Claim(1, 1): None, Claim(3, 1): None}
    journal.close()


def test_journal_compacted_keeps_what_the_database_does_not_know(tmp_path: Path) -> None:
    """Compacting drops what is settled, stays locked, and goes on being written."""
    journal = Journal.begin(tmp_path, "owner")
    for number in range(1, 100):
        journal.on_wire(Claim(number, 1))
        journal.ended(Claim(number, 1), ACCEPTED)
    journal.compact([(Claim(98, 1), None), (Claim(99, 1), ACCEPTED)])
    journal.on_wire(Claim(100, 1))
    path = tmp_path / "owner.journal"
    assert read(path).outcomes == {Claim(98, 1): None, Claim(99, 1): ACCEPTED, Claim(100, 1): None}
    with taken_over(path) as account:
        assert account is None
    journal.finish()
    assert journals(tmp_path) == []


def test_drafts_of_the_dead_are_swept_away(tmp_path: Path) -> None:
    """Who dies before the journal has its name leaves a draft, which goes; one being written stays."""
    (tmp_path / "dead.draft").write_bytes(b'["boot"')
    living = tmp_path / "living.draft"
    with living.open("wb") as written:
        fcntl.flock(written, fcntl.LOCK_EX)
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == [living]
    Journal.begin(tmp_path, "living").close()
    assert list(tmp_path.iterdir()) == [tmp_path / "living.journal"]


def test_draft_swept_away_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender whose draft another process takes for a dead one's begins again, and has a journal."""
    lock = fcntl.flock
    taken: list[int] = []

    def late(descriptor: int, how: int) -> None:
        if not taken:
            taken.append(descriptor)
            sweep(tmp_path)
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    Journal.begin(tmp_path, "owner").close()
    assert taken
    assert journals(tmp_path) == [tmp_path / "owner.journal"]


def test_journal_of_another_boot_is_incomplete(tmp_path: Path) -> None:
    """When the machine itself went down, the last lines may be missing, and the account says so."""
    (tmp_path / "owner.journal").write_text('["boot","another"]\n["w",1,1]\n')
    account = read(tmp_path / "owner.journal")
    assert (account.is_complete, account.outcomes) == (False, {Claim(1, 1): None})


def test_journal_on_a_full_disk_is_refused(tmp_path: Path) -> None:
    """When the line cannot be written, a sentence says so, and the letter's body must not begin."""
    journal = Journal(Path("/dev/full"), os.open("/dev/full", os.O_WRONLY))
    with pytest.raises(JournalUnwritable) as refusal:
        journal.on_wire(Claim(1, 1))
    assert str(refusal.value) == (
        "The journal of the sending cannot be written (no space left on device), so nothing more is sent."
    )
    journal.close()
