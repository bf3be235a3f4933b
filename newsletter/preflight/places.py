"""Where in an edition something stands: the node that says it, and its line in the text part."""

from newsletter.highlights import Told
from newsletter.markup import marked
from newsletter.preflight.finding import InspectedEdition


def node_of(edition: InspectedEdition, words: str) -> str:
    """Return the key of the first node that says these words or leads to this address; empty for none."""
    wanted = _flat(words)
    return next((node.key for node in edition.tree.told() if wanted in _said(node)), "")


def line_of(edition: InspectedEdition, words: str) -> int | None:
    """Return the first line of the text part with these words, from 1; None where it has none.

    Of words that are broken over several lines it is the line of the first two.
    """
    wanted = _flat(words)
    beginning = " ".join(wanted.split()[:2])
    lines = [_flat(line) for line in edition.letter.text.splitlines()]
    for sought in dict.fromkeys((wanted, beginning)):
        for number, line in enumerate(lines, start=1):
            if sought and sought in line:
                return number
    return None


def _said(node: Told) -> str:
    words = marked(node)
    return _flat(" ".join((node.said, words.text, *words.addresses)))


def _flat(words: str) -> str:
    return " ".join(words.split()).casefold()
