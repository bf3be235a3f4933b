"""The key behind the links of letters, made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

NAME = "secret_key"


def kept_secret_key(folder: Path) -> str:
    """The key in `folder`, made on the first call: 64 hexadecimal digits, readable by the owner alone.

    Two processes that start together end with the same key: it is written whole beside its place and linked
    there, and a link fails where the other one was quicker. Raises OSError.
    """
    place = folder / NAME
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{NAME}.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            place.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return place.read_text(encoding="ascii").strip()
