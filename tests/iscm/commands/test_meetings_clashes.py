"""`iscm meetings clashes`: what clashes, whom a planned date would hurt, and what is wrong use."""

import pytest

from models import Database
from tests.iscm.commands.record_commands import iscm, iscm_process

ADD = ("meetings", "add", "--title")
LIMA = ("--city", "Lima", "--country", "PE", "--kind", "plenary")


def _fill(database: Database) -> None:
    """Two American processes that share States overlap; a third is not known to."""
    said = (
        ("Plenary of SACM", "sacm", "2127-05-03", "2127-05-05", *LIMA),
        ("Quito plenary", "quito-process", "2127-05-05", "2127-05-06", *LIMA),
        ("A cancelled one", "quito-process", "2127-05-05", "2127-05-06", "--status", "cancelled"),
        ("Only a month", "quito-process", "2127-05", "2127-05"),
    )
    for title, mechanism, first, last, *more in said:
        dates = ("--from", first, "--to", last)
        assert iscm(database, *ADD, title, "--mechanism", mechanism, *dates, *more).code == 0


def test_clashes_are_listed(registry: Database) -> None:
    """As a table of lines, and whole as JSON: both meetings, when both go on, which States and how many."""
    _fill(registry)
    listed = iscm_process(
        registry, "meetings", "clashes", "--from", "2127-01-01", "--to", "2127-12-31", "--json"
    )
    assert (listed.code, listed.err) == (0, "")
    (row,) = listed.json
    assert (row["first"]["title"], row["second"]["title"]) == ("Plenary of SACM", "Quito plenary")
    assert (row["from"], row["to"]) == ("2127-05-05T05:00:00+00:00", "2127-05-06T05:00:00+00:00")
    assert row["number"] == len(row["states"]) > 5
    assert row["states"] == sorted(row["states"])
    assert row["states_not_known_of"] == []
    contract = {"slug", "uid", "title", "mechanisms", "start", "end", "precision", "zone", "status", "kind"}
    assert contract | {"city", "country"} == set(row["first"])
    table = iscm(registry, "meetings", "clashes").out.splitlines()
    assert [line.split("\t")[3] for line in table] == ["States", str(row["number"])]


def test_nothing_that_clashes_is_no_failure(registry: Database) -> None:
    """An empty list, and 0."""
    listed = iscm(registry, "meetings", "clashes", "--from", "2190-01-01", "--json")
    assert (listed.code, listed.json) == (0, [])


def test_planned_date_is_tried(registry: Database) -> None:
    """Whom it hurts, how many, and the nearest free weeks before and after."""
    _fill(registry)
    try_ = ("meetings", "clashes", "--try", "2127-05-05..2127-05-06", "--mechanism", "SACM")
    found = iscm(registry, *try_, "--mechanism", "rabat process", "--json").json
    assert (found["first"], found["last"], found["states_not_known_of"]) == (
        "2127-05-05",
        "2127-05-06",
        ["rabat-process"],
    )
    assert [one["title"] for one in found["meetings"]] == ["Plenary of SACM", "Quito plenary"]
    assert found["number"] == 12
    assert [(week["first"], week["number"]) for week in found["weeks"]] == [
        ("2127-04-14", 0),
        ("2127-04-21", 0),
        ("2127-04-28", 0),
        ("2127-05-12", 0),
        ("2127-05-19", 0),
        ("2127-05-26", 0),
    ]
    said = iscm(registry, *try_).out.splitlines()
    assert said[0] == "2127-05-05..2127-05-06: 2 meetings, 12 States."
    assert said[-1] == "  2127-05-26..2127-05-27: 0 meetings, 0 States"
    # In Japan the seventh begins while it is still the sixth in Lima.
    early = ("meetings", "clashes", "--try", "2127-05-07", "--mechanism", "sacm", "--json")
    hurt = [iscm(registry, *early, *more).json["meetings"] for more in ((), ("--country", "JP"))]
    assert [[one["title"] for one in found] for found in hurt] == [[], ["Quito plenary"]]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--try", "2127-05-05"), 2, "--try needs --mechanism"),
        (("--try", "2127-05", "--mechanism", "sacm"), 2, "is not written like"),
        (("--try", "2127-05-05..", "--mechanism", "sacm"), 2, "is not written like"),
        (("--try", "2127-05-06..2127-05-05", "--mechanism", "sacm"), 2, "lies before the start"),
        (("--try", "tomorrow", "--mechanism", "sacm"), 2, "is not a date this program reads"),
        (("--try", "2127-02-30", "--mechanism", "sacm"), 2, "is not a date that exists"),
        (("--mechanism", "sacm"), 2, "belong to --try"),
        (("--try", "2127-05-05", "--mechanism", "sacm", "--from", "2127-05-01"), 2, "leave out --from"),
        (("--from", "2127-05-05", "--to", "2127-05-04"), 2, "lies before --from"),
        (("--try", "2127-05-05", "--mechanism", "nobody"), 1, "There is no mechanism “nobody”"),
        (("--try", "2127-05-05", "--mechanism", "sacm", "--country", "XX"), 1, "XX"),
    ],
)
def test_wrong_use_is_told(
    sqlite_registry: Database, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """2 for what cannot be meant, 1 for what nothing on record is called."""
    ran = iscm(sqlite_registry, "meetings", "clashes", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
