"""Feeds as files behind nginx, with the configuration of the docs: what a calendar program is answered."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from calendar_feed.on_disk.writing import write_feeds
from calendar_feed.publication import publish
from calendar_feed.selection import all_feeds
from calendar_feed.variants import Variant
from models.database import Database
from models.meeting_add import add_meeting
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk
from tests.docs.nginx import DEPLOYING, nginx
from tests.journeys.house import Answer, House, free_port, until

TOLD = (
    "content-type", "content-disposition", "last-modified", "cache-control", "link", "content-length",
    "access-control-allow-origin", "access-control-expose-headers", "x-content-type-options", "x-robots-tag",
    "content-encoding",
)  # fmt: skip
"""Every header that a feed has of the service, but for the ETag, which is nginx's own."""

KEYS = (
    *("all", "type/rcp", "mechanism/midsa", "region/africa", "country/zm", "kind/senior_officials"),
    *("theme/gcm", "archive/2017"),
)
WORLD = {*KEYS, "type/irf", "mechanism/mid-igad"}
PATHS = (
    *(f"/feeds/{key}.ics" for key in KEYS),
    *(f"/fr/feeds/{key}.ics" for key in KEYS),
    *(f"/feeds/v/{variant}/country/zm.ics" for variant in Variant),
    *(f"/feeds/type/irf.{form}" for form in ("json", "jcal", "csv", "atom")),
    *("/fr/feeds/v/busy/all.ics", "/fr/feeds/all.csv"),
)
ASKED_OF_THE_SERVICE = {
    "/feeds/v/busy/utc/all.ics": 200,
    "/feeds/v/utc/busy/all.ics": 308,
    "/feeds/v/busy/all.csv": 200,
    "/feeds/mechanism/nobody.ics": 404,
    "/feeds/ALL.ics": 308,
}


@contextmanager
def _nginx(folder: Path, site: Path, *, service: int) -> Iterator[House]:
    """Run nginx on loopback with the two files of the docs, before a service's port."""
    folder.mkdir(mode=0o755)
    port = free_port()
    for name in ("feed-files.conf", "feed-files-maps.conf"):
        text = (DEPLOYING / name).read_text().replace("/var/www/iscm", str(site))
        (folder / name).write_text(text)
    http = (
        f"proxy_cache_path {folder}/cache keys_zone=iscm:1m;\n"
        f"include {folder}/feed-files-maps.conf;\n"
        f"upstream iscm {{ server 127.0.0.1:{service}; }}\n"
        f"server {{ listen 127.0.0.1:{port}; access_log off; include {folder}/feed-files.conf;\n"
        f"location / {{ proxy_pass http://iscm; }} }}"
    )
    with nginx(folder, port=port, http=http) as proxy:
        yield proxy


def _told(answer: Answer) -> tuple[int, dict[str, str | None], bytes]:
    return answer.status, {name: answer.headers.get(name) for name in TOLD}, answer.body


@pytest.fixture
def desk(tmp_path: Path, loaded_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk at the record of a house, in a world of few feeds: hundreds more would be answered alike."""
    monkeypatch.setattr(
        "calendar_feed.feed_rows.all_feeds",
        lambda known: {key: sources for key, sources in all_feeds(known).items() if key in WORLD},
    )
    (tmp_path / "data").mkdir()
    shutil.copy(loaded_sqlite, tmp_path / "data" / "iscm.db")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'iscm.db'}")
    yield Desk(database)
    database.close()


def _write(desk: Desk, site: Path, *, now: datetime, base_url: str) -> None:
    with desk.database.writing() as session:
        publish(session, now=now, base_url=base_url, languages=("en", "fr"))
    with desk.database.reading() as session:
        write_feeds(session, site)


def test_files_behind_nginx_are_answered_as_the_service_answers(tmp_path: Path, desk: Desk) -> None:
    """Status, headers and bytes of every family, variant and form, what is no file, and conditions."""
    house, site = House(tmp_path), tmp_path / "site"
    base_url = f"http://127.0.0.1:{house.port}"
    _write(desk, site, now=NOW - HOUR, base_url=base_url)
    with (
        house.serving("--only", "web"),
        _nginx(tmp_path / "nginx", site, service=house.port) as proxy,
    ):
        for path in PATHS:
            ours, file = house.ask(path), proxy.ask(path)
            assert (path, _told(file)) == (path, _told(ours))
            assert re.fullmatch(r'"[0-9a-f]+-[0-9a-f]+"', file.headers["etag"])
            assert proxy.ask(path, method="HEAD").headers["etag"] == file.headers["etag"]
            for name, value in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
                assert proxy.ask(path, headers={name: file.headers[value]}).status == 304
        later = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        earlier = {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
        assert [proxy.ask(PATHS[0], headers=one).status for one in (later, earlier)] == [304, 200]

        unpacks = {"Accept-Encoding": "gzip"}
        plain, packed = (proxy.ask(f"/feeds/type/irf.{form}", headers=unpacks) for form in ("ics", "json"))
        assert (plain.headers.get("content-encoding"), plain.body[:15]) == (None, b"BEGIN:VCALENDAR")
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == house.ask("/feeds/type/irf.json").body

        for path, status in ASKED_OF_THE_SERVICE.items():
            ours, through = house.ask(path), proxy.ask(path)
            assert (path, through.status, through.body) == (path, status, ours.body)
            assert through.headers.get("etag") == ours.headers.get("etag")
        for path in ("/feeds/mechanism/igad-rcp.ics", "/fr/feeds/v/busy/mechanism/igad-rcp.csv"):
            ours, moved = house.ask(path), proxy.ask(path)
            assert (moved.status, moved.headers["location"]) == (308, ours.headers["location"])
        assert [proxy.ask(PATHS[0], method=one).status for one in ("OPTIONS", "DELETE")] == [204, 405]

        held = proxy.ask("/feeds/all.ics")
        desk.do(add_meeting, MEETING)
        _write(desk, site, now=NOW, base_url=base_url)
        since = {"If-Modified-Since": held.headers["last-modified"]}
        assert b"DTSTART;VALUE=DATE:20270608" in proxy.ask("/feeds/all.ics", headers=since).body


@pytest.mark.soak
def test_every_file_that_the_clock_writes_is_what_the_service_answers(tmp_path: Path) -> None:
    """All families, languages, variants and forms, byte for byte, with the time that the service tells."""
    site = tmp_path / "site"
    house = House(tmp_path, settings={"ISCM_PUBLISH_DIR": str(site)})
    house.run("database", "upgrade")
    house.run("reference", "load")
    with house.serving():
        until((site / "fr/feeds/type/rcp.atom.gz").exists, seconds=1200, what="the clock writes the files")
        done = json.loads(house.run("feeds", "publish", str(site), "--json"))
        assert (done["whole"], done["files"]) == (True, 10 * len(house.listed("feeds", "list")))
        for file in site.rglob("*.*"):
            if file.suffix not in {".gz", ".map"} and not file.name.startswith("."):
                answer = house.ask(f"/{file.relative_to(site)}")
                assert answer.body == file.read_bytes() == gzip.decompress(Path(f"{file}.gz").read_bytes())
                changed_at = parsedate_to_datetime(answer.headers["last-modified"])
                assert file.stat().st_mtime == changed_at.timestamp()
        levels = {one["check"]: one["level"] for one in json.loads(house.command("doctor", "--json").stdout)}
        assert levels["publish dir"] == "ok"
