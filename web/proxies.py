"""Who really asks, where proxies stand in between: what they say is heeded only from those that are named.

Anybody can write X-Forwarded-For. So the chain of addresses is read from its right end, where the proxy that
we know has written, and only as far as the writers are named ones; the first other address is the client.
BASE_URL decides where links lead: Host and X-Forwarded-Host are read by nobody.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_FOR: Final = b"x-forwarded-for"
_SCHEME: Final = b"x-forwarded-proto"
_FORWARDED: Final = frozenset({_FOR, _SCHEME, b"x-forwarded-host", b"x-real-ip", b"forwarded"})
_SCHEMES: Final = {b"http": "http", b"https": "https"}


class Networks:
    """A set of networks, and whether an address is in it. An IPv4 address in IPv6 dress counts as itself."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Take networks as ISCM_TRUSTED_PROXIES has them. Raises ValueError."""
        self._networks: Sequence[Network] = [ipaddress.ip_network(one) for one in networks]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: object) -> bool:
        return isinstance(address, Address) and any(address in network for network in self._networks)


class NamedProxies:
    """Gives the application behind it the client's own address and scheme as the named proxies tell them.

    After it `scope["client"]` is the client, or None where a named proxy said what is no address. What named
    proxies said is taken off the request: a forwarding header that is still there came from somebody else.
    """

    def __init__(self, inner: ASGIApp, *, trusted: Networks) -> None:
        """Stand in front of `inner`."""
        self._inner = inner
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the application."""
        if self._trusted and scope["type"] == "http":
            peer = read_address(scope["client"][0]) if scope.get("client") else None
            if peer is not None and peer in self._trusted:
                scope = self._as_told(scope, peer)
        await self._inner(scope, receive, send)

    def _as_told(self, scope: Scope, peer: Address) -> Scope:
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        chain = b",".join(value for name, value in headers if name == _FOR).decode("latin-1")
        client = nearest_stranger(chain, peer=peer, trusted=self._trusted)
        schemes = [value for name, value in headers if name == _SCHEME]
        told = schemes[-1].rpartition(b",")[2].strip().lower() if schemes else b""
        return {
            **scope,
            "client": (str(client), 0) if client is not None else None,
            "scheme": _SCHEMES.get(told, scope["scheme"]),
            "headers": [header for header in headers if header[0] not in _FORWARDED],
        }


def nearest_stranger(chain: str, *, peer: Address, trusted: Networks) -> Address | None:
    """Return the first address from the right of a chain that is no named proxy's.

    The chain is what X-Forwarded-For holds, `peer` the named proxy that handed it over. Where all are named
    it is the left-most one, without a chain the peer. None where a named proxy wrote what is no address.
    """
    client: Address = peer
    words = [word.strip() for word in chain.split(",")]
    for word in reversed([word for word in words if word]):
        found = read_address(word)
        if found is None:
            return None
        client = found
        if client not in trusted:
            break
    return client


def read_address(word: str) -> Address | None:
    """Return an address written as proxies do, with a port or brackets too; None for anything else."""
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        address = ipaddress.ip_address(word)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def client_of(scope: Scope) -> Address | None:
    """Return who asks, or None where that cannot be told: a proxy that is not named speaks for somebody."""
    if scope.get("client") is None or any(name.lower() in _FORWARDED for name, _ in scope["headers"]):
        return None
    return read_address(scope["client"][0])
