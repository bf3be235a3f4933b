"""Rules that only warn: what a careful editor would look at once more."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from models import Confidence
from newsletter.preflight.finding import Finding, Inspected
from newsletter.preflight.linked import linked_addresses

_SHORTENERS: Final = frozenset(["bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly"])
_TRACKING: Final = re.compile(r"[?&](?:utm_\w+|fbclid|gclid|mc_eid)=")
_SHOUTED: Final = re.compile(r"\b(?:[A-Z]{4,}\s+){3,}[A-Z]{4,}\b")
_VAGUE: Final = re.compile(r"\bclick here\b", re.IGNORECASE)
_CHARGED: Final = re.compile(r"\billegal(?:ly)?\s+(?:\w+\s+)?(?:migra|immigra)", re.IGNORECASE)


def links_are_plain(issue: Inspected) -> Iterator[Finding]:
    """Warn of links that are not https, are shortened, or carry tracking."""
    links = linked_addresses(issue.letter.html)
    groups = (
        ("https", "not https", [link for link in links if not link.startswith(("https:", "mailto:"))]),
        ("shortener", "shortened", [link for link in links if urlsplit(link).hostname in _SHORTENERS]),
        ("tracking", "with tracking in them", [link for link in links if _TRACKING.search(link)]),
    )
    for rule, what, found in groups:
        if found:
            sentence = (
                f"{len(found)} link(s) are {what}."
                if rule != "tracking"
                else f"{len(found)} link(s) come {what}."
            )
            yield Finding(rule, blocks=False, sentence=sentence, evidence=found[0])


def words_are_chosen(issue: Inspected) -> Iterator[Finding]:
    """Warn of "click here", of shouting, and of "illegal" where "irregular" is meant."""
    patterns = (
        ("click_here", "A link says “click here”; say where it leads.", _VAGUE),
        ("capitals", "A phrase is written in capitals.", _SHOUTED),
        ("irregular", "Write “irregular migration”, never “illegal”.", _CHARGED),
    )
    for rule, sentence, pattern in patterns:
        found = pattern.search(f"{issue.letter.subject}\n{issue.letter.text}")
        if found:
            yield Finding(rule, blocks=False, sentence=sentence, evidence=found[0])


def preheader_is_there(issue: Inspected) -> Iterator[Finding]:
    """Warn when mailboxes would show nothing beside the subject."""
    if not issue.tree.preheader.said.strip():
        yield Finding("preheader", blocks=False, sentence="There is no preheader.")


def facts_are_sure(issue: Inspected) -> Iterator[Finding]:
    """Warn of each meeting told of which the record is not sure, with the reason it gives."""
    for node in issue.tree.shown_meetings():
        for uid in node.dates:
            meeting = issue.meetings.get(uid)
            if meeting and meeting.confidence is not Confidence.HIGH:
                sentence = f"The record is not sure ({meeting.confidence.value} confidence): {node.said}"
                yield Finding("confidence", blocks=False, sentence=sentence, evidence=meeting.notes or "")


def issue_is_current(issue: Inspected) -> Iterator[Finding]:
    """Warn of each node that the record would be compiled to otherwise now."""
    advice = f"Compiling again takes it in: iscm newsletter compile {issue.tree.year}"
    for node in issue.outdated:
        if node.said is None:
            what = f"The record has something new since the issue was compiled: {node.now}"
        elif node.now is None:
            what = f"The record no longer has what the issue was compiled with: {node.said}"
        else:
            what = (
                "The record has changed since the issue was compiled. "
                f"It said: {node.said} It says now: {node.now}"
            )
        # Compiling keeps an editor's words, so the change reaches readers only when the editor takes it up.
        over = f" An editor wrote over it: {node.edited}" if node.edited is not None else ""
        yield Finding("outdated", blocks=False, sentence=f"{what}{over} {advice}", evidence=node.key)


def texts_are_fresh(issue: Inspected) -> Iterator[Finding]:
    """Warn of each editor's text whose source changed after it was written."""
    for node in issue.tree.told():
        if node.is_stale:
            sentence = f"The record changed after an editor wrote: {node.said}"
            yield Finding("stale", blocks=False, sentence=sentence, evidence=f"now: {node.text}")
