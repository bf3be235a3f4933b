"""Rules on who the letter comes from, who it goes to, and whether it may still go."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Final

from newsletter.preflight.finding import Finding, Inspected, InspectedEdition

_ONE_TENTH: Final = 10
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def headers_are_one_line(edition: InspectedEdition) -> Iterator[Finding]:
    """Find a subject that would not stand in one line, and headers that cannot be written."""
    subject = edition.tree.subject
    if _BREAKS.search(subject.said.strip()):
        sentence = "The header Subject is not one line."
        yield Finding("header", blocks=True, sentence=sentence, evidence=repr(subject.said), node=subject.key)
    if edition.headers_refused:
        yield Finding("header", blocks=True, sentence=edition.headers_refused)


def sender_is_one_line(issue: Inspected) -> Iterator[Finding]:
    """Find a sender that would not stand in one line."""
    if _BREAKS.search(issue.sender.strip()):
        sentence = "The header From is not one line. Set ISCM_MAIL_FROM anew."
        yield Finding("header", blocks=True, sentence=sentence, evidence=repr(issue.sender))


def sender_is_set(issue: Inspected) -> Iterator[Finding]:
    """Find a missing sender or postal address."""
    if "@" not in parseaddr(issue.sender)[1]:
        yield Finding("sender", blocks=True, sentence="There is no sender. Set ISCM_MAIL_FROM.")
    if not issue.postal_address.strip():
        sentence = "The sender's postal address is not set. Set ISCM_POSTAL_ADDRESS."
        yield Finding("postal_address", blocks=True, sentence=sentence)


def audience_is_the_same(issue: Inspected) -> Iterator[Finding]:
    """Find that nobody would receive the issue, or another number than was approved, by more than a tenth."""
    now, approved = issue.audience.now, issue.audience.approved
    if not now:
        sentence = "Nobody would receive it: there is no confirmed subscriber."
        yield Finding("audience", blocks=True, sentence=sentence)
    elif approved is not None and abs(now - approved) * _ONE_TENTH > approved:
        sentence = f"The audience was {approved} at the approval and is {now} now. Approve it again."
        yield Finding("audience", blocks=True, sentence=sentence)


def content_is_approved(issue: Inspected) -> Iterator[Finding]:
    """Find that an approved issue is no longer what was approved."""
    if issue.is_frozen is False:
        sentence = "The content is not the one that was approved (its hash differs). Approve it again."
        yield Finding("hash", blocks=True, sentence=sentence)


def is_not_sent_yet(issue: Inspected) -> Iterator[Finding]:
    """Find that the issue was sent already."""
    if issue.is_sent:
        yield Finding("sent", blocks=True, sentence=f"Issue {issue.code} was sent already.")
