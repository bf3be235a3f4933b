"""One copy of an issue to an editor's own address, before anybody else gets it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from models import Issue, Refusal
from newsletter.addressing import address_key, message_identity, read_address
from newsletter.contents import newest_revision, standing_approval
from newsletter.course import approved_editions
from newsletter.editions import encoded
from newsletter.letters import letters_of
from newsletter.links import Purpose, make_token
from newsletter.message import EncodedEdition, Recipient, letter_bytes
from newsletter.preflight.check import Stationery
from newsletter.staying_away import why_away
from newsletter.suppression import suppressed_among
from newsletter.transport import Parcel

# No subscriber has this number: the links of a trial copy lead to pages, and change nothing.
_NOBODY = 0


class KeptAway(Refusal):
    """Nothing is sent to this address, not even a trial copy."""


class NoSuchEdition(Refusal):
    """The issue is not in that language."""


def trial_parcels(
    session: Session,
    issue: Issue,
    stationery: Stationery,
    *,
    to: str,
    now: datetime,
    language: str | None = None,
) -> Iterator[Parcel]:
    """Yield a copy of each edition: the approved bytes where there are such, else what the issue says now.

    With a language, of that edition alone. Nothing is counted and no row is written. Raises BadAddress,
    NoSuchEdition, and KeptAway for a suppressed address.
    """
    address = read_address(to)
    if suppressed_among(session, stationery.keys, [address_key(address)]):
        raise KeptAway(why_away(session, stationery.keys, to))
    templates = dict(_templates(session, issue, stationery))
    if language is not None and language not in templates:
        raise NoSuchEdition(f"Issue {issue.code} has no edition {language}; it has {', '.join(templates)}.")
    for edition, template in templates.items():
        if language not in {None, edition}:
            continue
        recipient = Recipient(
            address=address,
            message_id=message_identity(
                stationery.keys,
                issue=f"{issue.code} on trial at {now.isoformat()}",
                address=address,
                edition=edition,
                domain=stationery.letterhead.domain,
            ),
            unsubscribe=_token(stationery, Purpose.UNSUBSCRIBE, address),
            preferences=_token(stationery, Purpose.PREFERENCES, address),
            # A trial copy of a correction answers what this reader got, if they got it.
            corrected=message_identity(
                stationery.keys,
                issue=issue.corrects or "",
                address=address,
                edition=edition,
                domain=stationery.letterhead.domain,
            ),
        )
        yield Parcel(
            sender=stationery.letterhead.sender_address,
            recipient=address,
            envelope_id=f"t{issue.id}",
            letter=letter_bytes(EncodedEdition(template, date=now, signer=stationery.signer), recipient),
        )


def _templates(session: Session, issue: Issue, stationery: Stationery) -> Iterator[tuple[str, bytes]]:
    if standing_approval(session, issue) is not None:
        for edition in approved_editions(session, issue):
            yield edition.language, edition.message
        return
    for letter in letters_of(newest_revision(session, issue), stationery.imprint):
        yield letter.language, encoded(issue.code, letter, stationery.letterhead)


def _token(stationery: Stationery, purpose: Purpose, address: str) -> str:
    return make_token(stationery.keys, purpose, row=_NOBODY, address_key=address_key(address))
