"""Editions: an issue's letter in one language, encoded, and frozen byte for byte by an approval."""

import hashlib

from models import Edition
from models.issue import is_correction
from newsletter.message import Content, InlinePicture, Letterhead, encode_edition
from newsletter.pictures.png import png_of
from newsletter.rendering import Letter


def encoded(code: str, letter: Letter, letterhead: Letterhead) -> bytes:
    """Return the message of a letter with its slots. Raises ValueError when a header cannot be written."""
    content = Content(
        issue=code,
        language=letter.language,
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
        pictures=tuple(
            InlinePicture(one.cid, f"{one.shows}.png", png_of(one.svg, width=one.width))
            for one in letter.pictures
        ),
        is_correction=is_correction(code),
    )
    return encode_edition(content, letterhead)


def frozen_edition(
    approval_id: int, code: str, letter: Letter, letterhead: Letterhead, *, pdf: bytes | None = None
) -> Edition:
    """Return the row of an edition, with the hash of everything in it."""
    edition = Edition(
        approval_id=approval_id,
        language=letter.language,
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
        web=letter.web,
        message=encoded(code, letter, letterhead),
        pdf=pdf,
    )
    edition.hash = edition_hash(edition)
    return edition


def edition_hash(edition: Edition) -> str:
    """Return the SHA-256 (hex) over message, HTML, text and web page, and over the PDF where there is one."""
    digest = hashlib.sha256()
    parts = (edition.message, edition.html.encode(), edition.text.encode(), edition.web.encode())
    for part in parts if edition.pdf is None else (*parts, edition.pdf):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()
