"""Whatever is typed is answered, if only with suggestions."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Database
from models.search import nearest_names, search, single_words


@pytest.mark.parametrize(
    "query",
    [
        "", " ", "\x00", "'", '"', '""', "%", "_", "\\", "*", "a*", "^a", "-a", "NOT", "AND", "NEAR(a b)",
        "title:a", "OR", "{a b}:c", "a & b | !c", "a:*", "a <-> b", "'); DROP TABLE meetings; --", "¶mig",
        "\ud800", "\ufdfa", "ﷺ" * 500, "ß" * 600, "x" * 10_000, "a b " * 2_500, '"' * 10_000, "\u0301" * 100,
        "🙂 👨‍👩‍👧", "\u202emidsa", "１２３", "½",
    ],
)  # fmt: skip
def test_any_question_is_answered(registry: Database, query: str) -> None:
    """No sign is a command and no length an error, on either database."""
    with registry.reading() as session:
        found = search(session, query)
        assert found.total >= len(found.finds)
        assert isinstance(nearest_names(session, query), tuple)
        assert isinstance(single_words(session, query), dict)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
def test_any_text_is_a_question(registry: Database, query: str) -> None:
    """Whatever is typed, the finds are no more than are counted, and each holds what was asked for."""
    with registry.reading() as session:
        found = search(session, query, limit=10)
        assert len(found.finds) == min(10, found.total)


def test_empty_answer_has_suggestions(registry: Database) -> None:
    """The nearest names, and the words that find something alone."""
    with registry.reading() as session:
        assert nearest_names(session, "pueblo")[0] == "Puebla Process"
        assert nearest_names(session, "budapesst proces")[0] == "Budapest Process"
        assert nearest_names(session, "xyzzy") == ()
        words = single_words(session, "midsa xyzzy lima")
    assert list(words) == ["midsa", "lima"]
    assert all(number > 0 for number in words.values())
