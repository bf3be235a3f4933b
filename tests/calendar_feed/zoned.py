"""Processes that have another release of the zone data installed: real files of two releases."""

import os
import shutil
import subprocess
import sys
from functools import cache
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "zone_data"
RELEASES = {"2026b": "2026.2", "2026c": "2026.3"}
"""Before and after Morocco left UTC+1 on 20 September 2026: IANA's name, and the package's version."""


def install_zones(release: str, folder: Path) -> Path:
    """Make a folder that, put before all others, has a process use that release; return it.

    The zones that are tested are the release's own files; all others are those of the package installed here.
    """
    home = folder / release
    if not home.exists():
        package = home / "tzdata"
        shutil.copytree(str(resources.files("tzdata")), package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(DATA / release, package / "zoneinfo", dirs_exist_ok=True)
        version = RELEASES[release]
        (package / "__init__.py").write_text(f'IANA_VERSION = "{release}"\n__version__ = "{version}"\n')
        facts = home / f"tzdata-{version}.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tzdata\nVersion: {version}\n")
    return home


def run_with_zones(home: Path, program: str, *arguments: str) -> str:
    """Run a Python program with the zones of a folder; return what it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment_of(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@cache
def environment_of(home: Path) -> dict[str, str]:
    """The environment in which a process finds the zones of a folder first."""
    return {**os.environ, "PYTHONPATH": f"{home}{os.pathsep}{ROOT}"}
