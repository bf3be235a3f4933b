"""Tests whose needs are not met are told apart from tests that pass."""

import pytest

from tests.system_packages import missing


@pytest.mark.parametrize(
    ("variable", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_missing_package_names_the_way_to_get_it(
    variable: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a developer's machine it is a skip, in CI a failure; both name the make target."""
    monkeypatch.setenv("CI", variable)
    with pytest.raises(outcome, match=r"^PostgreSQL is missing; `make system-packages` installs it$"):
        missing("PostgreSQL")
