"""What the rules look at, and what they find."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.refusal import Refusal
from newsletter.facts import MeetingFacts
from newsletter.highlights import Highlights
from newsletter.rendering import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """That an editor lets a warning stand: why, who, when."""

    reason: str
    editor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found; one that blocks stops the issue, any other only warns.

    evidence shows what was found. edition is the language it was found in, empty for the whole issue; node
    the key of the text it stands in, line its line in the edition's text (LANG.txt of a preview), size its
    bytes. overridden tells why a warning stands.
    """

    rule: str
    blocks: bool
    sentence: str
    evidence: str = ""
    edition: str = ""
    node: str = ""
    line: int | None = None
    size: int | None = None
    overridden: Overridden | None = None

    @property
    def fingerprint(self) -> str:
        """The hash of what was found: equal as long as exactly that is found, on whichever line."""
        found = (self.rule, self.edition, self.node, self.sentence, self.evidence, str(self.size))
        return hashlib.sha256("\0".join(found).encode()).hexdigest()

    def __str__(self) -> str:
        """The sentence with its evidence and place, as a person reads it."""
        places = [
            self.evidence,
            self.node,
            f"{self.edition}.txt line {self.line}" if self.line is not None else "",
        ]
        where = "; ".join(place for place in places if place)
        return f"{self.sentence} ({where})" if where else self.sentence


@dataclass(frozen=True, slots=True)
class Outdated:
    """A node of which the record says something else than when the issue was compiled.

    said is None for what is new in the record, now for what is gone from it. edited is an editor's
    text on it. edition is the language of the text.
    """

    key: str
    said: str | None
    now: str | None
    edited: str | None = None
    edition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How many would receive the issue now, and how many would have when it was approved, if it was."""

    now: int
    approved: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedEdition:
    """One edition as the rules see it.

    letter is what fits into a mail; tree is the whole. pictures are the bytes of those that travel inside the
    letter, by name. headers_refused is why the message cannot be written, if it cannot.
    """

    tree: Highlights
    letter: Letter
    pictures: Mapping[str, int] = field(default_factory=dict)
    headers_refused: str | None = None

    @property
    def language(self) -> str:
        """The edition's language."""
        return self.tree.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """An issue as the rules see it, with what the record says of its meetings now.

    editions are by language, English first; languages are those a reader may choose. base_url is the site's
    address now, without a trailing slash; leaves_the_machine says whether letters go to a real mail server.
    outdated is what the record would say otherwise today. dead_links are addresses that were asked and did
    not answer well, with what was found. is_frozen says, for an approved issue, whether its content and its
    editions are still those that were approved; None when it is not approved.
    """

    editions: tuple[InspectedEdition, ...]
    languages: tuple[str, ...]
    meetings: Mapping[str, MeetingFacts]
    sender: str
    postal_address: str
    base_url: str
    audience: Audience
    outdated: tuple[Outdated, ...] = ()
    dead_links: Mapping[str, str] = field(default_factory=dict)
    leaves_the_machine: bool = False
    is_frozen: bool | None = None
    is_sent: bool = False

    @property
    def code(self) -> str:
        """The issue's code."""
        return self.editions[0].tree.code

    @property
    def year(self) -> int:
        """The issue's year."""
        return self.editions[0].tree.year


class Blocked(Refusal):
    """The preflight found something that stops the issue."""

    def __init__(self, code: str, findings: list[Finding]) -> None:
        """Name every finding that blocks."""
        super().__init__(
            f"The preflight stops issue {code}: {' '.join(str(finding) for finding in findings)}"
        )
