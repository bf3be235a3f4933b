"""HTTP as bytes on a socket: what ordinary clients tidy up before they send it."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse


@dataclass(frozen=True)
class Exchange:
    """An answer; the names of headers in lower case, none of which stood twice."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(port: int, target: bytes, *lines: bytes, method: bytes = b"GET") -> Exchange:
    """Send one request whose target and header lines are these bytes, on a connection of its own."""
    request = [method + b" " + target + b" HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close", *lines]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
        caller.sendall(b"\r\n".join(request) + b"\r\n\r\n")
        answer = HTTPResponse(caller, method=method.decode())
        answer.begin()
        body = answer.read()
        named = [(name.lower(), value) for name, value in answer.getheaders()]
    assert len(named) == len(dict(named)), "a header stands twice"
    return Exchange(answer.status, dict(named), body)
