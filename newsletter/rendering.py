"""The forms of an issue: the letter as HTML and as text, and the page of the archive, all from one tree."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import css_inline

from newsletter.highlights import Highlights
from newsletter.markup import plain
from newsletter.message import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT
from newsletter.pages import site_in
from newsletter.pictures.nodes import Drawn
from newsletter.view import View, view_of
from templates.environment import FOLDER, render
from templates.hues import HUES

_TEMPLATES: Final = ("letter.html", "letter.css", "letter_media.css", "letter.txt", "web.html", "web.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What stands at the foot of every letter. base_url has no trailing slash.

    has_pdf says whether a PDF edition is made, so that the letter leads to it.
    """

    base_url: str
    postal_address: str
    has_pdf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One edition in its forms.

    html and text hold the marks of newsletter.message where a reader's links stand. html names pictures by
    their cid.
    """

    language: str
    subject: str
    html: str
    text: str
    web: str
    pictures: tuple[Drawn, ...] = ()


def render_letter(tree: Highlights, imprint: Imprint, *, full: Highlights | None = None) -> Letter:
    """Return the forms of an issue. full is the whole of which tree is the part that fits into a letter."""
    subject = plain(tree.subject)
    view = view_of(tree)
    values = {
        "view": view,
        "subject": subject,
        "pdf": pdf_address(tree) if imprint.has_pdf else "",
        "hues": HUES,
        "unsubscribe": f"{imprint.base_url}/u/{UNSUBSCRIBE_SLOT}",
        "preferences": f"{imprint.base_url}/p/{PREFERENCES_SLOT}",
        "postal_address": " ".join(imprint.postal_address.split()),
    }
    html = render("highlights/letter.html", language=tree.language, **values)
    text = render("highlights/letter.txt", language=tree.language, **values)
    return Letter(
        language=tree.language,
        subject=subject,
        html=_inliner().inline(html),
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        web=render_web(full or tree, imprint),
        pictures=tuple(_pictures(view)),
    )


def _pictures(view: View) -> Iterator[Drawn]:
    for block in (block for part in view.parts for block in part.blocks):
        if block.picture:
            yield block.picture.drawn
        if block.code:
            yield block.code


def render_web(tree: Highlights, imprint: Imprint) -> str:
    """Return the page of the archive: a whole HTML document that asks nothing of another file."""
    values = {
        "view": view_of(tree),
        "hues": HUES,
        "base_url": site_in(imprint.base_url, tree.language),
        "feed": f"{tree.address.rpartition('/')[0]}.atom",
        "pdf": pdf_address(tree) if imprint.has_pdf else "",
    }
    return render("highlights/web.html", language=tree.language, **values)


def pdf_address(tree: Highlights) -> str:
    """Return where the PDF of an edition is, for ever."""
    return f"{tree.address}.pdf"


@cache
def template_version() -> str:
    """Return the hash of the letter's templates: with other templates, the same tree is another letter."""
    digest = hashlib.sha256()
    for name in _TEMPLATES:
        digest.update((FOLDER / "highlights" / name).read_bytes())
    return digest.hexdigest()


@cache
def _inliner() -> css_inline.CSSInliner:
    """Return the tool that copies styles onto elements; it stays offline."""
    return css_inline.CSSInliner(minify_css=True, load_remote_stylesheets=False)
