"""What sends mail, put together from the settings: for commands and for the work process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from iscm.settings import Settings
from iscm.signing import signer_of
from models import Database, Refusal
from newsletter.keys import Keys
from newsletter.mailbox import reachable_mailbox
from newsletter.message import Letterhead
from newsletter.office import PostOffice
from newsletter.relay import SmtpRelay


class NoSender(Refusal):
    """Mail needs a sender."""


def require_sender(settings: Settings) -> None:
    """Raise NoSender while ISCM_MAIL_FROM is not set."""
    if not settings.mail_from:
        raise NoSender(
            "ISCM_MAIL_FROM is not set, so no mail can be sent. Set it to the sender, such as "
            "ISCM Highlights <highlights@example.org>."
        )


def post_office_of(
    settings: Settings, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> PostOffice:
    """Where letters leave from."""
    return PostOffice(
        database=database,
        keys=Keys(settings.secret_key),
        letterhead=Letterhead(
            sender=settings.mail_from, reply_to=settings.mail_reply_to or None, base_url=settings.base_url
        ),
        bounce_domain=settings.bounce_domain,
        journals=settings.data_dir / "journals",
        clock=clock,
        signer=signer_of(settings),
    )


@contextmanager
def open_relay(settings: Settings) -> Iterator[SmtpRelay]:
    """Give the mail server of the settings; where none is set, the local mailbox, started if need be.

    Raises NoSender while ISCM_MAIL_FROM is not set.
    """
    require_sender(settings)
    if settings.smtp_url is not None:
        yield SmtpRelay.from_url(settings.smtp_url)
        return
    with reachable_mailbox(settings.data_dir) as url:
        yield SmtpRelay.from_url(url)
