"""What tests need of the system, and what happens where it is missing."""

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test and say how to get it; where everything must be there (CI=true), fail instead."""
    reason = f"{what} is missing; `make system-packages` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
