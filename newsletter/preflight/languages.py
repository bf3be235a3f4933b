"""The rule that readers get the letter in the language they chose."""

from collections.abc import Iterator

from newsletter.highlights import Told
from newsletter.preflight.finding import Finding, Inspected, InspectedEdition
from templates.languages import ENGLISH

_SHOWN = 5


def languages_are_there(issue: Inspected) -> Iterator[Finding]:
    """Warn of a language that readers may choose and the issue is not in, and of texts left in English."""
    written = {edition.language for edition in issue.editions}
    for language in issue.languages:
        if language not in written:
            sentence = f"There is no edition in the language {language}; its readers get the English one."
            yield Finding("translation", blocks=False, sentence=sentence, evidence=language)
    for edition in issue.editions:
        if edition.language != ENGLISH:
            yield from _of_edition(edition)


def _of_edition(edition: InspectedEdition) -> Iterator[Finding]:
    left = [node.key for node in _shown(edition) if _is_left_in_english(node)]
    if left:
        keys = ", ".join(left[:_SHOWN]) + (", …" if len(left) > _SHOWN else "")
        sentence = f"{len(left)} text(s) of this edition stand in English, or hold words in English."
        yield Finding("translation", blocks=False, sentence=sentence, evidence=keys, edition=edition.language)


def _shown(edition: InspectedEdition) -> Iterator[Told]:
    tree = edition.tree
    yield from (tree.subject, tree.preheader)
    for section in tree.shown_sections():
        yield section.intro
        yield from (node for node in section.shown if isinstance(node, Told))


def _is_left_in_english(node: Told) -> bool:
    if node.edited is not None:
        return node.edited_in == ENGLISH
    return any(words.language == ENGLISH for words in node.foreign)
