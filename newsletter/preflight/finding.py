"""What the rules look at, and what they find."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.refusal import Refusal
from newsletter.facts import MeetingFacts
from newsletter.highlights import Highlights
from newsletter.rendering import Letter


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found.

    evidence shows where; a finding that blocks stops the issue, any other only warns.
    """

    rule: str
    blocks: bool
    sentence: str
    evidence: str = ""

    def __str__(self) -> str:
        """The sentence with its evidence, as a person reads it."""
        return f"{self.sentence} ({self.evidence})" if self.evidence else self.sentence


@dataclass(frozen=True, slots=True)
class Outdated:
    """A node of which the record says something else than when the issue was compiled.

    said is None for what is new in the record, now for what is gone from it. edited is an editor's
    text on it.
    """

    key: str
    said: str | None
    now: str | None
    edited: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How many would receive the issue now, and how many would have when it was approved, if it was."""

    now: int
    approved: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """An issue as the rules see it, with what the record says of its meetings now.

    base_url is the site's address now, without a trailing slash; leaves_the_machine says whether letters go
    to a real mail server. outdated is what the record would say otherwise today.
    headers_refused is why the message cannot be written, if it cannot. is_frozen says, for an approved issue,
    whether its content and its editions are still those that were approved; None when it is not approved.
    """

    tree: Highlights
    letter: Letter
    meetings: Mapping[str, MeetingFacts]
    sender: str
    postal_address: str
    base_url: str
    audience: Audience
    headers_refused: str | None = None
    outdated: tuple[Outdated, ...] = ()
    leaves_the_machine: bool = False
    is_frozen: bool | None = None
    is_sent: bool = False


class Blocked(Refusal):
    """The preflight found something that stops the issue."""

    def __init__(self, code: str, findings: list[Finding]) -> None:
        """Name every finding that blocks."""
        super().__init__(
            f"The preflight stops issue {code}: {' '.join(str(finding) for finding in findings)}"
        )
