"""An issue as files to look at: what a reader would see, and the very mail."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from models import Issue
from newsletter.contents import newest_revision
from newsletter.editions import encoded
from newsletter.letters import letters_of
from newsletter.message import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, EncodedEdition, Recipient
from newsletter.pdf.papers import papers_of
from newsletter.pictures.nodes import Drawn
from newsletter.pictures.png import png_of
from newsletter.preflight.check import Stationery
from newsletter.rendering import Letter

_TOKEN = "preview-preview-previe"  # noqa: S105 - as long as a token, and the key to nothing


def preview_files(
    session: Session, issue: Issue, stationery: Stationery, *, now: datetime
) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of the files of each language: LANG.html, .txt, .eml and .pdf, and web/LANG.html.

    The HTML is that of the mail, but for its pictures, which lie in pictures/: no browser finds those of a
    mail. There is no PDF where the letter does not lead to one. The mail is addressed to nobody real, and its
    links lead nowhere. Its date is the scheduled instant, or now.
    """
    recipient = Recipient(
        address="reader@example.org",
        message_id=f"preview.{issue.code}@{stationery.letterhead.domain}",
        unsubscribe=_TOKEN,
        preferences=_TOKEN,
        corrected=f"preview.{issue.corrects}@{stationery.letterhead.domain}",
    )
    revision = newest_revision(session, issue)
    for letter in letters_of(revision, stationery.imprint):
        template = encoded(issue.code, letter, stationery.letterhead)
        edition = EncodedEdition(template, date=issue.scheduled_at or now)
        yield f"{letter.language}.html", _filled(_with_files(letter))
        yield f"{letter.language}.txt", _filled(letter.text)
        yield f"{letter.language}.eml", edition.join(recipient)
        yield f"web/{letter.language}.html", letter.web.encode()
        for picture in letter.pictures:
            yield _file_of(letter, picture), png_of(picture.svg, width=picture.width)
    for language, pdf in papers_of(revision, stationery.imprint).items():
        yield f"{language}.pdf", pdf


def _with_files(letter: Letter) -> str:
    html = letter.html
    for picture in letter.pictures:
        html = html.replace(f"cid:{picture.cid}", _file_of(letter, picture))
    return html


def _file_of(letter: Letter, picture: Drawn) -> str:
    return f"pictures/{letter.language}-{picture.shows}.png"


def _filled(content: str) -> bytes:
    return content.replace(UNSUBSCRIBE_SLOT, _TOKEN).replace(PREFERENCES_SLOT, _TOKEN).encode()
