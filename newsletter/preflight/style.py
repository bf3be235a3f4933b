"""Rules that only warn: what a careful editor would look at once more."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from models import Confidence
from newsletter.preflight.finding import Finding, Inspected, InspectedEdition
from newsletter.preflight.linked import linked_addresses
from newsletter.preflight.places import line_of, node_of

HEAVY_PICTURE: Final = 150_000
"""Bytes of one picture above which it is told: a phone far from a city waits for it."""

HEAVY_PICTURES: Final = 300_000
"""Bytes of all pictures of a letter above which they are told."""

_SHORTENERS: Final = frozenset(
    ["bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rb.gy", "cutt.ly", "lnkd.in"]
)
_TRACKING: Final = re.compile(r"[?&](?:utm_\w+|fbclid|gclid|mc_[ce]id|mkt_tok|msclkid)=", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_SHOUTED_WORDS: Final = 4
_SHOUTED_LETTERS: Final = 4

_VAGUE: Final = re.compile(
    r"\bclick here\b|\bcliquez ici\b|\b(?:haga|haz|hacer) clic aquí\b|\b(?:pulse|pinche) aquí\b"
    r"|(?:اضغط|انقر|اضغطوا|انقروا)\s+هنا",
    re.IGNORECASE,
)
_CHARGED: Final = re.compile(
    r"\billegal(?:ly)?\s+(?:\w+\s+)?(?:migra|immigra)\w*"
    r"|\b(?:im)?migra(?:tions?|nte?s?)\s+(?:illégale?s?|illégaux|clandestine?s?)\b"
    r"|\b(?:in)?migra(?:ción|ciones|ntes?)\s+ilegal(?:es)?\b"
    r"|(?:الهجرة|هجرة)\s+(?:ال)?(?:غير\s+(?:ال)?(?:شرعية|قانونية)|سرية)"
    r"|(?:المهاجر\w*|مهاجر\w*)\s+غير\s+(?:ال)?(?:شرعي|قانوني)\w*",
    re.IGNORECASE,
)


def links_are_plain(edition: InspectedEdition) -> Iterator[Finding]:
    """Warn of links that are not https, are shortened, or carry tracking."""
    links = linked_addresses(edition.letter.html)
    groups = (
        (
            "https",
            "{} link(s) are not https.",
            [link for link in links if not link.startswith(("https:", "mailto:", "webcal:"))],
        ),
        (
            "shortener",
            "{} link(s) are shortened.",
            [link for link in links if urlsplit(link).hostname in _SHORTENERS],
        ),
        (
            "tracking",
            "{} link(s) come with tracking in them.",
            [link for link in links if _TRACKING.search(link)],
        ),
    )
    for rule, sentence, found in groups:
        if found:
            yield _warning(edition, rule, sentence.format(len(found)), found[0])


def words_are_chosen(edition: InspectedEdition) -> Iterator[Finding]:
    """Warn of "click here", of shouting, and of "illegal" where "irregular" is meant, in four languages."""
    content = f"{edition.letter.subject}\n{edition.letter.text}"
    vague, charged, shouted = _VAGUE.search(content), _CHARGED.search(content), _shouted(content)
    if vague:
        yield _warning(edition, "click_here", f"A link says “{vague[0]}”; say where it leads.", vague[0])
    if shouted:
        yield _warning(edition, "capitals", "A phrase is written in capitals.", shouted)
    if charged:
        yield _warning(
            edition, "irregular", "Write “irregular migration”, never “illegal”, in any language.", charged[0]
        )


def preheader_is_there(edition: InspectedEdition) -> Iterator[Finding]:
    """Warn when mailboxes would show nothing beside the subject."""
    if not edition.tree.preheader.said.strip():
        key = edition.tree.preheader.key
        yield Finding("preheader", blocks=False, sentence="There is no preheader.", node=key)


def pictures_are_light(edition: InspectedEdition) -> Iterator[Finding]:
    """Warn of heavy pictures: one by one, and together."""
    for name, size in edition.pictures.items():
        if size > HEAVY_PICTURE:
            sentence = f"A picture has {size:,} bytes, more than {HEAVY_PICTURE:,}."
            yield Finding("picture_weight", blocks=False, sentence=sentence, evidence=name, size=size)
    together = sum(edition.pictures.values())
    if together > HEAVY_PICTURES:
        sentence = f"The pictures have {together:,} bytes together, more than {HEAVY_PICTURES:,}."
        yield Finding("picture_weight", blocks=False, sentence=sentence, size=together)


def facts_are_sure(issue: Inspected) -> Iterator[Finding]:
    """Warn of each meeting told of which the record is not sure, with the reason it gives."""
    for node in issue.editions[0].tree.shown_meetings():
        for uid in node.dates:
            meeting = issue.meetings.get(uid)
            if meeting and meeting.confidence is not Confidence.HIGH:
                sentence = f"The record is not sure ({meeting.confidence.value} confidence): {node.said}"
                yield Finding(
                    "confidence", blocks=False, sentence=sentence, evidence=meeting.notes or "", node=node.key
                )


def issue_is_current(issue: Inspected) -> Iterator[Finding]:
    """Warn of each node that the record would be compiled to otherwise now."""
    advice = f"Compiling again takes it in: iscm newsletter compile {issue.year}"
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
        sentence = f"{what}{over} {advice}"
        yield Finding("outdated", blocks=False, sentence=sentence, node=node.key, edition=node.edition)


def texts_are_fresh(edition: InspectedEdition) -> Iterator[Finding]:
    """Warn of each editor's text whose source changed after it was written."""
    for node in edition.tree.told():
        if node.is_stale:
            yield Finding(
                "stale",
                blocks=False,
                sentence=f"The record changed after an editor wrote: {node.said}",
                evidence=f"now: {node.text}",
                node=node.key,
            )


def _warning(edition: InspectedEdition, rule: str, sentence: str, found: str) -> Finding:
    return Finding(
        rule,
        blocks=False,
        sentence=sentence,
        evidence=found,
        node=node_of(edition, found),
        line=line_of(edition, found),
    )


def _shouted(content: str) -> str:
    """Return the first run of four or more long words in capitals, in any alphabet that has them."""
    for line in content.splitlines():
        run: list[str] = []
        for word in (*_WORD.findall(line), ""):
            if len(word) >= _SHOUTED_LETTERS and word.isupper():
                run.append(word)
            elif len(run) >= _SHOUTED_WORDS:
                return " ".join(run)
            else:
                run = []
    return ""
