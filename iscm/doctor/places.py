"""What is kept on disk: the data folder, its room, the secret key, the backups."""

import stat
from datetime import datetime
from pathlib import Path
from typing import Final

from iscm.doctor.finding import Finding, ok, problem, warning
from models.backup_age import LONGEST

LITTLE_ROOM: Final = 1024**3
"""Bytes of free disk below which a warning is due."""

NO_ROOM: Final = 100 * 1024**2
"""Bytes of free disk below which it is a problem."""


def of_folder(folder: Path, *, fault: str | None) -> Finding:
    """Whether the service may write in its folder; `fault` is what the system said when it was tried."""
    if fault is None:
        return ok("data folder", f"{folder} can be written.")
    return problem(
        "data folder", f"{folder} cannot be written: {fault}.", "Let the user of the service write there."
    )


def of_disk(free: int) -> Finding:
    """Whether there is room; `free` is in bytes."""
    found = f"{_size(free)} free on the disk of the data folder."
    advice = "Make room, or move the data folder to a larger disk."
    if free < NO_ROOM:
        return problem("disk", found, advice)
    return warning("disk", found, advice) if free < LITTLE_ROOM else ok("disk", found)


def of_secret_key(file: Path, *, mode: int | None) -> Finding:
    """Whether others can read the secret key; `mode` is its file's, None where a setting gives the key."""
    if mode is None:
        return ok("secret key", "It is given by ISCM_SECRET_KEY.")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        whose = "everybody on this machine" if mode & stat.S_IRWXO else "its group"
        return problem(
            "secret key",
            f"{file} is open to {whose} (mode {stat.S_IMODE(mode):03o}).",
            f"Whoever reads it can take readers off the list. Run: chmod 600 {file}",
        )
    return ok("secret key", f"{file} is readable by its owner alone.")


def of_backups(folder: Path, *, newest: datetime | None, now: datetime) -> Finding:
    """Whether a backup of the last night is there; `newest` is when the newest was made."""
    advice = "One is made every night while iscm serve runs. Make one now with: iscm database backup FILE"
    if newest is None:
        return warning("backups", f"There is no backup in {folder}.", advice)
    hours = int((now - newest).total_seconds() // 3600)
    found = f"The newest is {hours} hours old ({newest:%Y-%m-%d %H:%M} UTC)."
    return warning("backups", found, advice) if now - newest > LONGEST else ok("backups", found)


def of_publish_dir(folder: Path, *, fault: str | None, behind: int) -> Finding:
    """Whether feeds are there as files; `fault` says why not, `behind` counts files that are not current."""
    advice = "Let the user of the service write there, then see: iscm feeds publish DIR"
    if fault is not None:
        return problem("publish dir", fault, advice)
    if behind:
        found = f"{behind} files in {folder} are not those of the record."
        return warning(
            "publish dir", found, "They are written while iscm serve runs, or by: iscm feeds publish"
        )
    return ok("publish dir", f"Every feed stands in {folder} as it is served.")


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"
