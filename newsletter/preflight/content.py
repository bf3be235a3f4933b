"""Rules on what an edition says and how it is built."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Final

from newsletter.fit import LARGEST
from newsletter.highlights import REQUIRED_SECTIONS
from newsletter.message import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT
from newsletter.preflight.finding import Finding, InspectedEdition
from newsletter.preflight.places import line_of, node_of
from newsletter.preflight.words import words_of_html, words_of_text

LARGE: Final = 90 * 1024
"""Bytes of HTML above which a letter is close to what mail programs cut off."""

_UNRESOLVED: Final = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|%\([a-z_]+\)s|\$\{\w+\}|[A-Z]+~[A-Z~]+~SLOT"
)


def subject_is_there(edition: InspectedEdition) -> Iterator[Finding]:
    """Find an empty subject."""
    if not edition.letter.subject.strip():
        sentence = "There is no subject. Write one with: iscm newsletter edit"
        yield Finding("subject", blocks=True, sentence=sentence, node=edition.tree.subject.key)


def sections_are_filled(edition: InspectedEdition) -> Iterator[Finding]:
    """Find a required section that is empty or switched off."""
    shown = {section.key for section in edition.tree.shown_sections()}
    for section in edition.tree.sections:
        if section.key in REQUIRED_SECTIONS - shown:
            state = "switched off" if not section.is_on else "empty"
            sentence = f"The section “{section.heading}” is {state}."
            yield Finding("section", blocks=True, sentence=sentence, node=section.key)


def nothing_is_unresolved(edition: InspectedEdition) -> Iterator[Finding]:
    """Find a slot or variable that nothing fills in."""
    for part, content in (
        ("subject", edition.letter.subject),
        ("HTML", edition.letter.html),
        ("text", edition.letter.text),
    ):
        for found in dict.fromkeys(_UNRESOLVED.findall(_visible(content))):
            if part == "subject" or found not in {UNSUBSCRIBE_SLOT, PREFERENCES_SLOT}:
                yield Finding(
                    "unresolved",
                    blocks=True,
                    sentence=f"The {part} has a place that nothing fills in.",
                    evidence=found,
                    node=node_of(edition, found),
                    line=line_of(edition, found),
                )


def parts_are_equal(edition: InspectedEdition) -> Iterator[Finding]:
    """Find a text part that is missing or says something else than the HTML."""
    html, text = words_of_html(edition.letter.html), words_of_text(edition.letter.text)
    if not text:
        yield Finding("text", blocks=True, sentence="The text part is missing.")
    elif html != text:
        place = next(
            (i for i, pair in enumerate(zip(html, text, strict=False)) if pair[0] != pair[1]),
            min(len(html), len(text)),
        )
        in_html, in_text = (" ".join(words[place : place + 6]) for words in (html, text))
        yield Finding(
            "text",
            blocks=True,
            sentence="Text part and HTML say different things.",
            evidence=f"HTML “{in_html}”, text “{in_text}”",
            line=line_of(edition, in_text) or line_of(edition, " ".join(text[max(0, place - 3) : place])),
        )


def size_is_kept(edition: InspectedEdition) -> Iterator[Finding]:
    """Find HTML that mail programs would cut off, or that is close to it."""
    size = len(edition.letter.html.encode())
    if size > LARGEST:
        sentence = f"The HTML has {size:,} bytes; above {LARGEST:,} Gmail cuts it off. Shorten the texts."
        yield Finding("size", blocks=True, sentence=sentence, size=size)
    elif size > LARGE:
        sentence = f"The HTML has {size:,} bytes, close to the {LARGEST:,} at which Gmail cuts it off."
        yield Finding("size", blocks=False, sentence=sentence, size=size)


class _Frame(HTMLParser):
    """Looks at language and direction of the document, texts of pictures, and the order of headings."""

    def __init__(self) -> None:
        super().__init__()
        self.root: dict[str, str | None] = {}
        self.without_alt: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self._is_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "html":
            self.root = facts
        if tag == "img" and facts.get("alt") is None:
            self.without_alt.append(facts.get("src") or "a picture without an address")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
            self._is_heading = True

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self._is_heading = False

    def handle_data(self, data: str) -> None:
        if self._is_heading:
            level, words = self.headings[-1]
            self.headings[-1] = (level, words + data)


def frame_is_whole(edition: InspectedEdition) -> Iterator[Finding]:
    """Find missing lang, dir or alt, and headings that are skipped."""
    frame = _Frame()
    frame.feed(edition.letter.html)
    frame.close()
    for name in ("lang", "dir"):
        if not frame.root.get(name):
            yield Finding(name, blocks=True, sentence=f"The HTML does not say its {name}.")
    for picture in frame.without_alt:
        sentence = "A picture has no alternative text."
        yield Finding("alt", blocks=True, sentence=sentence, evidence=picture[:200])
    yield from _of_headings(edition, frame.headings)


def _of_headings(edition: InspectedEdition, headings: list[tuple[int, str]]) -> Iterator[Finding]:
    levels = [level for level, _ in headings]
    if levels.count(1) != 1 or levels[0] != 1:
        sentence = "There is not exactly one heading of the first level, at the beginning."
        yield Finding("headings", blocks=False, sentence=sentence, evidence=f"{levels.count(1)} of them")
    for (above, _), (below, words) in pairwise(headings):
        if below > above + 1:
            yield Finding(
                "headings",
                blocks=False,
                sentence=f"A heading of level {below} follows one of level {above}.",
                evidence=words.strip(),
                line=line_of(edition, words),
            )


def leaving_is_offered(edition: InspectedEdition) -> Iterator[Finding]:
    """Find a part without the link to leave."""
    for part, content in (("HTML", edition.letter.html), ("text", edition.letter.text)):
        if f"/u/{UNSUBSCRIBE_SLOT}" not in content:
            yield Finding("unsubscribe", blocks=True, sentence=f"The {part} has no link to unsubscribe.")


def _visible(content: str) -> str:
    """Drop style rules, whose braces are no variables."""
    return re.sub(r"<style>.*?</style>", "", content, flags=re.DOTALL)
