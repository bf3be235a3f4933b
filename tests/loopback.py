"""A guard that keeps every test on this machine."""

import ipaddress
import socket
import sys

_NAMES = {"localhost", "ip6-localhost"}


class LeftTheMachine(RuntimeError):  # noqa: N818 - it reads as what happened
    """A test tried to reach, or to be reached from, more than this machine."""


def stay_on_loopback() -> None:
    """From now on any socket of this process that is not a loopback one raises LeftTheMachine."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.bind", "socket.sendto"}:
        place, address = arguments[0], arguments[1]
        if isinstance(place, socket.socket) and place.family in {socket.AF_INET, socket.AF_INET6}:
            _require_loopback(event, address[0] if isinstance(address, tuple) else address)
    elif event == "socket.getaddrinfo" and arguments[0] is not None:
        _require_loopback(event, arguments[0])


def _require_loopback(event: str, host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in _NAMES:
        return
    try:
        if ipaddress.ip_address(name.partition("%")[0]).is_loopback:
            return
    except ValueError:
        pass
    raise LeftTheMachine(f"{event} of {name!r}: tests use loopback addresses only")
