"""The Jinja environment."""

import jinja2
import pytest

from templates.environment import environment


def test_environment_escapes_pages_and_strings() -> None:
    """What a record says can never become markup."""
    assert environment().from_string("{{ title }}").render(title="<b>&") == "&lt;b&gt;&amp;"


def test_environment_refuses_an_unknown_name() -> None:
    """A misspelt name is an error in the template, never an empty place on the page."""
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ titel }}").render(title="x")


def test_environment_marks_sentences_and_gives_english() -> None:
    """Sentences pass through the catalogue; a language without one gets English."""
    line = "{{ _('Leave the list') }} {% trans n=2 %}{{ n }} days{% endtrans %} {{ direction }}"
    assert [environment(code).from_string(line).render() for code in ("en", "ar")] == [
        "Leave the list 2 days ltr",
        "Leave the list 2 days rtl",
    ]
