"""The stylesheet, fonts and pictures: served under names that hold their hash, to be kept for ever."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web.representation import represent, zipped

FOLDER: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static/"

_FOR_A_DAY: Final = "public, max-age=86400"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_HASH_LETTERS: Final = 12
_CSS_ADDRESS: Final = re.compile(rb'url\("(?P<name>[^":]+)"\)')
# Strings first, so that what they hold is left alone. A colon keeps the space before it, which says "within"
# in a selector; behind it a selector has none.
_CSS_SLACK: Final = re.compile(
    rb"""(?P<kept>"[^"]*"|'[^']*')|\s*/\*.*?\*/\s*|\s*;\s*(?P<last>\})\s*|\s*(?P<mark>[{};,])\s*|(?P<colon>:)\s+|\s+""",
    re.DOTALL,
)

# The system's own table of types differs from machine to machine; these are the ones we serve.
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
}
_COMPRESSED: Final = {".woff2", ".png"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `small` is its gzipped form, None where it is compressed by nature."""

    address: str
    content_type: str
    body: bytes
    small: bytes | None


class Assets:
    """The files of a folder, read once. Their addresses change when their content does, and only then."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read every file below the folder; stylesheets last, since they name the others.

        The stylesheets of a folder are served as one of its name, joined in the order of their names: those
        of `site/` are `site.css`.
        """
        self._by_name: dict[str, Asset] = {}
        files = sorted(path for path in folder.rglob("*") if path.suffix in _TYPES)
        sheets: dict[str, bytes] = {}
        for path in files:
            if path.suffix == ".css":
                name = path.parent.relative_to(folder).with_suffix(".css").as_posix()
                sheets[name] = sheets.get(name, b"") + path.read_bytes()
            else:
                self._add(path.relative_to(folder).as_posix(), path.read_bytes())
        for name, body in sheets.items():
            self._add(name, body)
        self._by_address = {asset.address: asset for asset in self._by_name.values()}

    def named(self, name: str) -> Asset:
        """Return a file by its path below the folder; raises KeyError when there is none."""
        return self._by_name[name]

    def address(self, name: str) -> str:
        """Return the address of a file by its path below the folder; raises KeyError when there is none."""
        return self.named(name).address

    def answer(self, request: Request) -> Response:
        """Answer a request below `/static/`."""
        asset = self._by_address.get(request.url.path)
        if asset is None:
            return PlainTextResponse("There is no such file.\n", status_code=404)
        return _sent(request, asset, kept=_FOR_EVER)

    def icon(self, request: Request) -> Response:
        """Answer `/favicon.ico`, which browsers ask for on pages that name no icon, such as an old letter."""
        return _sent(request, self._by_name["mark.svg"], kept=_FOR_A_DAY)

    def _add(self, name: str, body: bytes) -> None:
        path = Path(name)
        if path.suffix == ".css":
            body = _CSS_ADDRESS.sub(self._named_anew, _CSS_SLACK.sub(_tightened, body))
        digest = hashlib.sha256(body).hexdigest()[:_HASH_LETTERS]
        address = f"{PREFIX}{path.with_suffix('').as_posix()}.{digest}{path.suffix}"
        small = None if path.suffix in _COMPRESSED else zipped(body)
        self._by_name[name] = Asset(address, _TYPES[path.suffix], body, small)

    def _named_anew(self, found: re.Match[bytes]) -> bytes:
        return f'url("{self.address(found["name"].decode())}")'.encode()


def _tightened(found: re.Match[bytes]) -> bytes:
    """Return what stays of a string, a mark with space around it, a comment or space: all but the slack."""
    return found[found.lastgroup] if found.lastgroup else b" "


def _sent(request: Request, asset: Asset, *, kept: str) -> Response:
    headers = {"Content-Type": asset.content_type, "Cache-Control": kept}
    return represent(
        request, asset.body, headers=headers, compressible=asset.small is not None, made=asset.small
    )
