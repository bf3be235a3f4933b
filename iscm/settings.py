"""The settings: `ISCM_*` variables, or `iscm.toml` in the current folder; a variable wins.

Docs: docs/settings.md, held equal to this file by a test. Values are checked once, at start.
"""

import getpass
import tomllib
import zoneinfo
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from iscm import setting_rules as rules
from iscm.loopback import is_loopback, leads_here
from iscm.secret_key import kept_secret_key

PREFIX = "ISCM_"
FILE = "iscm.toml"

# What a letter needs and only a demonstration may invent: used while mail goes to the local mailbox.
DEMO_MAIL_FROM = "ISCM Highlights <highlights@iscm.example>"
DEMO_POSTAL_ADDRESS = "ISCM demonstration, 1 Example Street, 1211 Geneva, Switzerland"


class BadSetting(Exception):  # noqa: N818 - the name is what the person is told
    """A setting cannot be used; the message is one line that names it."""


def _absent(words: str) -> dict[str, JsonValue]:
    """What docs/settings.md says of a value that follows from others."""
    return {"when_absent": words}


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return "unknown"


class Settings(BaseSettings):
    """Everything an operator can set. Empty text means "not set"."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        toml_file=FILE,
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    data_dir: Path = Field(
        default=Path("data"),
        description="The folder of what the service keeps: database, secret key, mailbox, journals.",
    )
    database_url: str = Field(
        default_factory=lambda known: f"sqlite:///{known['data_dir']}/iscm.db",
        repr=False,
        json_schema_extra=_absent("`sqlite:///` and `iscm.db` in the data folder"),
        description="Where the record is kept: `sqlite:///FILE` or `postgresql+psycopg://user:password@host/name`.",
    )
    backup_dir: Path = Field(
        default_factory=lambda known: known["data_dir"] / "backups",
        json_schema_extra=_absent("`backups` in the data folder"),
        description="The folder of the nightly backups; best on another disk.",
    )
    host: str = Field(default="127.0.0.1", description="The address the web process listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port the web process listens on.")
    base_url: str = Field(
        default_factory=lambda known: rules.base_url(
            f"http://{rules.bracketed(known['host'])}:{known['port']}"
        ),
        json_schema_extra=_absent("`http://` with the host and the port"),
        description="The address people reach the site at, as feeds and letters name it.",
    )
    secret_key: str = Field(
        default_factory=lambda known: kept_secret_key(known["data_dir"]),
        repr=False,
        min_length=32,
        json_schema_extra=_absent("made at the first start and kept in the data folder as `secret_key`"),
        description="The key behind the links of letters, at least 32 characters. Keep it for ever: with "
        "another one the links in letters already sent stop working.",
    )
    smtp_url: str | None = Field(
        default=None,
        repr=False,
        description="The mail server: `smtp://user:password@host:587` or `smtps://host`, then "
        "`?starttls=never|auto|required`, `&connections=4`, and, where it asks for a slower pace, "
        "`&per_minute=600` (letters in all) and `&domain_per_minute=60` (letters to one recipient domain).",
    )
    mail_from: str = Field(
        default_factory=lambda known: DEMO_MAIL_FROM if known["smtp_url"] is None else "",
        json_schema_extra=_absent("a demonstration sender while mail goes to the local mailbox, else none"),
        description="The sender of letters: `Name <address>` or an address.",
    )
    mail_reply_to: str = Field(default="", description="Where answers to letters go.")
    bounce_domain: str = Field(
        default_factory=lambda known: rules.domain_of(known["mail_from"]),
        json_schema_extra=_absent("the domain of ISCM_MAIL_FROM"),
        description="The domain of return addresses.",
    )
    bounce_maildir: Path | None = Field(
        default=None,
        description="The Maildir that mail for ISCM_BOUNCE_DOMAIN is delivered to. What is new in it is read "
        "every half minute and moved to `cur`; nothing is deleted.",
    )
    postal_address: str = Field(
        default_factory=lambda known: DEMO_POSTAL_ADDRESS if known["smtp_url"] is None else "",
        json_schema_extra=_absent("a demonstration address while mail goes to the local mailbox, else none"),
        description="The sender's postal address, printed in each letter.",
    )
    dkim_selector: str = Field(
        default="",
        description="The name of the key that signs mail, published at `SELECTOR._domainkey.DOMAIN`.",
    )
    dkim_domain: str = Field(
        default="",
        description="The domain that signs mail (DKIM): that of ISCM_MAIL_FROM, or one above it.",
    )
    dkim_key_file: Path | None = Field(
        default=None,
        description="The file of the private key that signs mail: RSA, PEM. `iscm dkim key FILE` makes one. "
        "Without these three settings nothing is signed here.",
    )
    publish_dir: Path | None = Field(
        default=None,
        description="A folder for every feed as a file, for nginx or a CDN: kept up to date after each "
        "publishing, as by `iscm feeds publish`. Empty at first, or written before.",
    )
    alert_to: str = Field(
        default="",
        description="The address that is mailed when something needs a person, and when it is over.",
    )
    editor_name: str = Field(
        default_factory=_system_user,
        json_schema_extra=_absent("the name of the system's user"),
        description="Who acts on the command line, by the name that history keeps.",
    )
    languages: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("en", "fr", "es", "ar"),
        description="The languages a reader may choose, with commas between; English must be one of them.",
    )
    time_zone: str = Field(
        default="Europe/Zurich", description="The zone of the editors' clocks, by its IANA name."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="The least grave message logged: `debug`, `info`, `warning`, `error`.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How messages are written to standard error: `text` or `json`."
    )
    access_log: bool = Field(
        default=False,
        description="Write a line for each request, without tokens and queries: `true` or `false`.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="The addresses or networks of the proxies in front, with commas between. Only their "
        "X-Forwarded-For and X-Forwarded-Proto are heeded.",
    )
    metrics_from: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("127.0.0.0/8", "::1/128"),
        description="The addresses or networks that may read /metrics, with commas between; for all others "
        "there is no such page.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic hands it in by this name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("languages", mode="before")
    @classmethod
    def _languages(cls, value: object) -> object:
        return rules.languages(value)

    @field_validator("trusted_proxies", "metrics_from", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return rules.networks(value)

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    _data_dir = field_validator("data_dir", "backup_dir")(rules.absolute)
    _folders = field_validator("publish_dir", "bounce_maildir")(rules.absolute_if_any)
    _database_url = field_validator("database_url")(rules.database_url)
    _base_url = field_validator("base_url")(rules.base_url)
    _host = field_validator("host")(rules.host)
    _smtp_url = field_validator("smtp_url")(rules.smtp_url)
    _mailboxes = field_validator("mail_from", "mail_reply_to", "alert_to")(rules.mailbox)
    _domains = field_validator("bounce_domain", "dkim_domain")(rules.domain)
    _one_line = field_validator("editor_name")(rules.one_line)
    _selector = field_validator("dkim_selector")(rules.selector)
    _zone = field_validator("time_zone")(rules.time_zone)
    _key_file = field_validator("dkim_key_file")(rules.signing_key_file)

    @model_validator(mode="after")
    def _dkim_is_whole(self) -> Self:
        given = [bool(self.dkim_selector), bool(self.dkim_domain), bool(self.dkim_key_file)]
        if any(given) and not all(given):
            raise ValueError("ISCM_DKIM_SELECTOR, _DOMAIN and _KEY_FILE go together: set all three or none")
        return self

    @property
    def uses_local_mailbox(self) -> bool:
        """True when no mail server is set: letters go to the mailbox on this machine and nowhere else."""
        return self.smtp_url is None

    @property
    def gives_secret_key(self) -> bool:
        """True when the secret key is a setting, and not kept in the data folder."""
        return "secret_key" in self.model_fields_set

    @property
    def shows_mailbox_to_others(self) -> bool:
        """True when the local mailbox, which asks nobody who they are, can be read from other machines."""
        return self.uses_local_mailbox and not (is_loopback(self.host) and leads_here(self.base_url))

    def at(self, *, host: str | None = None, port: int | None = None) -> "Settings":
        """The same settings on another host or port; BASE_URL follows unless it was set."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        given |= {"host": host or self.host, "port": port or self.port}
        return _checked(given)


def load_settings(**given: object) -> Settings:
    """The settings of this process; `given` values (by attribute name) win over the environment and the file.

    Also makes zones come from the tzdata package alone: a system's copy can be a year old. The data folder
    and the secret key in it are made where they are missing. Raises BadSetting.
    """
    zoneinfo.reset_tzpath(to=[])
    return _checked(given)


def _checked(given: dict[str, Any]) -> Settings:
    try:
        settings = Settings(**given)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except ValidationError as error:
        raise BadSetting(_sentence(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{FILE} is not TOML: {error}.") from None
    except SettingsError as error:
        raise BadSetting(f"{error}.") from None
    except OSError as error:
        place = error.filename or "the data folder"
        raise BadSetting(f"{PREFIX}DATA_DIR cannot be used: {place}: {error.strerror}.") from None
    return settings


def _sentence(error: ValidationError) -> str:
    """One line about the first thing wrong. The value itself is left out: it may hold a password."""
    first = error.errors(include_url=False, include_input=False)[0]
    reason = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return f"{reason}."
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return f"{FILE} names a setting {name!r} that does not exist; docs/settings.md lists them."
    return f"{PREFIX}{name.upper()} cannot be used: {reason[:1].lower()}{reason[1:]}."
