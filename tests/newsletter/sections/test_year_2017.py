"""The issue of 2017, compiled from the bundled registry, sentence by sentence."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Meeting
from models.database import Database
from newsletter.highlights import Figure, Heading, Highlights, Told
from tests.newsletter.issue_facts import an_issue_of_the_record

GOLDEN = Path(__file__).with_name("highlights_2017.txt")


def _told(tree: Highlights) -> str:
    """All that is shown, section by section, a line for each node."""
    lines: list[str] = []
    for section in tree.shown_sections():
        lines += ["", f"[{section.key}]"]
        for node in section.shown:
            match node:
                case Heading():
                    lines.append(f"# {node.text}")
                case Figure():
                    lines.append(f"{node.value} {node.label}")
                case Told():
                    lines.append(node.said)
    return "\n".join(lines[1:]) + "\n"


def test_2017_reads_as_the_highlights_of_2017(registry: Database) -> None:
    """Every mechanism that met, the one dormant today too, in one order; every section with content, no other."""  # noqa: E501 - a sentence stands whole
    with registry.reading() as session:
        tree = an_issue_of_the_record(session, 2017)

    assert _told(tree) == GOLDEN.read_text(encoding="utf-8")
    assert (tree.title, tree.subject.said, tree.preheader.said) == (
        "ISCM Highlights 2017",
        "ISCM Highlights 2017",
        "15 mechanisms and 23 meetings: what was adopted, endorsed and discussed in 2017.",
    )


def test_each_year_tells_each_meeting_once(sqlite_registry: Database) -> None:
    """No meeting of the record is missing from its year, none is told twice, whatever shares a sentence."""
    with sqlite_registry.reading() as session:
        for year in (1997, *range(2013, 2027)):
            tree = an_issue_of_the_record(session, year)
            told = [uid for node in tree.shown_meetings() if node.key.endswith("/told") for uid in node.dates]
            assert sorted(told) == sorted(_uids_of(session, year))


def _uids_of(session: Session, year: int) -> list[str]:
    return [
        row.uid for row in session.scalars(select(Meeting)) if row.when.first and row.when.first.year == year
    ]
