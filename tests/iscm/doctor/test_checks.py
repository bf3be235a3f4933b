"""Each check of the doctor's by itself: at its limits, and with what it says to do."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from iscm.doctor import database, mail, moments, places, site, work
from iscm.doctor.finding import Finding, Level
from models.vital_signs import JobSign, VitalSigns

OK, WARNING, PROBLEM = Level.OK, Level.WARNING, Level.PROBLEM
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MB = 1024**2
FOLDER = Path("/srv/iscm")
PUBLIC = "https://iscm.example.org"


def level(finding: Finding) -> Level:
    """How grave it is; whatever is not well comes with advice, and what is well with none."""
    assert bool(finding.advice) == (finding.level is not OK)
    assert finding.found
    return finding.level


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (database.of_answer(name="SQLite", fault=None), OK),
        (database.of_answer(name="SQLite", fault="The file is gone."), PROBLEM),
        (database.of_migrations(found="0007", needed="0007"), OK),
        (database.of_migrations(found="0006", needed="0007"), PROBLEM),
        (database.of_migrations(found="0008", needed="0007"), PROBLEM),
        (database.of_migrations(found=None, needed="0007"), PROBLEM),
        (database.of_file([]), OK),
        (database.of_file(["row 1 missing from index"]), PROBLEM),
        (database.of_server("15.8 (Debian 15.8-0+deb12u1)"), OK),
        (database.of_server("12.4"), WARNING),
        (places.of_folder(FOLDER, fault=None), OK),
        (places.of_folder(FOLDER, fault="Read-only file system"), PROBLEM),
        (places.of_disk(1024 * MB), OK),
        (places.of_disk(1024 * MB - 1), WARNING),
        (places.of_disk(100 * MB), WARNING),
        (places.of_disk(100 * MB - 1), PROBLEM),
        (places.of_secret_key(FOLDER, mode=None), OK),
        (places.of_secret_key(FOLDER, mode=0o600), OK),
        (places.of_secret_key(FOLDER, mode=0o400), OK),
        (places.of_secret_key(FOLDER, mode=0o640), PROBLEM),
        (places.of_secret_key(FOLDER, mode=0o604), PROBLEM),
        (places.of_backups(FOLDER, newest=None, now=NOW), WARNING),
        (places.of_backups(FOLDER, newest=NOW - timedelta(hours=26), now=NOW), OK),
        (places.of_backups(FOLDER, newest=NOW - timedelta(hours=26, seconds=1), now=NOW), WARNING),
        (places.of_publish_dir(FOLDER, fault=None, behind=0), OK),
        (places.of_publish_dir(FOLDER, fault=None, behind=1), WARNING),
        (places.of_publish_dir(FOLDER, fault="It is full.", behind=0), PROBLEM),
    ],
)
def test_database_and_places(finding: Finding, expected: Level) -> None:
    """What is kept, and where."""
    assert level(finding) is expected


def server(**changed: object) -> Finding:
    """A mail server on another machine that is as it should be, but for what is changed."""
    good = {
        "encryption": "TLSv1.3",
        "is_checked": True,
        "expires": NOW + timedelta(days=60),
        "signed_in": True,
    }
    here = bool(changed.pop("is_here", False))
    met = mail.MailServer(**{**good, **changed})  # type: ignore[arg-type]  # the test's own table
    return mail.of_server(name="mx.example.org", is_here=here, met=met, fault=None, now=NOW)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (server(), OK),
        (server(expires=None), OK),
        (server(expires=NOW + timedelta(days=14)), OK),
        (server(expires=NOW + timedelta(days=13)), WARNING),
        (server(is_checked=False), WARNING),
        (server(encryption=None), WARNING),
        (server(encryption=None, is_here=True), OK),
        (server(is_checked=False, is_here=True), OK),
        (mail.of_server(name="mx", is_here=False, met=None, fault="It says 535.", now=NOW), PROBLEM),
        (mail.of_local_mailbox(is_public=False), OK),
        (mail.of_local_mailbox(is_public=True), WARNING),
        (mail.of_exposed_mailbox(host="127.0.0.1", is_open=False), OK),
        (mail.of_exposed_mailbox(host="0.0.0.0", is_open=True), WARNING),
        (mail.of_sender(sender="", reply_to="", bounce_domain="", leaves=True), PROBLEM),
        (mail.of_sender(sender="a@b.org", reply_to="", bounce_domain="", leaves=True), WARNING),
        (mail.of_sender(sender="a@b.org", reply_to="c@b.org", bounce_domain="b.org", leaves=True), OK),
        (mail.of_sender(sender="a@b.example", reply_to="", bounce_domain="", leaves=False), OK),
        (mail.of_postal_address("1 Street, Geneva"), OK),
        (mail.of_postal_address(" "), PROBLEM),
        (mail.of_alert_to("ops@example.org"), OK),
        (mail.of_alert_to(""), WARNING),
        (site.of_base_url(PUBLIC, leaves=True), OK),
        (site.of_base_url("http://iscm.example.org", leaves=True), WARNING),
        (site.of_base_url("http://127.0.0.1:8000", leaves=False), OK),
        (site.of_base_url("https://localhost", leaves=True), PROBLEM),
        (site.of_base_url("http://[::1]:8000", leaves=True), PROBLEM),
        (site.of_proxies([], base_url="http://127.0.0.1:8000"), OK),
        (site.of_proxies([], base_url=PUBLIC), WARNING),
        (site.of_proxies(["127.0.0.1/32"], base_url=PUBLIC), OK),
        (site.of_proxies(["127.0.0.1/32", "0.0.0.0/0"], base_url=PUBLIC), PROBLEM),
        (site.of_proxies(["::/0"], base_url=PUBLIC), PROBLEM),
    ],
)
def test_mail_and_site(finding: Finding, expected: Level) -> None:
    """How letters leave, and how people come."""
    assert level(finding) is expected


@pytest.mark.parametrize(
    ("release", "installed", "expected", "days"),
    [
        ("2026f", date(2026, 11, 23), OK, 0),
        ("2026f", date(2026, 9, 24), OK, 60),
        ("2026f", date(2026, 9, 23), WARNING, 61),
        # Installed today, from an image made long ago.
        ("2024a", date(2026, 11, 23), WARNING, 692),
        ("2026f", None, OK, 0),
        # A clock that was put back.
        ("2026f", date(2027, 1, 1), OK, 0),
    ],
)
def test_zones_are_old_after_sixty_days(
    release: str, installed: date | None, expected: Level, days: int
) -> None:
    """By the day of installation, and by the year in the release's name."""
    finding = moments.of_zones(release=release, installed=installed, today=NOW.date())
    assert level(finding) is expected
    assert f"{days} days since" in finding.found


@pytest.mark.parametrize(
    ("server_ahead", "newest_ahead", "expected"),
    [
        (None, None, OK),
        (0, 0, OK),
        (5, -1000, OK),
        (-6, 0, WARNING),
        (61, 0, PROBLEM),
        (None, 60, OK),
        (None, 61, PROBLEM),
    ],
)
def test_clock_is_held_against_server_and_record(
    server_ahead: int | None, newest_ahead: int | None, expected: Level
) -> None:
    """Seconds apart from the server's, or behind what is on record."""
    finding = moments.of_clock(
        now=NOW,
        server=None if server_ahead is None else NOW + timedelta(seconds=server_ahead),
        newest=None if newest_ahead is None else NOW + timedelta(seconds=newest_ahead),
    )
    assert level(finding) is expected


def signs(
    deliveries: dict[tuple[str, str], int] | None = None, *, mails: int = 0, oldest: datetime | None = None
) -> VitalSigns:
    """Numbers with these letters and mails."""
    return VitalSigns(
        published_at=NOW,
        revision_lag=0,
        feed_revision=1,
        alarm=None,
        meetings={},
        subscribers={},
        issues={},
        deliveries=deliveries or {},
        sendings=(),
        mails_waiting=mails,
        oldest_mail=oldest,
        jobs=[],
        alarms_open=0,
        error_reports_open=0,
        tasks_open={},
        workers=[],
    )


def job(minutes: int | None) -> JobSign:
    """A job that has failed for so many minutes."""
    since = None if minutes is None else NOW - timedelta(minutes=minutes)
    return JobSign(job=f"job {minutes}", succeeded_at=NOW, failing_since=since, failures=3, reason="Full.")


@pytest.mark.parametrize(
    ("finding", "expected", "said"),
    [
        (work.of_workers(1), OK, "One work process runs."),
        (work.of_workers(2), OK, "2 work processes run."),
        (work.of_workers(0), WARNING, "No work process"),
        (work.of_feeds(number=None, faults=[], lag=0, has_worker=False), WARNING, "No feed"),
        (work.of_feeds(number=39, faults=[], lag=0, has_worker=False), OK, "All 39"),
        (work.of_feeds(number=39, faults=[], lag=3, has_worker=True), OK, "All 39"),
        (work.of_feeds(number=39, faults=[], lag=3, has_worker=False), WARNING, "3 changes"),
        (
            work.of_feeds(number=39, faults=["a: x", "b: y"], lag=0, has_worker=True),
            PROBLEM,
            "a: x (and 1 more)",
        ),
        (work.of_letters(signs(), now=NOW), OK, "0 letters open, 0 in doubt, 0 single mails waiting."),
        (
            work.of_letters(signs({("2026", "pending"): 5, ("2026", "deferred"): 2}), now=NOW),
            OK,
            "7 letters open",
        ),
        (work.of_letters(signs({("2026", "in_doubt"): 2}), now=NOW), WARNING, "2 in doubt"),
        (
            work.of_letters(signs(mails=1, oldest=NOW - timedelta(minutes=10)), now=NOW),
            OK,
            "(the oldest for 10 minutes)",
        ),
        (
            work.of_letters(signs(mails=1, oldest=NOW - timedelta(hours=3)), now=NOW),
            WARNING,
            "(the oldest for 3 hours)",
        ),
        (work.of_jobs([], now=NOW), OK, "None has run yet."),
        (work.of_jobs([job(None)], now=NOW), OK, "None of 1 fails."),
        (
            work.of_jobs([job(14), job(3)], now=NOW),
            WARNING,
            "“job 14” has failed for 14 minutes: Full.",
        ),
        (work.of_jobs([job(15)], now=NOW), PROBLEM, "for 15 minutes"),
        (work.of_alarms([]), OK, "None lasts."),
        (work.of_alarms(["disk", "feeds"]), WARNING, "2 last: disk, feeds."),
        (work.of_search(0), OK, "It holds"),
        (work.of_search(4), WARNING, "in 4 places"),
    ],
)
def test_what_goes_on(finding: Finding, expected: Level, said: str) -> None:
    """Work, feeds, letters, jobs, alarms, search."""
    assert level(finding) is expected
    assert said in finding.found
