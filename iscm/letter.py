"""What the letter is given from the settings.

Its choices, its foot and headers, and the feeds it tells of.
"""

from typing import Final

from iscm.settings import Settings
from iscm.signing import signer_of
from newsletter.keys import Keys
from newsletter.message import Letterhead
from newsletter.options import FeedAddress, Options
from newsletter.pdf.paper import has_typst
from newsletter.preflight.check import Stationery
from newsletter.rendering import Imprint
from templates.languages import ENGLISH

_FEEDS: Final = (
    ("All meetings", "/feeds/all.ics"),
    ("Regional consultative processes", "/feeds/type/rcp.ics"),
    ("Interregional forums", "/feeds/type/irf.ics"),
    ("Global processes", "/feeds/type/global.ics"),
)


def options_of(settings: Settings) -> Options:
    """The choices of an issue that is compiled anew."""
    feeds = tuple(FeedAddress(name=name, address=f"{settings.base_url}{path}") for name, path in _FEEDS)
    languages = (ENGLISH, *(language for language in settings.languages if language != ENGLISH))
    return Options(base_url=settings.base_url, languages=languages, feeds=feeds)


def stationery_of(settings: Settings) -> Stationery:
    """What an issue is put on paper with."""
    return Stationery(
        imprint=Imprint(
            base_url=settings.base_url, postal_address=settings.postal_address, has_pdf=has_typst()
        ),
        letterhead=Letterhead(
            sender=settings.mail_from,
            reply_to=settings.mail_reply_to or None,
            base_url=settings.base_url,
        ),
        keys=Keys(settings.secret_key),
        leaves_the_machine=not settings.uses_local_mailbox,
        signer=signer_of(settings),
        languages=settings.languages,
    )
