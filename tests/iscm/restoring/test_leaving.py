"""A restored backup undoes nobody's leaving."""

from datetime import timedelta
from pathlib import Path

import pytest

from iscm.restoring.files import AnotherKey
from iscm.settings import Settings, load_settings
from models import SubscriberState
from models.database import Database
from models.departures import Departures, Line
from newsletter.keys import Keys
from newsletter.suppression import address_hash, suppressed_among
from tests.archives import SECRET
from tests.iscm.restoring.machines import LATER, NOW, MachineOf, back_up, bring_back, depart, states


def test_who_left_since_stays_gone_on_the_same_machine(home: Settings, tmp_path: Path) -> None:
    """The file in the data folder knows; who left before the backup and who did not are as they were."""
    depart(home, "reader1@example.org", now=NOW)
    path = back_up(home, tmp_path / "a.tar.gz")
    depart(home, "reader2@example.org", now=NOW + timedelta(hours=1))
    done = bring_back(home, path, force=True)
    assert states(home) == {
        "reader1@example.org": SubscriberState.LEFT,
        "reader2@example.org": SubscriberState.LEFT,
        "reader3@example.org": SubscriberState.CONFIRMED,
    }
    assert done.replayed.left == 1
    assert len(Departures(home.data_dir / "departures").read()) == 2
    database = Database(home.database_url)
    with database.reading() as session:
        gone = suppressed_among(session, Keys(SECRET), list(states(home)))
    database.close()
    assert gone.keys() == {"reader1@example.org", "reader2@example.org"}


def test_the_departures_of_another_machine_are_heard(
    home: Settings, machine: MachineOf, tmp_path: Path
) -> None:
    """Given by --departures they count, and stand in this machine's file from then on."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away")
    other = Departures(tmp_path / "other machine")
    line = Line(LATER, "left", address_hash(Keys(SECRET), "reader3@example.org"))
    other.append([line])
    assert bring_back(away, path, given=(other.path,)).replayed.left == 1
    assert states(away)["reader3@example.org"] is SubscriberState.LEFT
    assert Departures(away.data_dir / "departures").read() == [line]


def test_a_key_under_which_people_left_is_never_lost(
    home: Settings, machine: MachineOf, tmp_path: Path
) -> None:
    """Without force it is refused; with it key and departures are kept aside, and still count."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away")
    other = "the key of this machine, forty characters"
    (away.data_dir / "secret_key").write_text(other)
    away = load_settings(data_dir=away.data_dir)
    Departures(away.data_dir / "departures").append(
        [
            Line(LATER, "left", address_hash(Keys(other), "reader2@example.org")),
            Line(LATER, "begun", "2026"),
        ]
    )
    with pytest.raises(AnotherKey, match=r"With --force"):
        bring_back(away, path)
    assert not (away.data_dir / "iscm.db").exists()
    done = bring_back(away, path, force=True)
    assert states(away)["reader2@example.org"] is SubscriberState.LEFT
    assert done.held == []  # the issue was another house's
    assert sorted(one.name.partition(".")[0] for one in done.aside) == ["departures", "secret_key"]
    assert {one.read_text().strip() for one in done.aside if one.name.startswith("secret")} == {other}


def test_a_key_that_is_a_setting_must_be_the_archives(
    home: Settings, machine: MachineOf, tmp_path: Path
) -> None:
    """A restore cannot change the environment, so it says what to set, and force is no way around it."""
    path = back_up(home, tmp_path / "a.tar.gz")
    with pytest.raises(AnotherKey, match=r"set it to the archive's: tar --extract"):
        bring_back(machine("away", secret_key="x" * 40), path, force=True)
    same = machine("same", secret_key=SECRET)
    bring_back(same, path)
    assert not (same.data_dir / "secret_key").exists()
