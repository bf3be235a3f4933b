"""`iscm dkim`: a key is made, and its record is printed for DNS."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from iscm.commands import command
from models.refusal import Refusal
from newsletter.dkim.key import read_key
from newsletter.dkim.record import faults_of
from tests.signing import key, pem


def test_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """It signs, nobody else can read it, and a key that is there is never written over."""
    file = tmp_path / "dkim.pem"
    assert CliRunner().invoke(command, ["dkim", "key", str(file)]).exit_code == 0
    kept = file.read_bytes()
    assert (read_key(kept).bits, stat.S_IMODE(file.stat().st_mode)) == (2048, 0o600)
    with pytest.raises(Refusal, match="is there already, and is kept"):
        CliRunner().invoke(command, ["dkim", "key", str(file)], catch_exceptions=False)
    assert file.read_bytes() == kept


def test_record_is_printed_for_the_key_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name and value, and the line of a zone file; with no key set, it says what to set."""
    monkeypatch.setenv("ISCM_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(Refusal, match="Make one with: iscm dkim key FILE"):
        CliRunner().invoke(command, ["dkim", "record"], catch_exceptions=False)
    (tmp_path / "dkim.pem").write_bytes(pem())
    monkeypatch.setenv("ISCM_DKIM_KEY_FILE", str(tmp_path / "dkim.pem"))
    monkeypatch.setenv("ISCM_DKIM_SELECTOR", "Letters2026")
    monkeypatch.setenv("ISCM_DKIM_DOMAIN", "ISCM.example")
    said = CliRunner().invoke(command, ["dkim", "record"], catch_exceptions=False).stdout
    record = json.loads(CliRunner().invoke(command, ["dkim", "record", "--json"]).stdout)
    assert record["name"] == "letters2026._domainkey.iscm.example"
    assert list(faults_of([record["value"]], key())) == []
    assert said == (
        f"name   {record['name']}\ntype   TXT\nvalue  {record['value']}\n\n{record['zone_line']}\n"
    )
