"""`iscm meetings`: what an editor or a script does with meetings, from the first entry to the deletion."""

from sqlalchemy import select

from models import Database, Revision
from tests.iscm.commands.record_commands import iscm, iscm_process

ADD = ("meetings", "add", "--mechanism", "midsa", "--title", "Ministerial Conference of MIDSA")
PLACE = ("--city", "Lusaka", "--country", "ZM", "--kind", "ministerial")
SLUG = "midsa-2027-ministerial"


def test_meeting_lives_its_life_on_the_command_line(registry: Database) -> None:
    """Added, moved, postponed, put on again, cancelled, deleted, by any process: each leaves a revision."""
    added = iscm_process(registry, *ADD, "--from", "2027-06-08", "--to", "2027-06-10", *PLACE)
    assert (added.code, added.out, added.err) == (0, f"{SLUG}\n", "")
    (row,) = iscm_process(registry, "meetings", "list", "--coming", "--json").json
    uid = row["uid"]
    contract = {
        "slug": SLUG,
        "uid": uid,
        "title": "Ministerial Conference of MIDSA",
        "mechanisms": ["midsa"],
        "start": "2027-06-08",
        "end": "2027-06-10",
        "precision": "day",
        "zone": None,
        "status": "planned",
        "kind": "ministerial",
        "city": "Lusaka",
        "country": "ZM",
    }
    assert {name: row[name] for name in contract} == contract
    steps = [
        (("change", SLUG, "--from", "2027-06-15", "--to", "2027-06-17"), "planned", "2027-06-15"),
        (("postpone", SLUG, "--reason", "Elections"), "postponed", "2027-06-15"),
        (("change", SLUG, "--from", "2027-09"), "confirmed", "2027-09"),
        (("cancel", SLUG, "--reason", "No quorum"), "cancelled", "2027-09"),
    ]
    for arguments, status, start in steps:
        changed = iscm(registry, "meetings", *arguments, "--json")
        assert (changed.code, changed.err) == (0, "")
        assert (changed.json["uid"], changed.json["status"], changed.json["start"]) == (uid, status, start)
    deleted = iscm(registry, "meetings", "delete", SLUG)
    assert (deleted.code, deleted.out, deleted.err) == (0, f"{SLUG}: deleted.\n", "")
    assert iscm(registry, "meetings", "list", "--coming", "--json").json == []
    with registry.reading() as session:
        acts = session.execute(
            select(Revision.editor, Revision.act).where(Revision.code == SLUG).order_by(Revision.id)
        )
        assert [tuple(row) for row in acts] == [
            ("Ana", "added"),
            *[("Ana", "changed")] * 4,
            ("Ana", "deleted"),
        ]


def test_past_meeting_is_marked_as_held(registry: Database) -> None:
    """A meeting that was only announced becomes a held one; one that is still to come does not."""
    slug = "abu-dhabi-dialogue-20260201-ministerial"
    assert iscm(registry, "meetings", "held", slug).out == f"{slug}: held.\n"
    iscm(registry, *ADD, "--from", "2127-06-08")
    refused = iscm(registry, "meetings", "held", "midsa-2127-meeting")
    assert (refused.code, refused.out, refused.err) == (
        1,
        "",
        (
            "iscm: The meeting begins on 2127-06-08, so it cannot have been held yet. "
            "Change its dates first if they are wrong.\n"
        ),
    )


def test_hours_are_taken_with_their_zone(registry: Database) -> None:
    """A meeting with hours keeps wall clock and zone; moved by its start alone, it lasts as long."""
    added = iscm(
        registry,
        *ADD,
        "--from",
        "2027-03-17 09:30",
        "--to",
        "2027-03-17 17:00",
        "--zone",
        "europe/brussels",
        "--json",
    )
    when = ("start", "end", "precision", "zone")
    assert [added.json[name] for name in when] == [
        "2027-03-17T09:30",
        "2027-03-17T17:00",
        "moment",
        "Europe/Brussels",
    ]
    moved = iscm(registry, "meetings", "change", added.json["slug"], "--from", "2027-03-18 10:00", "--json")
    assert [moved.json[name] for name in when] == [
        "2027-03-18T10:00",
        "2027-03-18T17:30",
        "moment",
        "Europe/Brussels",
    ]
    assert moved.json["previous_when"]["start"] == "2027-03-17T09:30"


def test_everything_that_can_be_given_is_kept_and_can_be_emptied(registry: Database) -> None:
    """Each option sets its field, "" empties it, and what was not named stays as it is."""
    options = {
        "--reason": "Announced by SADC",
        "--mode": "hybrid",
        "--venue": "Mulungushi",
        "--city": "Lusaka",
        "--country": "zm",
        "--point": "-15.4,28.3",
        "--host": "ZM",
        "--join-link": "https://meet.example.org/x",
        "--url": "https://example.org/x",
        "--theme": "Skills",
        "--tag": "labour",
        "--session": "Opening 09:00",
        "--local-times": "from 09:00",
        "--interpretation": "English, Portuguese",
        "--source": "Letter",
        "--notes": "Ask again",
    }
    given = [word for pair in options.items() for word in pair]
    row = iscm(registry, *ADD, "--from", "2027-06-08", *given, "--json").json
    assert {
        name: row[name] for name in ("mode", "country", "latitude", "longitude", "themes", "sessions")
    } == {
        "mode": "hybrid",
        "country": "ZM",
        "latitude": -15.4,
        "longitude": 28.3,
        "themes": ["labour"],
        "sessions": ["Opening 09:00"],
    }
    emptied = iscm(
        registry,
        "meetings",
        "change",
        row["slug"],
        *[word for name in options for word in (name, "")],
        "--json",
    ).json
    left = {name for name in row if emptied[name] != row[name]}
    assert {name: emptied[name] for name in left} == dict.fromkeys(left) | {"themes": [], "sessions": []}
    assert len(left) == len(options) + 1
    assert (emptied["title"], emptied["start"]) == (row["title"], row["start"])


def test_double_names_the_meeting_on_record(registry: Database) -> None:
    """The same meeting entered twice is refused, and the first one stays the only one."""
    assert iscm(registry, *ADD, "--from", "2027-06-08").code == 0
    ran = iscm(registry, *ADD, "--from", "2027-06-08")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "iscm: “Ministerial Conference of MIDSA” of the same mechanism on the same dates is on record "
        "already as midsa-2027-meeting (planned). Change that one, or give another title.\n"
    )


def test_zone_without_hours_is_told_not_to_be_kept(registry: Database) -> None:
    """A zone given with whole days is checked, not kept, and that is said; the meeting is added."""
    ran = iscm(registry, *ADD, "--from", "2027-06-08", "--zone", "Africa/Lusaka")
    assert (ran.code, ran.out) == (0, "midsa-2027-meeting\n")
    assert ran.err == "The zone is not kept: it belongs to hours, and these dates have none.\n"


def test_list_is_narrowed_and_holds_everything(registry: Database) -> None:
    """Without a filter all are listed, each filter narrows, and off a terminal rows are tab-separated."""
    assert len(iscm(registry, "meetings", "list", "--json").json) == 159
    grcp = iscm(registry, "meetings", "list", "--mechanism", "GRCP", "--year", "2017", "--json").json
    assert [row["slug"] for row in grcp] == ["grcp-20171010-grcp"]
    plain = iscm(registry, "meetings", "list", "--mechanism", "gfmd", "--from", "2020-01", "--to", "2020-01")
    assert plain.out == (
        "slug\tstart\tend\ttitle\tcity\tcountry\tstatus\n"
        "gfmd-20200120-summit\t2020-01-20\t2020-01-24\t12th GFMD Summit Meeting\tQuito\tEC\tconfirmed\n"
    )
