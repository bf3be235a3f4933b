"""The page for editors of pages names every block there is."""

import re
from pathlib import Path

from models.page import Block

PAGE = Path(__file__).parents[2] / "docs" / "pages.md"


def test_every_block_is_explained() -> None:
    """The table has one row for each block, in the program's order, and none for what is none."""
    table = PAGE.read_text(encoding="utf-8").partition("<!-- blocks -->")[2]
    assert re.findall(r"^\| `\[\[([a-z-]+)", table, re.MULTILINE) == list(Block)
