"""Watching the service from outside: the doctor, the probes, the log, the mails to the operator."""

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.house import ON_SQLITE, House, Serving, path_in, until
from tests.journeys.letters import mail_to
from tests.journeys.post_office import PostOffice

OPERATOR = "operator@example.org"


def examined(house: House, *, code: int) -> dict[str, str]:
    """What the doctor says, as levels by check; it must end with that code."""
    ended = house.command("doctor", "--json")
    assert ended.returncode == code, ended.stdout + ended.stderr
    findings = json.loads(ended.stdout)
    assert all(one["found"] and bool(one["advice"]) == (one["level"] != "ok") for one in findings)
    return {one["check"]: one["level"] for one in findings}


def in_order(house: House) -> None:
    """Wait until everything that starts by itself has started."""
    until(lambda: house.ask("/readyz").status == 200, seconds=30, what="it is ready")
    backups = house.folder / "data" / "backups"
    until(lambda: list(backups.glob("*.tar.gz")), seconds=30, what="the first backup")
    until(lambda: b"iscm_work_processes 1" in house.ask("/metrics").body, seconds=30, what="work is seen")


@ON_SQLITE
def test_doctor_finds_a_house_in_order(each_house: House) -> None:
    """Running, every check is ok, the exit code 0; by its lines a person reads the same."""
    house = each_house
    house.settings = {"ISCM_ALERT_TO": OPERATOR}
    with house.serving():
        in_order(house)
        found = examined(house, code=0)
        assert {check: level for check, level in found.items() if level != "ok"} == {}
        assert {"database", "migrations", "integrity", "mail server", "time zones", "clock", "feeds"} <= set(
            found
        )
        lines = house.run("doctor").splitlines()
    assert lines[-1] == "0 problems, 0 warnings."
    assert [line.split()[0] for line in lines[:-1]] == ["ok"] * len(found)


def break_key(house: House) -> None:
    """Let everybody read the secret key."""
    (house.folder / "data" / "secret_key").chmod(0o644)


def break_clock(house: House) -> None:
    """Let something have been recorded in years to come."""
    execute(house, "UPDATE publication SET published_at = '2999-01-01 00:00:00'")


def break_feeds(house: House) -> None:
    """Change the bytes of what was published."""
    execute(house, "UPDATE renderings SET body = CAST(replace(body, 'SUMMARY', 'SUMNARY') AS BLOB)")


def break_bodies(house: House) -> None:
    """Put text where bytes belong, which cannot be read back."""
    execute(house, "UPDATE renderings SET body = 'nothing'")


def break_jobs(house: House) -> None:
    """Let a job have failed since long ago."""
    execute(house, "UPDATE job_standings SET failing_since = '2026-01-01 00:00:00', reason = 'Full.'")


def break_migrations(house: House) -> None:
    """Let the tables be of an older release."""
    execute(house, "UPDATE alembic_version SET version_num = '0002'")


def break_file(house: House) -> None:
    """Write over the middle of the database."""
    for name in ("iscm.db-wal", "iscm.db-shm"):
        (house.folder / "data" / name).unlink(missing_ok=True)
    with house.database_file.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(size // 2)
        file.write(b"\0" * (size // 4))


def lose_database(house: House) -> None:
    """Take the file away."""
    house.database_file.unlink()


def execute(house: House, statement: str) -> None:
    """Do something to the record behind everybody's back."""
    with sqlite3.connect(house.database_file) as connection:
        connection.execute(statement)
    connection.close()


def test_doctor_finds_what_is_broken(house: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Exit 1, and the check by its name; the doctor itself never breaks on it."""
    breakings: list[dict[Callable[[House], None], str]] = [
        {break_key: "secret key", break_clock: "clock", break_feeds: "feeds", break_jobs: "jobs"},
        {break_bodies: "feeds"},
        {break_migrations: "migrations"},
        {break_file: "integrity"},
        {lose_database: "database"},
    ]
    with house.serving():
        in_order(house)
    for together in breakings:
        broken = House(tmp_path_factory.mktemp("broken"))
        shutil.copytree(house.folder / "data", broken.folder / "data")
        for breaking in together:
            breaking(broken)
        found = examined(broken, code=1)
        told = {breaking.__name__: found[check] for breaking, check in together.items()}
        assert told == dict.fromkeys(told, "problem")


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        (
            {"ISCM_SMTP_URL": "smtp://127.0.0.1:9", "ISCM_MAIL_FROM": "a@b.org"},
            {"mail server": "problem"},
        ),
        (
            {"ISCM_SMTP_URL": "smtp://127.0.0.1:9"},
            {"sender": "problem", "postal address": "problem", "site": "problem"},
        ),
        (
            {"ISCM_TRUSTED_PROXIES": "0.0.0.0/0", "ISCM_BASE_URL": "http://iscm.example.org"},
            {"proxies": "problem", "site": "warning"},
        ),
        ({"ISCM_DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, {"database": "problem"}),
        ({"ISCM_HOST": "0.0.0.0"}, {"local mailbox": "warning"}),
        ({}, {"work": "warning", "backups": "warning", "alarm mail": "warning"}),
    ],
)
def test_doctor_finds_what_is_set_wrongly(
    house: House, settings: dict[str, str], wanted: dict[str, str]
) -> None:
    """Settings that cannot do are problems, those that should not be so are warnings."""
    house.settings = settings
    found = examined(house, code=1 if "problem" in wanted.values() else 0)
    assert {check: found[check] for check in wanted} == wanted


def test_trouble_is_mailed_to_the_operator_once(house: House) -> None:
    """A calendar that is held back: one mail within seconds, from the sender of letters; then silence."""
    with PostOffice() as office:
        house.settings = {
            "ISCM_SMTP_URL": office.url,
            "ISCM_MAIL_FROM": "ISCM <letters@example.org>",
            "ISCM_POSTAL_ADDRESS": "1 Street",
            "ISCM_ALERT_TO": OPERATOR,
        }
        with house.serving() as serving:
            in_order(house)
            execute(house, "UPDATE publication SET alarm = 'gfmd-x: 02:30 does not exist'")
            until(lambda: office.mails, seconds=30, what="the alarm")
            (mail,) = office.mails
            assert mail.recipient == OPERATOR
            assert (mail.content["Subject"], mail.content["From"]) == (
                "ISCM alarm: feeds",
                "ISCM <letters@example.org>",
            )
            assert "gfmd-x: 02:30 does not exist" in str(mail.content.get_content())
            listed: Any = house.listed("alarms", "list")
            assert [(one["name"], bool(one["told_at"])) for one in listed] == [("feeds", True)]
            house.run("alarms", "close", "feeds")
            assert len(office.mails) == 1
        assert "alarm: A calendar did not pass its check" in serving.log
    assert house.run("alarms", "close", "disk", code=1).startswith("iscm: There is no alarm “disk”")


def _requests(serving: Serving) -> list[str]:
    return [line for line in serving.log.splitlines() if " request " in line]


def test_log_names_no_reader_and_no_token(house: House) -> None:
    """With every request written down, at the talkative level: no address, no token; the proxy's client."""
    house.settings = {
        "ISCM_TRUSTED_PROXIES": "127.0.0.1",
        "ISCM_ACCESS_LOG": "true",
        "ISCM_LOG_LEVEL": "debug",
    }
    told = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7"}
    with house.serving() as serving:
        in_order(house)
        assert house.post("/newsletter", address="ana.quintero@example.org", language="en").status == 200
        link = path_in(mail_to(house, "ana.quintero@example.org").text, "/c/")
        assert house.ask(f"{link}?from=ana.quintero@example.org", headers=told).status == 200
        assert house.post(link).status == 200
        assert house.ask("/metrics", headers=told).status == 404
        assert house.ask("/metrics").status == 200
        until(lambda: len(_requests(serving)) > 5, seconds=5, what="the requests are written down")
    assert "client=203.0.113.7" in serving.log
    assert "6.6.6.6" not in serving.log
    assert "path=/c/***" in serving.log
    token = link.rpartition("/")[2]
    assert [secret for secret in ("quintero", "example.org", token) if secret in serving.log] == []
    assert re.findall(r"[\w.]+@[\w.]+", serving.log) == []


def test_serve_warns_where_others_can_read_the_mailbox(house: House) -> None:
    """Listening on every address with the local mailbox is told at the start."""
    with house.serving("--host", "0.0.0.0") as serving:
        assert "Warning:     /mailbox shows every mail to whoever reaches this service" in serving.said
    with house.serving() as serving:
        assert "Warning" not in serving.said


def test_probe_tells_of_a_web_process_without_work(house: House) -> None:
    """Pages alone serve no calendar: not ready, and the reason names the command."""
    with house.serving("--only", "web"):
        answer = house.ask("/readyz")
    assert (answer.status, answer.text) == (
        503,
        "No calendar has been read yet. Is the work process running? (iscm serve)\n",
    )
