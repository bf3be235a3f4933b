"""Asking the addresses that a letter links to whether they still answer. Never done unasked.

Bounded: so many addresses, so many seconds, no body is read. Safe on the network it runs in: an address that
leads to this machine, to a private network or to an unusual port is refused, also behind a redirect, and what
was looked up once is what is connected to, so that no name can lead elsewhere meanwhile.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

ADDRESSES: Final = 200
SECONDS: Final = 8.0
ALL_SECONDS: Final = 90.0
REDIRECTS: Final = 5
_AT_ONCE: Final = 8
_PORTS: Final = {"http": 80, "https": 443}
_AGENT: Final = "iscm-link-check/1"

Allowed = Callable[[str, int], bool]
"""Whether an IP number and a port may be connected to."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found: dead addresses with the reason, and those that could not be judged, with why."""

    dead: dict[str, str]
    unjudged: dict[str, str]


class _Unjudged(Exception):  # noqa: N818 - it reads as what happened
    """Whether the address works cannot be told from here."""


class _Dead(Exception):  # noqa: N818 - it reads as what happened
    """The address does not work."""


def is_public(number: str, port: int) -> bool:
    """Allow addresses of the public network, at the ports of the web."""
    return ipaddress.ip_address(number).is_global and port in _PORTS.values()


def look_at_links(
    addresses: Iterable[str],
    *,
    own_site: str,
    allowed: Allowed = is_public,
    seconds: float = SECONDS,
    all_seconds: float = ALL_SECONDS,
) -> Looked:
    """Ask each web address once. Those of our own site are left out: its pages are made with the letter."""
    wanted = [
        address
        for address in dict.fromkeys(addresses)
        if urlsplit(address).scheme in _PORTS and not address.startswith(f"{own_site}/")
    ]
    looked = Looked({}, {})
    until = time.monotonic() + all_seconds
    look = partial(_look, allowed=allowed, seconds=seconds, until=until)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="links") as pool:
        for address, (kind, said) in zip(wanted, pool.map(look, wanted[:ADDRESSES]), strict=False):
            if kind == "dead":
                looked.dead[address] = said
            elif kind == "unjudged":
                looked.unjudged[address] = said
    for address in wanted[ADDRESSES:]:
        looked.unjudged[address] = f"not asked: only {ADDRESSES} are"
    return looked


def _look(address: str, *, allowed: Allowed, seconds: float, until: float) -> tuple[str, str]:
    if time.monotonic() > until:
        return "unjudged", "not asked: the time for all of them was over"
    try:
        _ask(address, allowed=allowed, seconds=seconds)
    except (_Unjudged, TimeoutError) as why:
        return "unjudged", str(why) if isinstance(
            why, _Unjudged
        ) else f"no answer within {seconds:.0f} seconds"
    except (_Dead, OSError, http.client.HTTPException, ValueError) as why:
        return "dead", _reason(why)
    return "alive", ""


def _reason(why: Exception) -> str:
    if isinstance(why, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({why.verify_message})"
    return str(why) if isinstance(why, _Dead) else f"it cannot be reached ({type(why).__name__})"


def _ask(address: str, *, allowed: Allowed, seconds: float) -> None:
    for _ in range(REDIRECTS + 1):
        status, location = _status(urlsplit(address), allowed=allowed, seconds=seconds)
        if status in {301, 302, 303, 307, 308} and location:
            address = urljoin(address, location)
            continue
        if status in {404, 410}:
            raise _Dead(f"the answer is {status}, not found")
        if status >= 400:
            # Many sites turn programs away and let people in.
            raise _Unjudged(f"the answer is {status}")
        return
    raise _Dead(f"it leads on more than {REDIRECTS} times")


def _status(parts: SplitResult, *, allowed: Allowed, seconds: float) -> tuple[int, str]:
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _Unjudged("it leads to an address that is no page")
    host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    number = _looked_up(host, port, allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for method in ("HEAD", "GET"):
        connection = _Pinned(host, port, number=number, is_secure=parts.scheme == "https", seconds=seconds)
        try:
            connection.request(method, path, headers={"User-Agent": _AGENT, "Accept": "*/*"})
            answer = connection.getresponse()
            status, location = answer.status, answer.getheader("Location") or ""
        finally:
            connection.close()
        # Some servers know HEAD of no page, or answer it otherwise than GET.
        if status < 400 or status == 410:
            break
    return status, location


def _looked_up(host: str, port: int, allowed: Allowed) -> str:
    """Return the one IP number to connect to. All of a name's numbers must be allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise _Unjudged("its name cannot be looked up now") from None
        raise _Dead("there is no such name") from None
    numbers = [str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found]
    if not all(allowed(number, port) for number in numbers):
        raise _Unjudged("not asked: it leads to a private network or an unusual port")
    return numbers[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one IP number, that speaks to the server by its name."""

    def __init__(self, host: str, port: int, *, number: str, is_secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._number = number
        self._is_secure = is_secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._number, self.port), self.timeout)
        if self._is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
