"""What a setting must be: a rule gives the value back, put right, or says in a ValueError what to write."""

import ipaddress
import re
import zoneinfo
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

LANGUAGES = ("en", "fr", "es", "ar")

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_SELECTOR = re.compile(rf"(?=.{{1,63}}$){_LABEL}(\.{_LABEL})*")
_POSTGRESQL = re.compile(r"postgres(ql)?(\+psycopg)?://")


def absolute(value: Path) -> Path:
    """A folder by its whole path, so that a later change of the current folder does not move it."""
    return value.expanduser().resolve()


def absolute_if_any(value: Path | None) -> Path | None:
    """A folder by its whole path, but as it was named: what a link on the way leads to may change."""
    return None if value is None else value.expanduser().absolute()


def signing_key_file(value: Path | None) -> Path | None:
    """A file of a private key that mail can be signed with."""
    if value is None:
        return None
    # A library of ciphers takes a tenth of a second to load: only those who sign wait for it.
    from newsletter.dkim.key import UnusableKey, read_key

    try:
        read_key(value.expanduser().read_bytes())
    except OSError as error:
        raise ValueError(f"the file cannot be read ({error.strerror})") from None
    except UnusableKey as error:
        raise ValueError(str(error)) from None
    return absolute(value)


def selector(value: str) -> str:
    """The name of a key below a domain, in lower case; nothing stays nothing."""
    if value and not _SELECTOR.fullmatch(value):
        raise ValueError("write letters, digits and hyphens, such as iscm2026")
    return value.lower()


def one_line(value: str) -> str:
    """Text without line breaks or other control characters."""
    if not value.isprintable():
        raise ValueError("write it on one line, without control characters")
    return value.strip()


def database_url(value: str) -> str:
    """SQLite by file, or PostgreSQL by psycopg; the short spelling `postgresql://` is completed."""
    if value.startswith("sqlite:///") and value != "sqlite:///":
        return value
    rest = _POSTGRESQL.sub("", value, count=1)
    if rest and rest != value:
        return f"postgresql+psycopg://{rest}"
    raise ValueError("write sqlite:///FILE or postgresql+psycopg://user:password@host/name")


def base_url(value: str) -> str:
    """An origin: scheme, host and perhaps a port, no path. Given back without a closing slash."""
    parts = _split(value.strip().rstrip("/"))
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise ValueError("write the site's address alone, such as https://iscm.example.org")
    return parts.geturl()


def host(value: str) -> str:
    """A name or number a server can listen on, without port."""
    if not value or "/" in value or any(character.isspace() for character in value):
        raise ValueError("write a host name or an IP number, such as 127.0.0.1")
    return value.strip("[]")


def bracketed(value: str) -> str:
    """A host as it stands in an address: IPv6 numbers in brackets."""
    return f"[{value}]" if ":" in value else value


def smtp_url(value: str | None) -> str | None:
    """A mail server's address, with the options this program knows."""
    if value is None:
        return None
    parts = _split(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ValueError("write smtp://user:password@host:587 or smtps://host")
    for name, option in parse_qsl(parts.query, keep_blank_values=True):
        if name == "starttls" and option in {"never", "auto", "required"}:
            continue
        if name == "connections" and option.isascii() and option.isdigit() and 1 <= int(option) <= 64:
            continue
        is_limit = name in {"per_minute", "domain_per_minute"}
        if is_limit and option.isascii() and option.isdigit() and int(option) > 0:
            continue
        raise ValueError(
            "the options are starttls=never|auto|required, connections=1 to 64, and per_minute and "
            "domain_per_minute, whole numbers of letters from 1"
        )
    return value


def mailbox(value: str) -> str:
    """`Name <address>` or an address; nothing stays nothing."""
    if value and not _address(value):
        raise ValueError("write an address, such as ISCM Highlights <highlights@example.org>")
    return one_line(value)


def domain(value: str) -> str:
    """A domain in its ASCII form, lower case; nothing stays nothing."""
    if value and not _DOMAIN.fullmatch(value):
        raise ValueError("write a domain, such as bounces.example.org")
    return value.lower()


def domain_of(value: str) -> str:
    """The domain of a mailbox; nothing of nothing."""
    address = _address(value)
    return address.domain.lower() if address else ""


def time_zone(value: str) -> str:
    """A name tzdata knows."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a zone by its IANA name, such as Europe/Zurich") from None
    return value


def languages(value: object) -> object:
    """Languages this program has words for, English among them; `en, fr` and a list are both understood."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise ValueError("write languages with commas between, such as en,fr")  # noqa: TRY004 - pydantic wants it
    wanted = tuple(dict.fromkeys(str(name).strip().lower() for name in names if str(name).strip()))
    if "en" not in wanted or not set(wanted) <= set(LANGUAGES):
        raise ValueError(f"choose among {', '.join(LANGUAGES)}; en must be one of them")
    return wanted


def networks(value: object) -> object:
    """Networks in their plain spelling; an address alone is a network of one; nothing stays nothing."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise ValueError("write networks with commas between, such as 10.0.0.0/8,::1")  # noqa: TRY004 - pydantic wants it
    try:
        found = [ipaddress.ip_network(str(name).strip()) for name in names if str(name).strip()]
    except ValueError:
        raise ValueError(
            "write IP addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8"
        ) from None
    return tuple(dict.fromkeys(str(network) for network in found))


def _split(value: str) -> SplitResult:
    """The parts of an address; a port that is no number is refused here, where it can still be told."""
    if not value.isprintable() or " " in value:
        raise ValueError("write an address without spaces")
    parts = urlsplit(value)
    try:
        usable = parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("the port is a number from 1 to 65535")
    return parts


def _address(value: str) -> Address | None:
    _, spec = parseaddr(value)
    try:
        address = Address(addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError):
        return None
    return address if address.username and _DOMAIN.fullmatch(address.domain) else None
