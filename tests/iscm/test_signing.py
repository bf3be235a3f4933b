"""The key of the settings signs what commands and the clock send."""

from pathlib import Path

import pytest

from iscm.letter import stationery_of
from iscm.post_office import post_office_of
from iscm.settings import BadSetting, load_settings
from iscm.signing import signer_of
from models import Database
from tests.signing import key, pem


def test_every_way_out_has_the_signer_of_the_settings(sqlite_database: Database, tmp_path: Path) -> None:
    """With a key the office and trial copies sign by it, without one nobody does; a lost key is told."""
    data = {"data_dir": tmp_path / "data"}
    plain = load_settings(**data)
    assert (post_office_of(plain, sqlite_database).signer, stationery_of(plain).signer) == (None, None)
    file = tmp_path / "dkim.pem"
    file.write_bytes(pem())
    signing = load_settings(
        **data, dkim_key_file=file, dkim_domain="iscm.example", dkim_selector="letters2026"
    )
    for signer in (post_office_of(signing, sqlite_database).signer, stationery_of(signing).signer):
        assert signer is not None
        assert (signer.domain, signer.selector, signer.key.public) == (
            "iscm.example",
            "letters2026",
            key().public,
        )
    file.write_text("-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(BadSetting, match="DKIM_KEY_FILE cannot be used: the file holds no private key"):
        signer_of(signing)
    file.unlink()
    with pytest.raises(BadSetting, match="DKIM_KEY_FILE cannot be used: the file cannot be read"):
        signer_of(signing)
