"""The PDFs of an issue, one for each of its editions."""

from models import IssueRevision
from newsletter.contents import trees_of
from newsletter.pdf.paper import make_pdf
from newsletter.rendering import Imprint


def papers_of(revision: IssueRevision, imprint: Imprint) -> dict[str, bytes]:
    """Return the PDF of each edition by language; none where letters do not lead to them."""
    if not imprint.has_pdf:
        return {}
    return {language: make_pdf(tree, imprint) for language, tree in trees_of(revision).items()}
