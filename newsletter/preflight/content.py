"""Rules on what the letter says and how it is built."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from newsletter.fit import LARGEST
from newsletter.highlights import REQUIRED_SECTIONS
from newsletter.message import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT
from newsletter.preflight.finding import Finding, Inspected
from newsletter.preflight.words import words_of_html, words_of_text

_UNRESOLVED: Final = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|%\([a-z_]+\)s|\$\{\w+\}|[A-Z]+~[A-Z~]+~SLOT"
)


def subject_is_there(issue: Inspected) -> Iterator[Finding]:
    """Find an empty subject."""
    if not issue.letter.subject.strip():
        yield Finding(
            "subject", blocks=True, sentence="There is no subject. Write one with: iscm newsletter edit"
        )


def sections_are_filled(issue: Inspected) -> Iterator[Finding]:
    """Find a required section that is empty or switched off."""
    shown = {section.key for section in issue.tree.shown_sections() if section.shown}
    for section in issue.tree.sections:
        if section.key in REQUIRED_SECTIONS - shown:
            state = "switched off" if not section.is_on else "empty"
            yield Finding("section", blocks=True, sentence=f"The section “{section.heading}” is {state}.")


def nothing_is_unresolved(issue: Inspected) -> Iterator[Finding]:
    """Find a slot or variable that nothing fills in."""
    for part, content in (
        ("subject", issue.letter.subject),
        ("HTML", issue.letter.html),
        ("text", issue.letter.text),
    ):
        for found in dict.fromkeys(_UNRESOLVED.findall(_visible(content))):
            if part == "subject" or found not in {UNSUBSCRIBE_SLOT, PREFERENCES_SLOT}:
                yield Finding(
                    "unresolved",
                    blocks=True,
                    sentence=f"The {part} has a place that nothing fills in.",
                    evidence=found,
                )


def parts_are_equal(issue: Inspected) -> Iterator[Finding]:
    """Find a text part that is missing or says something else than the HTML."""
    html, text = words_of_html(issue.letter.html), words_of_text(issue.letter.text)
    if not text:
        yield Finding("text", blocks=True, sentence="The text part is missing.")
    elif html != text:
        place = next(
            (i for i, pair in enumerate(zip(html, text, strict=False)) if pair[0] != pair[1]),
            min(len(html), len(text)),
        )
        around = f"HTML “{' '.join(html[place : place + 6])}”, text “{' '.join(text[place : place + 6])}”"
        yield Finding(
            "text", blocks=True, sentence="Text part and HTML say different things.", evidence=around
        )


def size_is_kept(issue: Inspected) -> Iterator[Finding]:
    """Find HTML that mail programs would cut off, or that is close to it."""
    size = len(issue.letter.html.encode())
    if size > LARGEST:
        sentence = f"The HTML has {size:,} bytes; above {LARGEST:,} Gmail cuts it off. Shorten the texts."
        yield Finding("size", blocks=True, sentence=sentence)
    elif size > 90 * 1024:
        sentence = f"The HTML has {size:,} bytes, close to the {LARGEST:,} at which Gmail cuts it off."
        yield Finding("size", blocks=False, sentence=sentence)


class _Frame(HTMLParser):
    """Looks at language and direction of the document, texts of pictures, and the order of headings."""

    def __init__(self) -> None:
        super().__init__()
        self.root: dict[str, str | None] = {}
        self.without_alt = 0
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "html":
            self.root = facts
        if tag == "img" and "alt" not in facts:
            self.without_alt += 1
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))


def frame_is_whole(issue: Inspected) -> Iterator[Finding]:
    """Find missing lang, dir or alt, and headings that are skipped."""
    frame = _Frame()
    frame.feed(issue.letter.html)
    frame.close()
    for name in ("lang", "dir"):
        if not frame.root.get(name):
            yield Finding(name, blocks=True, sentence=f"The HTML does not say its {name}.")
    if frame.without_alt:
        yield Finding(
            "alt", blocks=True, sentence=f"{frame.without_alt} picture(s) have no alternative text."
        )
    skips = any(later > earlier + 1 for earlier, later in zip(frame.levels, frame.levels[1:], strict=False))
    if skips or frame.levels.count(1) != 1:
        yield Finding(
            "headings", blocks=False, sentence="The headings skip a level, or there is not exactly one first."
        )


def leaving_is_offered(issue: Inspected) -> Iterator[Finding]:
    """Find a part without the link to leave."""
    for part, content in (("HTML", issue.letter.html), ("text", issue.letter.text)):
        if f"/u/{UNSUBSCRIBE_SLOT}" not in content:
            yield Finding("unsubscribe", blocks=True, sentence=f"The {part} has no link to unsubscribe.")


def _visible(content: str) -> str:
    """Drop style rules, whose braces are no variables."""
    return re.sub(r"<style>.*?</style>", "", content, flags=re.DOTALL)
