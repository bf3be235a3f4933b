"""The wheel: what is in it, and that it works where nothing else of ours is."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("calendar_feed", "models", "newsletter", "scheduler", "templates", "web")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built by the hatchling that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    build: list[str | Path] = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder,
        ROOT,
    ]
    subprocess.run(build, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


def _sources(room: str, *, under: str) -> set[str]:
    files = (file for file in (ROOT / room).rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {f"{under}{file.relative_to(ROOT).as_posix()}" for file in files}


def test_wheel_holds_every_file_of_every_room(wheel: Path) -> None:
    """Code, templates, static files, migrations, registry: all below iscm/, and nothing else."""
    found = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = _sources("iscm", under="").union(*(_sources(room, under="iscm/app/") for room in ROOMS))
    assert found == expected
    assert {
        "iscm/app/models/reference/meetings.json",
        "iscm/app/models/migrations/env.py",
        "iscm/app/templates/environment.py",
    } <= found


def test_wheel_works_in_an_empty_environment_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Only iscm/ lands in site-packages, and the command makes and fills a database from there."""
    place = tmp_path / "environment"
    venv.create(place, with_pip=False, symlinks=True)
    python, site = place / "bin" / "python", Path(_site_packages(place))
    _install(wheel, python=python)
    assert sorted(path.name.split("-")[0] for path in site.iterdir()) == ["iscm", "iscm_service"]

    # What we depend on is lent by this environment; a path in a .pth file does not bring along the .pth files
    # in it, so the checkout itself stays out of sight.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = _run([python, "-c", "import iscm, models; print(models.__file__)"], folder=elsewhere)
    assert where == f"{site}/iscm/app/models/__init__.py\n"
    assert _run([place / "bin" / "iscm", "--version"], folder=elsewhere) == "iscm 0.1.0\n"
    assert "newsletter" in _run([place / "bin" / "iscm", "--help"], folder=elsewhere)
    _run([place / "bin" / "iscm", "database", "upgrade"], folder=elsewhere)
    _run([place / "bin" / "iscm", "reference", "load"], folder=elsewhere)
    mechanisms = json.loads(_run([python, "-m", "iscm", "mechanisms", "list", "--json"], folder=elsewhere))
    assert len(mechanisms) == 35
    assert sorted(path.name for path in elsewhere.iterdir()) == ["data"]


def _install(wheel: Path, *, python: Path) -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
    ]
    subprocess.run([*pip, str(wheel)], check=True)


def _site_packages(place: Path) -> str:
    return sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)})


def _run(words: list[str | Path], *, folder: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ISCM_", "PYTHON"))}
    done = subprocess.run(words, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
