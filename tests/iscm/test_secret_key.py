"""The secret key when several processes start at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from iscm.secret_key import kept_secret_key


def test_starts_at_one_time_end_with_one_key(tmp_path: Path) -> None:
    """However many make the key together, all have the same one, and no draft is left."""
    with ThreadPoolExecutor(16) as threads:
        keys = set(threads.map(kept_secret_key, [tmp_path] * 64))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_key_in_a_folder_that_cannot_be_made_raises(tmp_path: Path) -> None:
    """The error names the place, so that the setting can be told."""
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        kept_secret_key(tmp_path / "file" / "data")
