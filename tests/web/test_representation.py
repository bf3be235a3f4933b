"""Compressed or not, tagged, and sent once."""

import gzip
import re

import pytest

from models import Database
from tests.web.visitor import visitor
from web.representation import takes_gzip

PUBLIC = ["/", "/mechanisms/bali-process", "/nothing"]


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("x-gzip", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("br;q=1.0, gzip;q=0", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("gzip;q=much", False),
        ("", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(accepted: str, *, takes: bool) -> None:
    """The header of RFC 9110, 12.5.3, with its weights."""
    assert takes_gzip(accepted) is takes


@pytest.mark.parametrize("path", PUBLIC)
def test_page_has_two_forms_of_the_same_words(sqlite_registry: Database, path: str) -> None:
    """Gzipped and plain pages say the same; their tags differ, so that no cache joins halves of them."""
    client = visitor(sqlite_registry)
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    small = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert small.text == plain.text
    assert (plain.headers.get("content-encoding"), small.headers["content-encoding"]) == (None, "gzip")
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert {plain.headers["vary"], small.headers["vary"]} == {"Accept-Encoding"}
    if plain.status_code == 200:
        assert small.headers["etag"] == f'{plain.headers["etag"][:-1]}-gzip"'


def test_unchanged_page_is_not_sent_in_either_form(sqlite_registry: Database) -> None:
    """304 for the form the browser holds; the tag of the other form is another representation's."""
    client = visitor(sqlite_registry)
    for coding, other in (("gzip", "identity"), ("identity", "gzip")):
        tag = client.get("/", headers={"Accept-Encoding": coding}).headers["etag"]
        held = client.get("/", headers={"Accept-Encoding": coding, "If-None-Match": tag})
        assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", tag)
        assert (held.headers["vary"], held.headers["cache-control"]) == (
            "Accept-Encoding",
            "public, no-cache",
        )
        assert client.get("/", headers={"Accept-Encoding": other, "If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/u/AAAAAAAAAAAAAAAAAAAAAA", "/p/AAAAAAAAAAAAAAAAAAAAAA"])
def test_page_whose_address_is_a_secret_is_never_compressed(sqlite_registry: Database, path: str) -> None:
    """What is compressed tells by its length of what is in it (BREACH); nor is its address told."""
    answer = visitor(sqlite_registry).get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == (
        "private, no-store",
        "no-referrer",
    )
    assert re.findall(r'rel="canonical"|property="og:|/report\?', answer.text) == []


def test_assets_are_compressed_once(sqlite_database: Database) -> None:
    """The stylesheet is gzipped, fonts and pictures are what they are; each is tagged and not sent twice."""
    client = visitor(sqlite_database)
    page = client.get("/").text
    sheet = re.findall(r'rel="stylesheet" href="([^"]*)"', page)[0]
    font = re.findall(r'rel="preload" href="([^"]*)"', page)[0]
    taken = {"Accept-Encoding": "gzip"}
    small, plain = (
        client.get(sheet, headers=taken),
        client.get(sheet, headers={"Accept-Encoding": "identity"}),
    )
    assert (small.headers["content-encoding"], small.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert len(gzip.compress(plain.content, 6)) == int(small.headers["content-length"])
    assert small.content == plain.content
    letters = client.get(font, headers=taken)
    assert "content-encoding" not in letters.headers
    assert "vary" not in letters.headers
    for address, first in ((sheet, small), (font, letters)):
        again = client.get(address, headers={**taken, "If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert again.headers["cache-control"] == "public, max-age=31536000, immutable"
