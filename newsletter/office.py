"""What sending works with, put together at the edge: records, keys, the sender's name, the journals."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models import Database
from newsletter.dkim.signing import Signer
from newsletter.keys import Keys
from newsletter.message import Letterhead


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """Where letters leave from.

    `clock` gives the time, aware, in UTC; `journals` is a folder of this machine. `bounce_domain` is the
    domain of return addresses; with an empty one letters return to the sender's address. `signer` signs every
    mail; without one none is signed.
    """

    database: Database
    keys: Keys
    letterhead: Letterhead
    bounce_domain: str
    journals: Path
    clock: Callable[[], datetime]
    signer: Signer | None = None

    def signed(self, mail: bytes, *, at: datetime) -> bytes:
        """Return a single mail with its signature, where mails are signed; `at` is its Date."""
        return self.signer.signed(mail, at=at) if self.signer is not None else mail
