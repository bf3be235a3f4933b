"""What the pages know of the installation they belong to: plain values, handed in at the start."""

from dataclasses import dataclass
from pathlib import Path

from newsletter.keys import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One installation.

    `base_url` has no trailing slash. `languages` are those a reader may choose, the first one preset.
    `contact` and `postal_address` are printed on the page about privacy; None leaves them out. `mailbox` is
    the folder of the local mailbox; it is None where letters leave the machine, and then there is no
    `/mailbox`. `keys` sign the links of readers. `documents` is the folder of the
    documents' files; None where none are kept.
    """

    base_url: str
    languages: tuple[str, ...]
    keys: Keys
    contact: str | None = None
    postal_address: str | None = None
    mailbox: Path | None = None
    documents: Path | None = None
