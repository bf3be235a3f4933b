"""Command-line tests start from no settings and an empty folder."""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def bare_folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The current folder: empty, with no ISCM_ variable set."""
    for name in [name for name in os.environ if name.startswith("ISCM_")]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("bare")
    monkeypatch.chdir(folder)
    return folder
