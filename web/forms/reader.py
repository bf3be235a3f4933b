"""In which language a reader is spoken to."""

from models import Subscriber
from templates.languages import ENGLISH
from web.surroundings import Surroundings


def readers_language(reader: Subscriber | None, *, around: Surroundings) -> str:
    """Return the language a reader chose; English for nobody we know, and for a language not offered."""
    if reader is None or reader.language not in around.site.languages:
        return ENGLISH
    return reader.language
