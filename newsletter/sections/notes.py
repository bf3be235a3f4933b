"""Footnotes that the names of some places require."""

from collections.abc import Sequence

from newsletter.highlights import Paragraph, Section, Told
from newsletter.sections.desk import Desk
from templates.countries import territory_note


def name_notes(desk: Desk, sections: Sequence[Section]) -> tuple[Paragraph, ...]:
    """Return the note of each place named in the sections whose name must not stand without one."""
    texts = [node.text for section in sections for node in section.nodes if isinstance(node, Told)]
    notes = []
    for code, name in desk.countries.items():
        note = territory_note(code, language=desk.language)
        if note and any(name in text for text in texts):
            notes.append(Paragraph(key=f"note/{code}", text=note))
    return tuple(notes)
