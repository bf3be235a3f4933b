"""Refusals: an English sentence for commands, the same in the reader's language on a page."""

import pickle

from models import Refusal
from newsletter.addressing import BadAddress

SENTENCE = '"%(text)s" is too long for an address.'


def test_refusal_is_said_in_a_language_with_its_values() -> None:
    """In Arabic what was typed is kept apart, so that it does not drag the sentence along."""
    refusal = BadAddress(SENTENCE, text="50%(x)s@example.org")
    assert str(refusal) == '"50%(x)s@example.org" is too long for an address.'
    assert refusal.in_language("en") == str(refusal)
    assert refusal.in_language("es") == "“50%(x)s@example.org” es demasiado largo para una dirección."
    assert refusal.in_language("ar") == "«\u206850%(x)s@example.org\u2069» أطول من أن يكون عنوان بريد."


def test_refusal_that_is_in_no_catalogue_stays_english() -> None:
    """Percent signs and all; one without a sentence has none in any language, and no catalogue's head."""
    assert Refusal("100% of it").in_language("fr") == str(Refusal("100% of it")) == "100% of it"
    assert (str(Refusal()), Refusal().in_language("fr")) == ("", "")


def test_refusal_is_the_same_after_pickling() -> None:
    """Between processes the sentence and its values stay together."""
    again = pickle.loads(pickle.dumps(BadAddress(SENTENCE, text="a")))  # noqa: S301 - made here
    assert (str(again), again.in_language("es")) == (
        '"a" is too long for an address.',
        "“a” es demasiado largo para una dirección.",
    )
