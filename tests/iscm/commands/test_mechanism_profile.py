"""`iscm mechanisms change` on what a profile says: its objectives and who chaired it before."""

from models import Database
from tests.iscm.commands.record_commands import iscm


def _term(state: str, since: str | None, until: str | None, *, role: str = "chair") -> dict[str, object]:
    return {"states": [{"state": state, "role": role}], "since": since, "until": until, "where": None}


def test_chair_that_leaves_is_kept_as_a_former_one(registry: Database) -> None:
    """A new term moves the one on record before the earlier ones; a corrected chair moves nothing."""
    change = ("mechanisms", "change", "midwa", "--json")
    assert iscm(registry, *change, "--chair", "GH", "--chair-since", "2025").json["former_chairs"] == []
    assert iscm(registry, *change, "--chair", "SN").json["former_chairs"] == []
    row = iscm(registry, *change, "--chair", "BJ", "--chair-since", "2027-01").json
    assert (row["chair"], row["former_chairs"]) == (_term("BJ", "2027-01", None), [_term("SN", None, None)])


def test_former_chairs_are_named_whole(registry: Database) -> None:
    """The list given takes the place of the one on record; more than three parts are wrong use."""
    change = ("mechanisms", "change", "midwa", "--json")
    terms = ("--former-chair", "GH:co-chair,2024,2025-06", "--former-chair", "SN")
    assert iscm(registry, *change, *terms).json["former_chairs"] == [
        _term("GH", "2024", "2025-06", role="co-chair"),
        _term("SN", None, None),
    ]
    assert iscm(registry, *change, "--former-chair", "").json["former_chairs"] == []
    wrong = iscm(registry, *change, "--former-chair", "GH,2024,2025,2026")
    assert (wrong.code, wrong.err.splitlines()[-1]) == (
        2,
        "Error: The former chair “GH,2024,2025,2026” must be written CODE:ROLE,SINCE,UNTIL.",
    )


def test_objectives_are_kept_as_written(registry: Database) -> None:
    """A mechanism says what it is for; an empty text takes it back."""
    change = ("mechanisms", "change", "midwa", "--json")
    assert iscm(registry, *change, "--objectives", "To talk.").json["objectives"] == "To talk."
    assert iscm(registry, *change, "--objectives", "").json["objectives"] is None
