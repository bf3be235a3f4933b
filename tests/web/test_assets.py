"""The stylesheet, fonts and pictures."""

import re
from pathlib import Path

from models import Database
from templates.hues import HUES
from tests.web.visitor import visitor
from web.assets import FOLDER, Assets


def test_assets_are_named_by_their_content(tmp_path: Path) -> None:
    """A changed font changes the address of the stylesheet that names it; nothing else does."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "fonts.css").write_text(
        '@font-face { src: url("a.woff2") } b { background: url("data:,x") }'
    )
    (tmp_path / "a.woff2").write_bytes(b"one")
    first, again = (Assets(tmp_path).address("site.css") for _ in range(2))
    (tmp_path / "a.woff2").write_bytes(b"two")
    assert first == again
    assert Assets(tmp_path).address("site.css") != first


def test_stylesheet_is_sent_without_slack(tmp_path: Path) -> None:
    """Remarks and indentation stay at home; what stands in quotes goes out as it is."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.css").write_text(
        "/* A remark; {really} */\n@media (min-width: 60rem) {\n  a , b > i { margin: 0 1px;\n }\n}\n"
        'b::before { content: " ,  /* kept */ "; inline-size: calc(1px + 2px) }\n'
        "p :hover { color: red; }\n"
    )
    assert Assets(tmp_path).named("site.css").body == (
        b" @media (min-width:60rem){a,b > i{margin:0 1px}}"
        b'b::before{content:" ,  /* kept */ ";inline-size:calc(1px + 2px)}p :hover{color:red}'
    )


def test_assets_are_kept_for_ever(sqlite_database: Database) -> None:
    """Every file of the stylesheet is there, with its type, to be kept a year; another hash is not found."""
    client = visitor(sqlite_database)
    sheet = Assets().address("site.css")
    answer = client.get(sheet)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "text/css; charset=utf-8",
        "public, max-age=31536000, immutable",
    )
    fonts = re.findall(r'url\("([^"]*)"\)', answer.text)
    assert len(fonts) == 8
    assert {client.get(font).headers["content-type"] for font in fonts} == {"font/woff2"}
    missing = client.get(re.sub(r"\.[0-9a-f]{12}\.", ".000000000000.", sheet))
    assert (missing.status_code, missing.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_assets_are_small() -> None:
    """One stylesheet under 40 kB; all fonts together, for every script at once, under 150 kB."""
    sizes = {path.name: path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()}
    assert len(Assets().named("site.css").body) < 40_000
    fonts = [size for name, size in sizes.items() if name.endswith(".woff2")]
    assert sum(fonts) < 150_000
    assert "OFL.txt" in sizes


def test_stylesheet_has_the_hues_of_the_house() -> None:
    """The colours of the three types are those that feeds and letters use."""
    sheet = _sheet()
    day, night = sheet.split("prefers-color-scheme: dark", 1)
    for kind, hue in HUES.items():
        assert f"--{kind}: {hue.ink};" in day
        assert f"--{kind}-wash: {hue.wash};" in day
        assert f"--{kind}-bar: {hue.calendar};" in day
        assert f"--{kind}: {hue.night_ink};" in night
        assert f"--{kind}-wash: {hue.night_wash};" in night


def test_stylesheet_is_the_same_from_right_to_left() -> None:
    """Nothing says left or right: only start and end."""
    sheet = _sheet()
    sides = re.findall(
        r"(?:margin|padding|border|inset)-(?:left|right)|(?:^|[\s;{])(?:left|right|float)\s*:|text-align:\s*(?:left|right)",
        sheet,
    )
    assert sides == []


def _sheet() -> str:
    """The stylesheet as its parts have it."""
    return "".join(part.read_text() for part in sorted((FOLDER / "site").glob("*.css")))
