"""The doctor's look at returned mails."""

from pathlib import Path

import pytest

from iscm.doctor.bounces import of_returned
from iscm.doctor.finding import Level

FOLDER = Path("/var/lib/iscm/returned")


@pytest.mark.parametrize(
    ("folder", "fault", "leaves", "expected"),
    [
        (None, None, False, Level.OK),
        (None, None, True, Level.WARNING),
        (FOLDER, None, True, Level.OK),
        (FOLDER, "It is no Maildir.", True, Level.PROBLEM),
        (FOLDER, "It is no Maildir.", False, Level.PROBLEM),
    ],
)
def test_returned_mails(folder: Path | None, fault: str | None, *, leaves: bool, expected: Level) -> None:
    """Where mail leaves somebody has to read what returns; a folder that was named must be usable."""
    finding = of_returned(folder=folder, fault=fault, waiting=3, leaves=leaves)
    assert finding.level is expected
    assert bool(finding.advice) == (expected is not Level.OK)
