"""One resource in the form the reader's browser takes: as it is or gzipped, or "you have it already"."""

import gzip
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

SMALLEST: Final = 1024
"""Bytes below which gzip is not worth its header: the answer fits into one packet either way."""

_TAG_LETTERS: Final = 32


def zipped(body: bytes) -> bytes:
    """Return the gzipped form: the same bytes each time, since no moment is written into it."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def represent(
    request: Request,
    body: bytes,
    *,
    headers: Mapping[str, str],
    status: int = 200,
    compressible: bool = True,
    made: bytes | None = None,
) -> Response:
    """Answer with a body anyone may keep: tagged, gzipped where the browser takes it, 304 where it has it.

    The two forms are two representations and have two strong tags (RFC 9110, 8.8.3.3), so a cache never
    joins halves of both; `Vary` stands on each answer, 304 too (15.4.5). `made` is the gzipped form where it
    was made before; what is compressed by nature, such as a font, is not `compressible`. Feeds and pages
    whose address is a secret are answered elsewhere: they are never compressed.
    """
    sent = dict(headers)
    tag = sha256(body).hexdigest()[:_TAG_LETTERS]
    if compressible and len(body) >= SMALLEST:
        sent["Vary"] = "Accept-Encoding"
    as_gzip = "Vary" in sent and takes_gzip(request.headers.get("accept-encoding", ""))
    sent["ETag"] = f'"{tag}-gzip"' if as_gzip else f'"{tag}"'
    if status == 200 and is_held(request, sent["ETag"]):
        return Response(status_code=304, headers=sent)
    if as_gzip:
        body = zipped(body) if made is None else made
        sent["Content-Encoding"] = "gzip"
    return Response(body, status_code=status, headers=sent)


def takes_gzip(accepted: str) -> bool:
    """Tell whether an Accept-Encoding header takes gzip (RFC 9110, 12.5.3); no header is taken as no."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, parameters = part.partition(";")
        weights[coding.strip()] = _weight(parameters)
    named = next((weights[coding] for coding in ("gzip", "x-gzip") if coding in weights), None)
    return (weights.get("*", 0.0) if named is None else named) > 0


def is_held(request: Request, etag: str) -> bool:
    """Tell whether the reader has the representation with this tag, quotes included.

    Compares weakly (RFC 9110, 13.1.2): `W/` is set aside, and `*` holds for any page that exists.
    """
    if request.method not in {"GET", "HEAD"}:
        return False
    given = request.headers.get("if-none-match", "")
    held = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in held or "*" in held


def _weight(parameters: str) -> float:
    """Return the weight after `q=`, 1 where none is given, 0 where it cannot be read."""
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
