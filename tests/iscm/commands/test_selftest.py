"""`iscm selftest`: it counts what became of everybody, and touches nothing of the user's."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from iscm.commands.selftest import command


def test_selftest_leaves_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed twice, it tells the numbers as JSON; no folder, file or setting of the user's is touched."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "iscm.toml").write_text("this is not read")
    monkeypatch.setenv("ISCM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ISCM_DATABASE_URL", "nonsense, which is not read either")
    result = CliRunner().invoke(command, ["--kill", "2", "--connections", "2", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert [told[name] for name in ("kills", "policy", "letters", "lost", "duplicate", "adds_up")] == [
        2, "hold", 740, 0, 0, True,
    ]  # fmt: skip
    assert told["accepted"] + told["in_doubt"] == 740
    assert told["in_doubt"] <= 2 * 2
    assert told["violations"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["iscm.toml"]


@pytest.mark.parametrize("given", [[], ["--kill", "0"], ["--kill", "many"]])
def test_selftest_used_wrongly(given: list[str]) -> None:
    """Without a number of kills that makes sense it is wrong use."""
    assert CliRunner().invoke(command, given).exit_code == 2
