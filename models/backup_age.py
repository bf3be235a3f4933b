"""How old the newest backup is, by its file alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

LONGEST: Final = timedelta(hours=26)
"""How old the newest backup may be where one is made every night: a day, and two hours for a late one."""


def newest_backup(folder: Path) -> datetime | None:
    """Return when the newest backup in the folder was made, aware; None when there is none, or no folder.

    What is being written has a hidden name until it is whole.
    """
    try:
        newest = max((file.stat().st_mtime for file in folder.glob("[!.]*.tar.gz")), default=None)
    except OSError:
        return None
    return None if newest is None else datetime.fromtimestamp(newest, UTC)
