"""The links between the pages of documentation."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_link_leads_to_a_file() -> None:
    """A page that is renamed takes its links along, and every decision is listed."""
    links = [
        (page, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not target.startswith(("http://", "https://"))
    ]
    assert len(links) > 10
    assert [(page.name, target) for page, target in links if not (page.parent / target).exists()] == []
    listed = {target for page, target in links if page == ROOT / "docs" / "decisions" / "README.md"}
    assert listed == {page.name for page in (ROOT / "docs" / "decisions").glob("*.md")} - {"README.md"}
