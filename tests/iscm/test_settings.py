"""Settings: where they come from, what follows from what, and how a bad one is told."""

import stat
from pathlib import Path

import pytest

from iscm.settings import DEMO_MAIL_FROM, DEMO_POSTAL_ADDRESS, BadSetting, load_settings


def test_settings_without_any_value_are_a_demonstration(bare_folder: Path) -> None:
    """A bare folder gives a site on loopback, SQLite in ./data, and a sender for the local mailbox."""
    settings = load_settings(editor_name="Ana")
    key = (bare_folder / "data" / "secret_key").read_text().strip()
    assert settings.model_dump() == {
        "data_dir": bare_folder / "data",
        "database_url": f"sqlite:///{bare_folder}/data/iscm.db",
        "host": "127.0.0.1",
        "port": 8000,
        "base_url": "http://127.0.0.1:8000",
        "secret_key": key,
        "smtp_url": None,
        "mail_from": DEMO_MAIL_FROM,
        "mail_reply_to": "",
        "bounce_domain": "iscm.example",
        "postal_address": DEMO_POSTAL_ADDRESS,
        "dkim_selector": "",
        "dkim_domain": "",
        "dkim_key_file": None,
        "bounce_maildir": None,
        "publish_dir": None,
        "backup_dir": bare_folder / "data" / "backups",
        "alert_to": "",
        "editor_name": "Ana",
        "languages": ("en", "fr", "es", "ar"),
        "time_zone": "Europe/Zurich",
        "log_level": "info",
        "log_format": "text",
        "access_log": False,
        "trusted_proxies": (),
        "metrics_from": ("127.0.0.0/8", "::1/128"),
    }


def test_variable_wins_over_the_file(bare_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says comes before iscm.toml; an empty variable says nothing."""
    (bare_folder / "iscm.toml").write_text('port = 9001\nhost = "127.0.0.2"\nlanguages = ["en", "ar"]\n')
    monkeypatch.setenv("ISCM_PORT", "9002")
    monkeypatch.setenv("ISCM_HOST", "")
    settings = load_settings()
    assert (settings.port, settings.host, settings.languages) == (9002, "127.0.0.2", ("en", "ar"))
    assert settings.base_url == "http://127.0.0.2:9002"


def test_sender_is_nobody_once_a_mail_server_is_set() -> None:
    """With a real server the demonstration sender is gone, and preflight asks for a real one."""
    settings = load_settings(smtp_url="smtp://relay.example.org")
    assert (settings.mail_from, settings.postal_address, settings.bounce_domain) == ("", "", "")
    assert not settings.uses_local_mailbox


def test_other_port_moves_the_base_address_unless_it_was_set() -> None:
    """`iscm serve --port` changes the links of feeds and letters, except where BASE_URL says otherwise."""
    assert load_settings().at(port=9003).base_url == "http://127.0.0.1:9003"
    assert load_settings().at(host="::1").base_url == "http://[::1]:8000"
    fixed = load_settings(base_url="https://iscm.example.org/")
    assert (fixed.at(port=9003).base_url, fixed.at(port=9003).port) == ("https://iscm.example.org", 9003)


def test_secret_key_is_kept_and_private(bare_folder: Path) -> None:
    """The key of the first start is the key of every later one, and only its owner can read it."""
    first, second = load_settings().secret_key, load_settings().secret_key
    file = bare_folder / "data" / "secret_key"
    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ISCM_PORT", "abc", "input should be a valid integer, unable to parse string as an integer."),
        ("ISCM_PORT", "70000", "input should be less than or equal to 65535."),
        ("ISCM_HOST", "a b", "write a host name or an IP number, such as 127.0.0.1."),
        (
            "ISCM_BASE_URL",
            "iscm.example.org",
            "write the site's address alone, such as https://iscm.example.org.",
        ),
        (
            "ISCM_BASE_URL",
            "https://x.org/path",
            "write the site's address alone, such as https://iscm.example.org.",
        ),
        (
            "ISCM_DATABASE_URL",
            "mysql://u:hidden@h/d",
            "write sqlite:///FILE or postgresql+psycopg://user:password@host/name.",
        ),
        ("ISCM_SECRET_KEY", "short", "string should have at least 32 characters."),
        ("ISCM_SMTP_URL", "http://relay", "write smtp://user:password@host:587 or smtps://host."),
        ("ISCM_SMTP_URL", "smtp://u:hidden@h:99999", "the port is a number from 1 to 65535."),
        (
            "ISCM_SMTP_URL",
            "smtp://h?starttls=maybe",
            (
                "the options are starttls=never|auto|required, connections=1 to 64, and per_minute and "
                "domain_per_minute, whole numbers of letters from 1."
            ),
        ),
        (
            "ISCM_MAIL_FROM",
            "Highlights",
            "write an address, such as ISCM Highlights <highlights@example.org>.",
        ),
        ("ISCM_MAIL_FROM", "A <a@b.org>\nBcc: c@d.org", "write it on one line, without control characters."),
        ("ISCM_BOUNCE_DOMAIN", "bounces example", "write a domain, such as bounces.example.org."),
        ("ISCM_DKIM_KEY_FILE", "missing.pem", "the file cannot be read (No such file or directory)."),
        (
            "ISCM_DKIM_KEY_FILE",
            __file__,
            "the file holds no key in PEM form. Make one with: iscm dkim key FILE.",
        ),
        ("ISCM_DKIM_SELECTOR", "a b", "write letters, digits and hyphens, such as iscm2026."),
        ("ISCM_LANGUAGES", "fr,es", "choose among en, fr, es, ar; en must be one of them."),
        ("ISCM_LANGUAGES", "en,de", "choose among en, fr, es, ar; en must be one of them."),
        ("ISCM_TIME_ZONE", "Mars/Olympus", "write a zone by its IANA name, such as Europe/Zurich."),
        ("ISCM_TIME_ZONE", "../etc/passwd", "write a zone by its IANA name, such as Europe/Zurich."),
        (
            "ISCM_TRUSTED_PROXIES",
            "nginx",
            "write IP addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8.",
        ),
        (
            "ISCM_METRICS_FROM",
            "10.0.0.1/8",
            "write IP addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8.",
        ),
        ("ISCM_LOG_LEVEL", "loud", "input should be 'debug', 'info', 'warning' or 'error'."),
    ],
)
def test_bad_value_is_told_in_one_line(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the setting and what to write, and never repeats the value: it may hold a password."""
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as told:
        load_settings()
    assert str(told.value) == f"{name} cannot be used: {sentence}"


def test_networks_are_kept_in_one_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address is a network of one; blanks and repeats do no harm; by itself nobody is trusted."""
    assert load_settings().trusted_proxies == ()
    assert load_settings().metrics_from == ("127.0.0.0/8", "::1/128")
    monkeypatch.setenv("ISCM_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1 ,10.0.0.0/8")
    assert load_settings().trusted_proxies == ("127.0.0.1/32", "10.0.0.0/8", "::1/128")


def test_half_of_dkim_is_refused() -> None:
    """The three DKIM settings go together."""
    with pytest.raises(BadSetting, match="set all three or none"):
        load_settings(dkim_domain="example.org")


def test_unknown_setting_in_the_file_is_refused(bare_folder: Path) -> None:
    """A misspelt name in iscm.toml does not pass for a setting."""
    (bare_folder / "iscm.toml").write_text('base_ulr = "https://iscm.example.org"\n')
    with pytest.raises(BadSetting) as told:
        load_settings()
    assert str(told.value) == (
        "iscm.toml names a setting 'base_ulr' that does not exist; docs/settings.md lists them."
    )


def test_file_that_is_not_toml_is_refused(bare_folder: Path) -> None:
    """A broken iscm.toml is told by its name and line."""
    (bare_folder / "iscm.toml").write_text("port: 9000\n")
    with pytest.raises(BadSetting, match=r"^iscm\.toml is not TOML: .*line 1"):
        load_settings()


def test_data_folder_that_cannot_be_made_is_refused(bare_folder: Path) -> None:
    """A file where the folder should be is told with its place."""
    (bare_folder / "data").write_text("a file")
    with pytest.raises(
        BadSetting, match=r"^ISCM_DATA_DIR cannot be used: .*data.*: (Not a directory|File exists)\.$"
    ):
        load_settings()


def test_data_folder_is_made_whoever_gives_the_key(bare_folder: Path) -> None:
    """With a secret key from outside nothing is kept in the folder yet, and the database still needs it."""
    assert load_settings(secret_key="k" * 40).data_dir == bare_folder / "data"
    assert (bare_folder / "data").is_dir()


def test_secrets_are_not_in_what_settings_print() -> None:
    """Neither the key nor a password appears where settings are shown."""
    settings = load_settings(
        secret_key="k" * 40,
        smtp_url="smtp://u:hidden@relay.example.org",
        database_url="postgresql://u:hidden@h/d",
    )
    assert "kkkk" not in repr(settings)
    assert "hidden" not in repr(settings)
    assert settings.database_url == "postgresql+psycopg://u:hidden@h/d"
