"""A backup comes back on any machine and database, all of it or nothing, and undoes nobody's leaving."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text

from calendar_feed.overview import check_feeds
from calendar_feed.publication import publish
from iscm.belongings import belongings_of, open_database
from iscm.restoring.files import AnotherKey
from iscm.restoring.restore import HoldsRecords, NoRoom, Restored, restore
from iscm.restoring.target import InUse
from iscm.settings import Settings, load_settings
from iscm.soundness import damage, errors
from models import Subscriber, SubscriberState
from models.archive.check import check_archive
from models.archive.placing import placed
from models.archive.tar import BadArchive
from models.archive.write import write_archive
from models.database import Database
from models.departures import Departures, Line
from newsletter.keys import Keys
from newsletter.subscription import leave_reader
from newsletter.suppression import address_hash, suppressed_among
from tests.archives import SECRET, all_rows, read_all, remade
from tests.letters import add_readers
from tests.postgresql import Server

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=12)
DOCUMENT = "d" * 64
# What a restore changes by intent, and what follows from it.
_RAISED = {"publication", "rendered", "renderings", "feeds", "feed_entries"}

MachineOf = Callable[..., Settings]


@pytest.fixture
def machine(tmp_path: Path, request: pytest.FixtureRequest) -> MachineOf:
    """Make the settings of a machine: a data folder of its own, and a database without tables."""

    def make(name: str, *, kind: str = "sqlite", **given: object) -> Settings:
        if kind == "postgresql":
            server: Server = request.getfixturevalue("postgresql")
            given["database_url"] = server.url(server.create())
        settings = load_settings(data_dir=tmp_path / name, **given)
        # The key is a setting only where a test says so.
        if "secret_key" not in given:
            (settings.data_dir / "secret_key").write_text(SECRET)
            settings = load_settings(data_dir=tmp_path / name, **given)
        return settings

    return make


@pytest.fixture
def home(tmp_path: Path, registry: Database) -> Settings:
    """A machine with the registry, three readers, a document and published feeds, on either database."""
    folder = tmp_path / "home"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / DOCUMENT).write_bytes(b"%PDF-1.7")
    (folder / "secret_key").write_text(SECRET)
    url = registry.url.render_as_string(hide_password=False)
    settings = load_settings(data_dir=folder, database_url=url)
    with registry.writing() as session:
        add_readers(session, 3)
        publish(session, now=NOW, base_url="http://127.0.0.1:8000", languages=settings.languages)
    registry.close()
    return settings


def back_up(settings: Settings, path: Path, *, now: datetime = NOW) -> Path:
    """Write a machine's archive."""
    database = open_database(settings)
    with placed(path) as out:
        write_archive(database, out, belongings=belongings_of(settings), program="1", now=now)
    database.close()
    return path


def bring_back(
    settings: Settings, path: Path, *, force: bool = False, given: tuple[Path, ...] = ()
) -> Restored:
    """Restore an archive on a machine."""
    archive = check_archive(path)
    return restore(settings, archive, departures=given, force=force, now=LATER, progress=lambda _rows: None)


def rows_of(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a machine's database."""
    database = Database(settings.database_url)
    rows = all_rows(database)
    database.close()
    return rows


def depart(settings: Settings, address: str, *, now: datetime) -> None:
    """Let a reader leave, as their link does."""
    database = open_database(settings)
    with database.writing() as session:
        reader = session.scalars(select(Subscriber).where(Subscriber.address == address)).one()
        leave_reader(session, Keys(settings.secret_key), reader, source="test", now=now)
    database.close()


def states(settings: Settings) -> dict[str, SubscriberState]:
    """How each reader stands."""
    database = Database(settings.database_url)
    with database.reading() as session:
        found = {one.address: one.state for one in session.scalars(select(Subscriber))}
    database.close()
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_moves_to_another_machine_and_either_database(
    home: Settings, machine: MachineOf, tmp_path: Path, kind: str
) -> None:
    """Every row, the key, the documents; feeds are sound, the search is whole, references hold."""
    depart(home, "reader1@example.org", now=NOW)
    before = rows_of(home)
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away", kind=kind)
    (away.data_dir / "secret_key").write_text("another key, made when iscm was first started here")
    away = load_settings(data_dir=away.data_dir, database_url=away.database_url)
    done = bring_back(away, path)

    after = rows_of(away)
    assert {name: len(rows) for name, rows in after.items()} == dict(done.manifest.rows)
    assert {name for name in after if after[name] != before[name]} <= _RAISED
    assert (away.data_dir / "secret_key").read_text().strip() == SECRET
    assert (away.data_dir / "documents" / DOCUMENT).read_bytes() == b"%PDF-1.7"
    assert (away.data_dir / "departures").read_bytes() == (home.data_dir / "departures").read_bytes()
    database = Database(away.database_url)
    with database.reading() as session:
        assert check_feeds(session) == []
    assert damage(database) + errors(database) == []
    database.close()
    assert [path.read_text()[:11] for path in done.aside] == ["another key"]


def test_records_are_replaced_only_by_force_and_a_file_is_kept(home: Settings, tmp_path: Path) -> None:
    """Without it nothing changes; with it the old file stands beside the new one."""
    path = back_up(home, tmp_path / "a.tar.gz")
    depart(home, "reader1@example.org", now=LATER)
    before = rows_of(home)
    with pytest.raises(HoldsRecords, match=r"then restore with --force"):
        bring_back(home, path)
    assert rows_of(home) == before
    done = bring_back(home, path, force=True)
    if home.database_url.startswith("sqlite"):
        old = Database(f"sqlite:///{done.aside[0]}")
        assert all_rows(old) == before
        old.close()
    else:
        assert done.aside == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_was_only_made_is_replaced_without_force(
    home: Settings, machine: MachineOf, tmp_path: Path, kind: str
) -> None:
    """Tables, the clock's notes and empty feeds are no records: nothing would be lost."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away", kind=kind)
    database = Database(away.database_url)
    database.upgrade()
    with database.writing() as session:
        publish(session, now=NOW, base_url="http://127.0.0.1:8000")
    database.close()
    bring_back(away, path)
    assert len(states(away)) == 3


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


def test_nothing_is_replaced_while_anybody_works_with_the_database(home: Settings, tmp_path: Path) -> None:
    """A service, a command: whoever has it open is found out, whatever is forced."""
    path = back_up(home, tmp_path / "a.tar.gz")
    before = rows_of(home)
    other = Database(home.database_url)
    with other.reading() as session:
        session.execute(text("SELECT 1 FROM publication")).all()
        with pytest.raises(InUse, match=r"Stop it, then restore"):
            bring_back(home, path, force=True)
    other.close()
    assert rows_of(home) == before
    bring_back(home, path, force=True)


def test_a_damaged_file_is_put_aside_by_force(home: Settings, machine: MachineOf, tmp_path: Path) -> None:
    """That is what a backup is for: it counts as one with records, and is kept all the same."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away")
    (away.data_dir / "iscm.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(HoldsRecords):
        bring_back(away, path)
    done = bring_back(away, path, force=True)
    assert done.aside[0].read_bytes() == b"no database at all" * 1000
    assert len(states(away)) == 3


def _with(rows: bytes, path: Path, to: Path) -> Path:
    return remade(path, to, {"tables/revisions.jsonl": rows})


def test_a_failure_half_way_leaves_everything_as_it_was(home: Settings, tmp_path: Path) -> None:
    """A row in the last third that does not fit: database, keys and folder are untouched."""
    good = back_up(home, tmp_path / "a.tar.gz")
    lines = read_all(good)["tables/revisions.jsonl"].splitlines(keepends=True)
    bad = _with(b"".join([*lines, lines[-1]]), good, tmp_path / "bad.tar.gz")
    before = rows_of(home)
    files = {file: file.stat().st_size for file in home.data_dir.rglob("*") if file.is_file()}
    with pytest.raises(BadArchive, match=r"its rows of revisions do not fit"):
        bring_back(home, bad, force=True)
    assert rows_of(home) == before
    after = {file: file.stat().st_size for file in home.data_dir.rglob("*") if file.is_file()}
    assert after == files
    assert not list(tmp_path.rglob(".*.part*"))


def test_a_newer_revision_is_refused(home: Settings, machine: MachineOf, tmp_path: Path) -> None:
    """Its tables are unknown here; the sentence says what to do."""
    path = back_up(home, tmp_path / "a.tar.gz")
    manifest = json.loads(read_all(path)["manifest.json"])
    newer = json.dumps({**manifest, "revision": "0999"}).encode()
    remade(path, tmp_path / "b.tar.gz", {"manifest.json": newer}, honest=False)
    with pytest.raises(BadArchive, match=r"newer release .*revision 0999"):
        bring_back(machine("away"), tmp_path / "b.tar.gz")


def test_a_disk_without_room_is_told_before_anything_is_done(
    home: Settings, machine: MachineOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In megabytes, and nothing is there afterwards."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1000))
    with pytest.raises(NoRoom, match=r"needs about \d+ MB .* and 0 MB are free"):
        bring_back(away, path)
    assert [file.name for file in away.data_dir.iterdir()] == ["secret_key"]


def test_journals_and_keys_of_another_history_are_put_aside(
    home: Settings, machine: MachineOf, tmp_path: Path
) -> None:
    """Journals tell of letters the record no longer has; the DKIM key comes into the data folder."""
    key = tmp_path / "dkim.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----")
    signing = {"dkim_selector": "a", "dkim_domain": "example.org", "dkim_key_file": key}
    own = load_settings(data_dir=home.data_dir, database_url=home.database_url, **signing)
    path = back_up(own, tmp_path / "a.tar.gz")
    away = machine("away")
    (away.data_dir / "journals").mkdir()
    (away.data_dir / "journals" / "one.journal").write_text("x")
    (away.data_dir / "dkim_key").write_text("older")
    done = bring_back(away, path)
    assert (away.data_dir / "dkim_key").read_text() == "-----BEGIN PRIVATE KEY-----"
    assert sorted(one.name.partition(".")[0] for one in done.aside) == ["dkim_key", "journals"]
    assert not (away.data_dir / "journals").exists()


def test_a_wal_of_the_old_file_never_meets_the_new_one(home: Settings, tmp_path: Path) -> None:
    """What a killed service left in it goes into the old file before that is put aside."""
    if not home.database_url.startswith("sqlite"):
        return
    path = back_up(home, tmp_path / "a.tar.gz")
    file = Path(home.database_url.removeprefix("sqlite:///"))
    _leave_a_wal(file)
    done = bring_back(home, path, force=True)
    old = sqlite3.connect(done.aside[0])
    assert old.execute("SELECT count(*) FROM regions WHERE slug = 'late'").fetchone() == (1,)
    old.close()
    assert len(states(home)) == 3


def _leave_a_wal(file: Path) -> None:
    """Leave a WAL with a committed row, as a process does that is killed."""
    copy = file.with_name("copy.db")
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("INSERT INTO regions (slug, name, position) VALUES ('late', 'Late', 99)")
    for ending in ("", "-wal"):
        shutil.copy(f"{file}{ending}", f"{copy}{ending}")
    connection.close()
    for ending in ("", "-wal"):
        Path(f"{copy}{ending}").replace(f"{file}{ending}")
