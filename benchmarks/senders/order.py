"""What a sender is told on its command line, and how it tells what it took."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Order:
    """So many letters of so many bytes, over so many connections to a port; files go into the folder."""

    port: int
    letters: int
    connections: int
    size: int
    folder: Path

    @classmethod
    def given(cls) -> "Order":
        """Read the command line."""
        port, letters, connections, size, folder = sys.argv[1:]
        return cls(int(port), int(letters), int(connections), int(size), Path(folder))

    @property
    def text(self) -> str:
        """The letter's text: lines of 70 letters, of the size asked for."""
        return ("x" * 70 + "\r\n") * (self.size // 72)


def told(seconds: float) -> None:
    """Print the seconds as the last line of JSON."""
    sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")
