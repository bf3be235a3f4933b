"""The programs we are measured beside: fetched from Debian's packages and PyPI into a folder of their own.

Nothing is installed on the machine: packages are unpacked below `.bench/`, started by hand and stopped again.
Run as a file it fetches the peers it is told; it needs nothing but Python.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".bench"
_ROOT = FOLDER / "root"
_PACKAGES = {
    "nginx": ["nginx", "libpcre2-8-0"],
    "wrk": ["wrk", "libluajit-5.1-2"],
    "smtp-source": ["postfix", "libdb5.3", "libicu72", "libnsl2", "libsasl2-2"],
    "smtp-sink": ["postfix", "libdb5.3", "libicu72", "libnsl2", "libsasl2-2"],
}
_LIBRARIES = (
    "usr/lib/x86_64-linux-gnu",
    "usr/lib/aarch64-linux-gnu",
    "lib/x86_64-linux-gnu",
    "lib/aarch64-linux-gnu",
    "usr/lib/postfix",
)


class NoPeer(Exception):  # noqa: N818 - it says what is missing
    """A program to be measured beside cannot be had on this machine; the message says why."""


def program(name: str) -> str:
    """Return the path of a peer: the machine's own where it has it, else one unpacked for this.

    Raises NoPeer where neither can be.
    """
    there = found(name)
    if there is None:
        _fetch(_PACKAGES[name])
        there = found(name)
    if there is None:
        raise NoPeer(f"{name} is not in the packages {', '.join(_PACKAGES[name])}.")
    return there


def found(name: str) -> str | None:
    """Return the path of a peer that is on the machine or was unpacked before; None where it is neither."""
    if own := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return own
    places = (_ROOT / folder / name for folder in ("usr/sbin", "usr/bin"))
    return next((str(place) for place in places if place.exists()), None)


def surroundings() -> dict[str, str]:
    """Return the environment in which unpacked programs find their libraries."""
    folders = [str(_ROOT / folder) for folder in _LIBRARIES if (_ROOT / folder).is_dir()]
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}


def radicale() -> str:
    """Return the Python that has Radicale, in an environment of its own; made when it is not there yet."""
    return _python_with("radicale", "radicale>=3.5,<4")


def django() -> str:
    """Return the Python that has Django, in an environment of its own; made when it is not there yet."""
    return _python_with("django", "django>=5.2,<6")


def nodemailer() -> tuple[str, Path]:
    """Return node and the folder that has nodemailer, fetched by npm when it is not there yet."""
    folder = FOLDER / "nodemailer"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NoPeer("nodemailer needs node and npm, which this machine has not.")
    if not (folder / "node_modules" / "nodemailer").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        order = [
            npm,
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(folder),
            "nodemailer@^7",
        ]
        if subprocess.run(order, check=False).returncode:
            raise NoPeer("nodemailer could not be installed from npm's registry.")
    return node, folder


def _python_with(package: str, wanted: str) -> str:
    python = FOLDER / package / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True)
    if not list(python.parent.parent.glob(f"lib/python*/site-packages/{package}")):
        order = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
        if subprocess.run(order, check=False).returncode:
            raise NoPeer(f"{package} could not be installed from the package index.")
    return str(python)


def _fetch(packages: list[str]) -> None:
    """Download the packages and unpack them; one that this release has under another name is passed over."""
    if shutil.which("apt-get") is None:
        raise NoPeer("Peers come from Debian's packages, and this machine has no apt-get.")
    store = FOLDER / "packages"
    store.mkdir(parents=True, exist_ok=True)
    for package in packages:
        order = ["apt-get", "--quiet=2", "-o", "APT::Sandbox::User=root", "download", package]
        subprocess.run(order, cwd=store, check=False, stdout=subprocess.DEVNULL)
    _ROOT.mkdir(exist_ok=True)
    for file in sorted(store.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(file), str(_ROOT)], check=True)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        sys.stdout.write(f"{wanted}: {program(wanted)}\n")
