"""The letters of an issue, one for each of its editions, as they are put on paper."""

from collections.abc import Iterator

from models import IssueRevision
from newsletter.contents import trees_of
from newsletter.fit import fitted_letter
from newsletter.rendering import Imprint, Letter


def letters_of(revision: IssueRevision, imprint: Imprint) -> Iterator[Letter]:
    """Yield what a revision says in each of its languages, English first, kept below the size of a letter."""
    for tree in trees_of(revision).values():
        yield fitted_letter(tree, imprint)
