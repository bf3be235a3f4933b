"""An issue as files to look at: what a reader would see, and the very mail."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from models import Issue
from newsletter.contents import newest_revision, tree_of
from newsletter.editions import encoded
from newsletter.fit import fitted_letter
from newsletter.message import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, EncodedEdition, Recipient
from newsletter.preflight.check import Stationery

_TOKEN = "preview-preview-previe"  # noqa: S105 - as long as a token, and the key to nothing


def preview_files(
    session: Session, issue: Issue, stationery: Stationery, *, now: datetime
) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of the files of each language: LANG.html, LANG.txt, LANG.eml.

    The mail is addressed to nobody real, and its links lead nowhere. Its date is the scheduled instant, or
    now.
    """
    letter = fitted_letter(tree_of(newest_revision(session, issue)), stationery.imprint)
    reader = Recipient(
        address="reader@example.org",
        message_id=f"preview.{issue.code}@{stationery.letterhead.domain}",
        unsubscribe=_TOKEN,
        preferences=_TOKEN,
    )
    edition = EncodedEdition(
        encoded(issue.code, letter, stationery.letterhead), date=issue.scheduled_at or now
    )
    yield f"{letter.language}.html", _filled(letter.html)
    yield f"{letter.language}.txt", _filled(letter.text)
    yield f"{letter.language}.eml", edition.join(reader)


def _filled(content: str) -> bytes:
    return content.replace(UNSUBSCRIBE_SLOT, _TOKEN).replace(PREFERENCES_SLOT, _TOKEN).encode()
