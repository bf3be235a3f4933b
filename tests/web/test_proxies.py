"""Who asks, as named proxies tell it and as nobody else can."""

import asyncio
import ipaddress
from collections.abc import MutableMapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from web.proxies import NamedProxies, Networks, client_of, read_address

TRUSTED = Networks(["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"])

PROXIES = st.sampled_from(["127.0.0.1", "10.1.2.3", "10.255.0.1", "fd00::7"])
STRANGERS = (
    st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).filter(lambda one: one not in TRUSTED).map(str)
)
NOISE = st.text(st.characters(codec="ascii", exclude_characters="\r\n"), max_size=30)


def seen(headers: list[tuple[str, str]], *, peer: str | None, scheme: str = "http") -> Scope:
    """What the application sees of a request with these headers from this peer."""
    kept: list[Scope] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        kept.append(scope)

    async def ask() -> None:
        async def receive() -> MutableMapping[str, Any]:
            return {}

        async def send(message: MutableMapping[str, Any]) -> None:
            return

        scope = {
            "type": "http",
            "client": (peer, 50000) if peer else None,
            "scheme": scheme,
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        }
        await NamedProxies(application, trusted=TRUSTED)(scope, receive, send)

    asyncio.run(ask())
    return kept[0]


def client(headers: list[tuple[str, str]], *, peer: str | None) -> str | None:
    """Who the application takes for the client; None for nobody it knows."""
    found = client_of(seen(headers, peer=peer))
    return str(found) if found else None


@given(peer=STRANGERS, spoofed=NOISE, name=st.sampled_from(["X-Forwarded-For", "Forwarded", "X-Real-IP"]))
def test_nobody_is_believed_who_is_not_named(peer: str, spoofed: str, name: str) -> None:
    """From an unknown peer no header changes who it is or how it came; and it is nobody we know."""
    scope = seen(
        [(name, spoofed), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example")], peer=peer
    )
    assert (scope["client"], scope["scheme"]) == ((peer, 50000), "http")
    assert client_of(scope) is None


@given(
    spoofed=st.lists(NOISE, max_size=3), real=STRANGERS, behind=st.lists(PROXIES, max_size=3), peer=PROXIES
)
def test_what_a_client_writes_itself_is_left_of_its_own_address(
    spoofed: list[str], real: str, behind: list[str], peer: str
) -> None:
    """Whatever it claims, named proxies append whom they see: the right-most stranger is the client."""
    chain = ", ".join([*spoofed, real, *behind])
    expected = str(read_address(real))
    assert client([("X-Forwarded-For", chain)], peer=peer) == expected
    split = [("X-Forwarded-For", word) for word in chain.split(",")]
    assert client(split, peer=peer) == expected


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([], "10.0.0.1"),
        ([""], "10.0.0.1"),
        ([" , "], "10.0.0.1"),
        (["203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7:4711"], "203.0.113.7"),
        (["[2001:db8::1]:4711"], "2001:db8::1"),
        (["::ffff:203.0.113.7"], "203.0.113.7"),
        (["127.0.0.1, 203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7, 10.9.9.9"], "203.0.113.7"),
        (["10.3.3.3, 10.9.9.9"], "10.3.3.3"),
        (["203.0.113.7", "10.9.9.9"], "203.0.113.7"),
        (["203.0.113.7, unknown"], None),
        (["127.0.0.1, "], "127.0.0.1"),
    ],
)
def test_chain_is_read_from_the_right(chain: list[str], expected: str | None) -> None:
    """Named proxies are passed over; what no proxy would write makes the client unknown."""
    assert client([("X-Forwarded-For", one) for one in chain], peer="10.0.0.1") == expected


def test_peer_without_an_address_is_nobody() -> None:
    """A socket file has no address to be trusted by."""
    assert client([("X-Forwarded-For", "127.0.0.1")], peer=None) is None


def test_peer_in_ipv6_dress_is_the_same_peer() -> None:
    """A server that listens on :: sees IPv4 clients as ::ffff:... ."""
    assert client([("X-Forwarded-For", "203.0.113.7")], peer="::ffff:10.0.0.1") == "203.0.113.7"
    assert ipaddress.ip_address("127.0.0.1") in TRUSTED


@pytest.mark.parametrize(
    ("told", "scheme"), [("https", "https"), ("HTTPS", "https"), ("http, https", "https"), ("gopher", "http")]
)
def test_scheme_is_what_the_nearest_proxy_says(told: str, scheme: str) -> None:
    """Http or https, in any spelling; anything else leaves it as it is."""
    assert seen([("X-Forwarded-Proto", told)], peer="127.0.0.1")["scheme"] == scheme
    assert seen([("X-Forwarded-Proto", told)], peer="203.0.113.7")["scheme"] == "http"
