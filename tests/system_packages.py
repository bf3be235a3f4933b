"""What tests need of the system, and what happens where it is missing."""

import os
from typing import NoReturn

import pytest


def missing(what: str, *, target: str = "system-packages") -> NoReturn:
    """Skip the test and name the target of make that gets it; where CI=true, fail instead."""
    reason = f"{what} is missing; `make {target}` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
