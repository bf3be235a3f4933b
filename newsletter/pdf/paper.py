"""Set an edition as PDF: tagged for screen readers (PDF/UA-1), the same bytes for the same tree."""

import json
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from markupsafe import Markup

from models.refusal import Refusal
from newsletter.highlights import Highlights
from newsletter.pdf.words import pieces_of
from newsletter.pictures.letters import FONTS
from newsletter.rendering import Imprint
from newsletter.view import Block, Part, view_of
from templates.environment import FOLDER
from templates.hues import HUES
from templates.languages import catalogue, direction

_TEMPLATE: Final = FOLDER / "highlights" / "paper.typ"


NOT_INSTALLED: Final = (
    "The PDF edition is set by Typst, which is not installed here. "
    'Install it (the extra pdf) with: pip install "typst>=0.15,<0.16"'
)


class NoTypst(Refusal):
    """What sets the PDF edition is not installed."""


@cache
def has_typst() -> bool:
    """Say whether PDF editions can be made here."""
    return find_spec("typst") is not None


def make_pdf(tree: Highlights, imprint: Imprint) -> bytes:
    """Return the whole edition as PDF. Raises NoTypst where the extra `pdf` is not installed."""
    if not has_typst():
        raise NoTypst(NOT_INSTALLED)
    import typst  # noqa: PLC0415 - the extra pdf may be missing, and it is slow to load

    return typst.compile(
        _TEMPLATE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"issue": json.dumps(_issue(tree, imprint), ensure_ascii=False)},
        pdf_standards="ua-1",
    )


def _issue(tree: Highlights, imprint: Imprint) -> dict[str, Any]:
    view = view_of(tree)
    _ = catalogue(tree.language).gettext
    return {
        "title": view.title,
        "subtitle": _("Inter-State consultation mechanisms on migration"),
        "language": view.language,
        "is_rtl": direction(view.language) == "rtl",
        "intro": view.preheader,
        "address": view.address,
        "here": _("Read this issue on the web"),
        "postal_address": " ".join(imprint.postal_address.split()),
        "parts": [_part(part) for part in view.parts],
        "notes": [pieces_of(note.html) for note in view.notes],
        "hues": {
            type_: {"ink": hue.ink, "wash": hue.wash, "bar": hue.calendar} for type_, hue in HUES.items()
        },
    }


def _plain(words: str) -> str:
    """Return words without marks of HTML: Typst sorts out by itself which way each of them runs."""
    return words.striptags() if isinstance(words, Markup) else words


def _part(part: Part) -> dict[str, Any]:
    return {"heading": _plain(part.heading), "blocks": [_block(block) for block in part.blocks]}


def _block(block: Block) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "kind": block.kind,
        "level": getattr(block, "level", 3) or 3,
        "said": pieces_of(str(block.html)),
        "name": _plain(block.name),
        "label": _plain(block.label),
        "type": block.type,
        "address": block.address,
        "notice": block.notice,
        "figures": [{"value": str(one.value), "label": one.label} for one in block.figures],
    }
    if block.tile:
        plain["tile"] = {"days": block.tile.days, "month": block.tile.month, "year": block.tile.year}
    if block.code:
        plain["code"] = {"svg": str(block.code.svg), "alt": block.alt}
    if block.picture:
        plain["picture"] = {
            "svg": str(block.picture.drawn.svg),
            "alt": block.picture.alt,
            "title": block.picture.title,
            "note": block.picture.note,
            "columns": list(block.picture.columns),
            "rows": [list(row) for row in block.picture.rows],
        }
    return plain
