"""Asking links: only what is public, bounded in time, and what is dead is told with the reason."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from newsletter.preflight.reaching import Looked, is_public, look_at_links

_ASKED: list[str] = []


class _Pages(BaseHTTPRequestHandler):
    """Pages that answer in every way."""

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def _answer(self, method: str) -> None:
        _ASKED.append(f"{method} {self.path}")
        word = self.path.strip("/")
        if word == "silent":
            self.server.released.wait(5)  # type: ignore[attr-defined]  # set by `_server`
        elif word == "no-head":
            self.send_response(405 if method == "HEAD" else 200)
            self.end_headers()
        elif word.startswith("to-"):
            self.send_response(302)
            self.send_header("Location", word.removeprefix("to-") or "/")
            self.end_headers()
        else:
            self.send_response(int(word or "200"))
            self.end_headers()


@contextmanager
def _server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.released = threading.Event()  # type: ignore[attr-defined]  # for the page that never answers
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    _ASKED.clear()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.released.set()  # type: ignore[attr-defined]  # the same
        server.shutdown()
        thread.join()
        server.server_close()


def _look(*addresses: str, seconds: float = 5) -> Looked:
    return look_at_links(
        addresses, own_site="https://iscm.example", allowed=lambda number, _port: number == "127.0.0.1",
        seconds=seconds,
    )  # fmt: skip


def test_each_answer_is_judged() -> None:
    """Alive, dead, or not to be judged; asked once each, by GET only where HEAD is refused."""
    with _server() as site:
        looked = _look(
            f"{site}/200", f"{site}/200", f"{site}/404", f"{site}/410", f"{site}/403", f"{site}/503",
            f"{site}/no-head", f"{site}/to-/200", f"{site}/to-/404", f"{site}/to-/to-",
        )  # fmt: skip
    assert looked.dead == {
        f"{site}/404": "the answer is 404, not found",
        f"{site}/410": "the answer is 410, not found",
        f"{site}/to-/404": "the answer is 404, not found",
    }
    assert looked.unjudged == {f"{site}/403": "the answer is 403", f"{site}/503": "the answer is 503"}
    assert (_ASKED.count("HEAD /200"), _ASKED.count("GET /200"), _ASKED.count("GET /no-head")) == (2, 0, 1)


def test_server_that_is_silent_or_gone_holds_up_nobody() -> None:
    """Seconds are counted; a closed port is dead; after the time for all nothing more is asked."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    with _server() as site:
        looked = _look(f"{site}/silent", gone, seconds=0.2)
        later = look_at_links([f"{site}/404"], own_site="x", allowed=lambda *_: True, all_seconds=-1)
    assert looked.unjudged == {f"{site}/silent": "no answer within 0 seconds"}
    assert looked.dead == {gone: "it cannot be reached (ConnectionRefusedError)"}
    assert later == Looked({}, {f"{site}/404": "not asked: the time for all of them was over"})


def test_private_addresses_are_never_asked() -> None:
    """Neither by number nor by name, nor by a redirect from a public page; nothing reaches the server."""
    with _server() as site:
        refused = "not asked: it leads to a private network or an unusual port"
        by_name = site.replace("127.0.0.1", "localhost")
        looked = look_at_links([f"{site}/200", f"{by_name}/200"], own_site="https://iscm.example")
        assert (looked.dead, looked.unjudged) == ({}, {f"{site}/200": refused, f"{by_name}/200": refused})
        assert _ASKED == []
        led = _look(f"{site}/to-http://127.0.0.2/x", f"{site}/to-file:///etc/passwd")
    assert led.unjudged == {
        f"{site}/to-http://127.0.0.2/x": refused,
        f"{site}/to-file:///etc/passwd": "it leads to an address that is no page",
    }


@pytest.mark.parametrize(
    ("number", "port", "allowed"),
    [
        ("93.184.215.14", 443, True),
        ("2606:4700::1111", 80, True),
        ("93.184.215.14", 22, False),
        ("127.0.0.1", 80, False),
        ("10.1.2.3", 443, False),
        ("169.254.169.254", 80, False),
        ("192.168.1.1", 443, False),
        ("100.64.0.1", 443, False),
        ("0.0.0.0", 80, False),
        ("::1", 443, False),
        ("fe80::1", 443, False),
        ("fd00::1", 443, False),
        ("::ffff:127.0.0.1", 80, False),
    ],
)
def test_only_the_public_web_is_allowed(number: str, port: int, *, allowed: bool) -> None:
    """Also what clouds keep their secrets at."""
    assert is_public(number, port) is allowed


def test_own_site_and_other_schemes_are_left_out() -> None:
    """Pages of ours are made with the letter, and an address to write to is no page."""
    looked = look_at_links(
        ["https://iscm.example/highlights/2017", "mailto:a@example.org", "webcal://o.example/x"],
        own_site="https://iscm.example",
        allowed=lambda *_: False,
    )
    assert looked == Looked({}, {})


def test_no_more_than_a_number_of_addresses_is_asked() -> None:
    """The rest is told as not asked."""
    addresses = [f"http://127.0.0.1:1/{number}" for number in range(203)]
    looked = look_at_links(addresses, own_site="x")
    assert [why for why in looked.unjudged.values() if "only 200" in why] == ["not asked: only 200 are"] * 3
