"""The browser that tests are given."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<!doctype html><title>ISCM</title><p lang=ar>مرحبا".encode())

    def log_message(self, *_words: object) -> None:
        """Say nothing on standard error."""


@pytest.fixture
def address() -> Iterator[str]:
    """A page on loopback."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_browser_reads_loopback_and_nothing_else(page: Page, address: str) -> None:
    """Chromium opens a page of this machine, and finds no other machine whatever a page asks for."""
    page.goto(address)
    assert page.title() == "ISCM"
    assert page.locator("p").inner_text() == "مرحبا"
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
