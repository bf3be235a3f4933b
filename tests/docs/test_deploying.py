"""What docs/deploying.md has people install: the units, the settings, the proxy, the container's steps."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from iscm.settings import Settings
from tests.docs.nginx import DEPLOYING, nginx
from tests.journeys.house import Answer, House, free_port, until
from tests.system_packages import missing

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
FEED = "/feeds/mechanism/bali-process.ics"
TOLD = (
    "content-type", "content-disposition", "etag", "last-modified", "cache-control", "link",
    "access-control-allow-origin", "x-content-type-options", "x-robots-tag", "content-length",
)  # fmt: skip


@contextmanager
def _proxy(folder: Path, *, service: int) -> Iterator[House]:
    """Run nginx with the configuration of the docs, on loopback and without TLS, before a service's port."""
    port = free_port()
    text = (DEPLOYING / "nginx.conf").read_text()
    # The server that only leads from http to https goes; the other one listens here.
    text = text.replace(text[text.index("server {\n  listen 80;") : text.index("server {\n  listen 443")], "")
    text = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r" *(listen \[::\]:443|ssl_)[^\n]*\n", "", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{service}").replace(
        "/var/cache/nginx/iscm", f"{folder}/cache"
    )
    (folder / "site.conf").write_text(text)
    with nginx(folder, port=port, http=f"include {folder}/site.conf;", asked="/healthz") as proxy:
        yield proxy


def _told(answer: Answer) -> tuple[int, dict[str, str | None], bytes]:
    return answer.status, {name: answer.headers.get(name) for name in TOLD}, answer.body


def test_proxy_passes_feeds_on_unchanged_and_answers_for_a_service_that_is_gone(tmp_path: Path) -> None:
    """A calendar program sees behind nginx what it sees before it, conditional requests too, and no error."""
    house = House(tmp_path, settings={"ISCM_TRUSTED_PROXIES": "127.0.0.1"})
    house.run("database", "upgrade")
    house.run("reference", "load")
    (tmp_path / "nginx").mkdir(mode=0o755)
    with _proxy(tmp_path / "nginx", service=house.port) as proxy:
        with house.serving():
            until(lambda: house.ask(FEED).status == 200, seconds=30, what="the feed is published")
            before = house.ask(FEED)
            assert _told(proxy.ask(FEED)) == _told(before)
            assert proxy.ask(FEED, method="HEAD").headers["etag"] == before.headers["etag"]
            held = {"If-None-Match": f'"other", W/{before.headers["etag"]}'}
            assert proxy.ask(FEED, headers=held).status == 304
            since = {"If-Modified-Since": before.headers["last-modified"]}
            assert proxy.ask(FEED, headers=since).status == 304
            page = house.ask("/mechanisms/bali-process")
            assert (proxy.ask("/mechanisms/bali-process").body, page.status) == (page.body, 200)
            closed = {path: proxy.ask(path).status for path in ("/metrics", "/mailbox", "/mailbox/x")}
            assert closed == dict.fromkeys(closed, 404)
        assert _told(proxy.ask(FEED)) == _told(before)
        assert proxy.ask(FEED, headers=held).status == 304
        assert proxy.ask("/mechanisms").status == 502


@pytest.mark.parametrize("name", ["iscm.service", "iscm-zones.service", "iscm-zones.timer"])
def test_units_are_understood_by_systemd(name: str, tmp_path: Path) -> None:
    """Nothing is wrong with a unit in the eyes of systemd, its program being where the docs install it."""
    verify = shutil.which("systemd-analyze")
    if verify is None:
        missing("systemd-analyze")
    here = Path(sys.executable).parent
    for unit in DEPLOYING.glob("iscm*.*"):
        text = unit.read_text().replace("/opt/iscm/bin", str(here))
        (tmp_path / unit.name).write_text(
            text.replace("/usr/bin/systemctl", shutil.which("true") or "/bin/true")
        )
    (tmp_path / "iscm.env").touch()
    said = subprocess.run(
        [verify, "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    about = [line for line in said.stderr.splitlines() if "iscm" in line]
    assert (said.returncode, about) == (0, [])


def test_unit_starts_commands_of_the_program() -> None:
    """Each command of the service's unit is one the program has."""
    orders = re.findall(
        r"^ExecStart(?:Pre)?=/opt/iscm/bin/iscm (.+)$", (DEPLOYING / "iscm.service").read_text(), re.MULTILINE
    )
    assert orders == ["database upgrade", "reference load", "serve"]
    for order in orders:
        subprocess.run(
            [sys.executable, "-m", "iscm", *shlex.split(order), "--help"], check=True, capture_output=True
        )


def test_settings_of_the_example_are_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every name in the example file is a setting, and the values there are good ones."""
    monkeypatch.chdir(tmp_path)
    given = dict(
        line.split("=", 1)
        for line in (DEPLOYING / "iscm.env").read_text().splitlines()
        if line and line[0] != "#"
    )
    names = {f"ISCM_{name.upper()}" for name in Settings.model_fields}
    assert set(given) - names == set()
    for name, value in given.items():
        monkeypatch.setenv(name, str(tmp_path) if name == "ISCM_DATA_DIR" else shlex.split(value)[0])
    settings = Settings()
    assert (settings.base_url, settings.mail_from) == (
        "https://iscm.example.org",
        "ISCM Highlights <highlights@example.org>",
    )


def test_container_holds_every_room_and_takes_the_steps_of_the_page() -> None:
    """What the image copies is what the wheel is made of, and it installs with the commands of the docs."""
    text = (ROOT / "Containerfile").read_text()
    copied = {
        word.removeprefix("./")
        for words in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
        for word in words.split()
    }
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert copied == {*rooms["only-include"], "pyproject.toml", "README.md", "LICENSE", "locks"}
    kept = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    assert kept == copied
    steps = re.findall(r"^RUN (/opt/iscm/bin/pip .+)$", text, re.MULTILINE)
    on_page = [line.strip() for line in PAGE.splitlines() if line.startswith("    /opt/iscm/bin/pip")]
    assert [step.replace("--no-cache-dir ", "") for step in steps] == on_page[: len(steps)]


@pytest.mark.soak
def test_steps_of_the_page_install_the_program(tmp_path: Path) -> None:
    """The commands of the first chapter, run as written in a clone, give a program that says its version."""
    clone, target = tmp_path / "clone", tmp_path / "opt"
    git = shutil.which("git") or "git"
    subprocess.run([git, "clone", "--quiet", str(ROOT), str(clone)], check=True)
    chapter = PAGE.split("## 1. Install")[1].split("## 2.")[0]
    steps = [
        line.strip() for line in chapter.splitlines() if line.startswith("    ") and "apt-get" not in line
    ]
    assert len(steps) == 4
    for step in steps:
        words = shlex.split(step.replace("/opt/iscm", str(target)).replace("python3 ", f"{sys.executable} "))
        subprocess.run(words, cwd=clone, check=True)
    said = subprocess.run(
        [target / "bin" / "iscm", "--version"], check=True, capture_output=True, text=True
    ).stdout
    assert re.search(r"\d+\.\d+", said)
